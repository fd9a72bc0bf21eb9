/** Lists, filters and searches over a large estate: each question asked several times, in turn. */
import {
  type Actor,
  listPipelineResults,
  listRegistryResults,
  listRuntimeResults,
  packageReach,
  type Services,
  type Store,
  searchAll,
  searchAssets,
  searchPackages,
  searchVulnerabilities,
  theServer,
  vulnerabilityReach,
} from "@plimsoll/platform";
import { fromShare } from "./timing.ts";

/** Names of the estate that a question is about. */
interface Subjects {
  /** Flaws that one image in twenty, and nearly every one, has. */
  readonly coldFlaw: string;
  readonly hotFlaw: string;
  readonly hotPackage: string;
  readonly coldPackage: string;
  readonly team: number;
}

interface Question {
  readonly name: string;
  /** Most ms at p95. */
  readonly ceiling: number;
  readonly ask: (services: Needed) => Promise<unknown>;
}

type Needed = Pick<Services, "db" | "knowledge">;

/** What asks without knowledge at hand: no flaw has another name. */
function servicesOf({ db }: Store): Needed {
  const base = { group: (name: string) => ({ name, aliases: [] }) };
  return { db, knowledge: { current: () => ({ base, seq: 0 }) } } as unknown as Needed;
}

/** Flaws and packages by how many places have them. */
async function subjectsOf({ pool }: Store): Promise<Subjects> {
  const flaws = await pool.query<{ name: string; places: number }>(
    `select v.name, count(*) as places from component_match m join vulnerability v on v.id = m.vulnerability_id
     join package_set_edge e on e.component_id = m.component_id join set_ancestor a on a.ancestor_id = e.set_id
     where m.valid_to = 2147483647 group by v.name order by places desc`,
  );
  const packages = await pool.query<{ name: string }>(
    `select c.name from component c join package_set_edge e on e.component_id = c.id
     where c.id % 7 = 0 group by c.name order by count(*) desc limit 3000`,
  );
  const at = (rows: readonly { readonly name: string }[], share: number) =>
    rows[Math.floor(rows.length * share)]?.name ?? "";
  const team = await pool.query<{ team: number }>(
    "select team_id as team from asset group by 1 order by count(*) limit 1",
  );
  return {
    hotFlaw: at(flaws.rows, 0.001),
    coldFlaw: at(flaws.rows, 0.3),
    hotPackage: at(packages.rows, 0),
    coldPackage: at(packages.rows, 0.9),
    team: team.rows[0]?.team ?? 1,
  };
}

/** Asks everything `rounds` times and says how long it took; false when something took longer than it may. */
export async function measureLists(store: Store, rounds: number): Promise<boolean> {
  const subjects = await subjectsOf(store);
  console.log(`lists and searches over: ${JSON.stringify(subjects)}`);
  const services = servicesOf(store);
  const questions = questionsOf(subjects);
  const waits = new Map<string, number[]>(questions.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, ask } of questions) {
      const started = performance.now();
      await ask(services);
      // The first round fills caches.
      if (round > 0) waits.get(name)?.push(performance.now() - started);
    }
  }
  let isFine = true;
  for (const { name, ceiling } of questions) {
    const all = waits.get(name) ?? [];
    const p95 = fromShare(all, 95);
    isFine &&= p95 <= ceiling;
    const mark = p95 <= ceiling ? "" : `  over ${ceiling}`;
    console.log(`  ${name}: ${fromShare(all, 0)} at best, median ${fromShare(all, 50)}, p95 ${p95} ms${mark}`);
  }
  return isFine;
}

const live = { limit: 50, sort: "risk", order: "desc" } as const;

function questionsOf(subjects: Subjects): Question[] {
  const member: Actor = { ...theServer, isAdmin: false, team: subjects.team };
  return [...listsOf(subjects, member), ...searchesOf(subjects, member), ...reachesOf(subjects)];
}

function listsOf({ coldFlaw }: Subjects, member: Actor): Question[] {
  const list = (name: string, filter: string, as: Actor = theServer): Question => ({
    name,
    ceiling: 100,
    ask: (services) => listRegistryResults(services, as, { ...live, filter }),
  });
  return [
    list("registries by risk", ""),
    list("registries by risk, one team", "", member),
    { name: "registries by risk, far down", ceiling: 100, ask: (services) => deep(services) },
    ...(["vulnTotalBySeverity", "name", "createdAt"] as const).map(
      (sort): Question => ({
        name: `registries by ${sort}, upwards`,
        ceiling: 100,
        ask: (services) => listRegistryResults(services, theServer, { ...live, sort, order: "asc" }),
      }),
    ),
    ...(["createdAt", "risk", "vulnTotalBySeverity", "name"] as const).map(
      (sort): Question => ({
        name: `pipelines by ${sort}`,
        ceiling: 100,
        ask: (services) => listPipelineResults(services, theServer, { limit: 50, sort, order: "desc" }),
      }),
    ),
    {
      name: "workloads of a namespace",
      ceiling: 100,
      ask: (services) =>
        listRuntimeResults(services, theServer, {
          ...live,
          filter: 'kubernetes.cluster.name = "c7" and kubernetes.namespace.name = "ns17"',
        }),
    },
    list("a registry", 'registry.name = "r2.example"'),
    list("a repository", 'repository.name = "team-17/app-17"'),
    list("failed, with a fix and an exploit", 'policyStatus = "failed" and hasFix = true and hasExploit = true'),
    list("nothing critical", 'severity != "critical"'),
    list("part of a name", 'freeText in ("app-9999")'),
    list("a tag", 'tag = "1.3"'),
    list("no such name", 'name startsWith "nobody"'),
    list("a flaw in a list", `vulnerability = "${coldFlaw}"`),
  ];
}

function searchesOf({ coldFlaw, hotFlaw, hotPackage, coldPackage }: Subjects, member: Actor): Question[] {
  const search = (name: string, filter: string, as: Actor = theServer): Question => ({
    name,
    ceiling: 300,
    ask: (services) => searchAssets(services, as, { ...live, filter }),
  });
  const box = (text: string, as: Actor = theServer): Question => ({
    name: `search box ${text}${as.team === null ? "" : ", one team"}`,
    ceiling: 300,
    ask: (services) => searchAll(services, as, { text, limit: 5 }),
  });
  return [
    search("assets with a rare flaw", `vulnerability = "${coldFlaw}"`),
    search("assets with a flaw that is everywhere", `vulnerability = "${hotFlaw}"`),
    search("the same, one team", `vulnerability = "${hotFlaw}"`, member),
    search("assets with a package that is everywhere", `package = "${hotPackage}"`),
    search("assets with a rare package", `package = "${coldPackage}"`),
    search("assets with a package by its beginning", `package startsWith "${coldPackage.slice(0, -1)}"`),
    box("CVE-2014-1"),
    box(hotPackage),
    box("npm-lib-1"),
    box("app-123"),
    box("no such thing"),
    box("CVE-2014-1", member),
    box("npm-lib-1", member),
    {
      name: "vulnerabilities by their beginning",
      ceiling: 300,
      ask: (services) => searchVulnerabilities(services, theServer, { text: "CVE-201", limit: 50 }),
    },
    {
      name: "packages by their beginning",
      ceiling: 300,
      ask: (services) => searchPackages(services, theServer, { text: "debian:12-pkg-1", limit: 50 }),
    },
  ];
}

function reachesOf({ coldFlaw, hotFlaw, hotPackage }: Subjects): Question[] {
  return [
    {
      name: "blast radius of a rare flaw",
      ceiling: 2000,
      ask: (services) => vulnerabilityReach(services, theServer, coldFlaw),
    },
    {
      name: "blast radius of a flaw that is everywhere",
      ceiling: 2000,
      ask: (services) => vulnerabilityReach(services, theServer, hotFlaw),
    },
    {
      name: "blast radius of a package that is everywhere",
      ceiling: 2000,
      ask: (services) => packageReach(services, theServer, hotPackage),
    },
  ];
}

/** The tenth page, by cursors: only that one's time is asked for, but those before cost as much. */
async function deep(services: Needed): Promise<void> {
  let cursor: string | undefined = deepest.get(services);
  if (cursor === undefined) {
    for (let page = 0; page < 30; page++) {
      const { next } = await listRegistryResults(services, theServer, {
        limit: 1000,
        sort: "risk",
        order: "desc",
        cursor,
      });
      cursor = next ?? undefined;
    }
    if (cursor !== undefined) deepest.set(services, cursor);
  }
  await listRegistryResults(services, theServer, { limit: 50, sort: "risk", order: "desc", cursor }).catch(
    () => undefined,
  );
}

const deepest = new WeakMap<Needed, string>();
