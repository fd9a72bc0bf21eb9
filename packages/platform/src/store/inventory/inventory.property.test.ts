import { randomUUID } from "node:crypto";
import type { InventoryContents } from "@plimsoll/contract";
import { isPresent, type Sbom } from "@plimsoll/model";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { theServer } from "../../identity/actor.ts";
import { findInUse } from "../../services/inventory/find-in-use.ts";
import { takeSnapshot } from "../../services/inventory/take-snapshot.ts";
import { findingsOf, type Known, type LayerRecipe, reportOf, sbomOf } from "../../testing/estate.ts";
import { servers } from "../../testing/test-store.ts";
import { ingest } from "../ingest/ingest.ts";
import { rematch } from "../knowledge/rematch.ts";
import type { Store } from "../open-store.ts";

let store: Store;

const packages = ["a@1", "a@2", "b@1", "c@1", "d@1"] as const;
const somePackages = fc.array(fc.constantFrom(...packages), { maxLength: 4 });
const layer = fc.record({ adds: somePackages, removes: somePackages });
/** Images that there are: scanned or not, they run. */
const images = fc.array(fc.array(layer, { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 3 });
const flaw = fc.record({
  vulnerability: fc.constantFrom("CVE-1", "CVE-2", "CVE-3"),
  severity: fc.constantFrom("critical", "high", "medium", "low", "negligible", "unknown"),
  fixable: fc.boolean(),
  exploited: fc.boolean(),
});
const flaws = fc.uniqueArray(flaw, { maxLength: 3, selector: ({ vulnerability }) => vulnerability });
const known = fc.dictionary(fc.constantFrom(...packages), flaws).map((found): Known => new Map(Object.entries(found)));
const workload = fc.record({
  name: fc.constantFrom("w1", "w2", "w3", "w4"),
  image: fc.nat(2),
  loaded: fc.option(somePackages, { nil: undefined }),
});
const step = fc.oneof(
  fc.record({
    do: fc.constant("snapshot"),
    source: fc.constantFrom("s1", "s2"),
    complete: fc.boolean(),
    workloads: fc.array(workload, { maxLength: 5 }),
  }),
  fc.record({ do: fc.constant("scan"), image: fc.nat(2) }),
  fc.record({ do: fc.constant("learn"), known }),
  fc.record({ do: fc.constant("find") }),
  fc.record({ do: fc.constant("collect") }),
);

describe.each(servers)("the inventory on $server", ({ open, missing }) => {
  beforeAll(async () => {
    if (missing === null) store = await open();
  });
  afterAll(() => store?.[Symbol.asyncDispose]());

  it.skipIf(missing !== null)(
    "workloads, their counters and those of packages in use equal what counting one by one gives, after any sequence of snapshots, scans and revisions",
    async () => {
      await fc.assert(
        fc.asyncProperty(images, fc.array(step, { minLength: 4, maxLength: 14 }), async (made, steps) => {
          await empty();
          const estate = new Estate(made);
          for (const next of steps) await estate.take(next);
          await find();
          expect(await listed()).toEqual(estate.expected());
        }),
        { numRuns: Number(process.env.PLIMSOLL_PROPERTY_RUNS ?? 50) },
      );
    },
    240_000,
  );
});

type Value<A> = A extends fc.Arbitrary<infer T> ? T : never;

/** What a source says of a workload, replicas joined. */
interface Said {
  readonly image: number;
  readonly loaded: ReadonlySet<string> | null;
}

class Estate {
  readonly #sboms: readonly Sbom[];
  readonly #sources = new Map<string, Map<string, Said>>();
  readonly #scanned = new Set<number>();
  #known: Known = new Map();
  #seq = 0;
  #at = Date.parse("2026-01-01T00:00:00Z");

  constructor(made: readonly (readonly LayerRecipe[])[]) {
    this.#sboms = made.map((recipes, n) => ({
      ...sbomOf(recipes),
      source: { kind: "image", transport: "t", name: `i${n}` },
    }));
  }

  async take(next: Value<typeof step>): Promise<void> {
    this.#at += 1000;
    if (next.do === "snapshot") await this.#snapshot(next);
    else if (next.do === "scan") await this.#scan(next.image);
    else if (next.do === "learn") await this.#learn(next.known);
    else if (next.do === "find") await find();
    else await store.pool.query("select collect_running()");
  }

  async #snapshot({ source, complete, workloads }: Extract<Value<typeof step>, { do: "snapshot" }>): Promise<void> {
    const contents: InventoryContents = {
      workloads: workloads.map(({ name, image, loaded }) => ({
        labels: { w: name },
        image: { name: `i${image}`, id: this.#idOf(image) },
        ...(loaded && { loaded: loadedAs(loaded) }),
      })),
    };
    const services = { pool: store.pool, clock: () => this.#at };
    const sent = { id: randomUUID(), source: { kind: "other" as const, name: source }, parts: 0, complete, contents };
    await takeSnapshot(services, theServer, { ...sent, takenAt: new Date(this.#at).toISOString() });
    const before = complete ? new Map<string, Said>() : (this.#sources.get(source) ?? new Map());
    const groups = Map.groupBy(workloads, ({ name, image }) => `${name} ${this.#idOf(image)} i${image}`);
    const said = [...groups].map(([key, alike]): [string, Said] => {
      const loaded = alike.flatMap((one) => (one.loaded === undefined ? [] : [one.loaded]));
      return [key, { image: alike[0]?.image ?? 0, loaded: loaded.length === 0 ? null : new Set(loaded.flat()) }];
    });
    this.#sources.set(source, new Map([...before, ...said]));
  }

  #idOf(image: number): string {
    return this.#sboms[image]?.image?.imageId ?? "";
  }

  async #scan(image: number): Promise<void> {
    const sbom = this.#sboms[image];
    if (sbom === undefined) return;
    const at = new Date(this.#at).toISOString();
    const asset = { kind: "pipeline", name: `i${image}`, scope: {}, team: null } as const;
    const report = reportOf(sbom, this.#known, at);
    const done = await ingest(store.pool, { report, asset, seq: this.#seq, actor: "test", scope: 0 });
    if (done.outcome !== "stored") throw new Error("nothing else teaches this store");
    for (const [n, { image: same }] of this.#sboms.entries()) {
      if (same?.imageId === sbom.image?.imageId) this.#scanned.add(n);
    }
  }

  async #learn(knowledge: Known): Promise<void> {
    const names = new Set([...this.#known.keys(), ...knowledge.keys()].map((text) => text.split("@")[0] ?? ""));
    this.#known = knowledge;
    const changed = [...names].map((name) => ({ ecosystem: "npm", name }));
    const builtAt = new Date(this.#at).toISOString();
    const revision = { revision: "r", builtAt, changed, findingsOf: (sbom: Sbom) => findingsOf(sbom, knowledge) };
    this.#seq = (await rematch(store.pool, revision, this.#at)).seq;
  }

  expected(): unknown[] {
    const all = Map.groupBy(
      [...this.#sources.values()].flatMap((said) => [...said]),
      ([key]) => key,
    );
    return [...all]
      .map(([key, said]) =>
        this.#expectedOf(
          key,
          said.map(([, one]) => one),
        ),
      )
      .sort(byName);
  }

  #expectedOf(key: string, said: readonly Said[]): { name: string } {
    const [name = "", id = ""] = key.split(" ");
    const image = said[0]?.image ?? 0;
    const sbom = this.#sboms[image];
    const loaded = said.flatMap((one) => (one.loaded === null ? [] : [one.loaded]));
    const isScanned = sbom !== undefined && this.#scanned.has(image);
    const isUsed = (pkg: string) => loaded.some((some) => some.has(pkg));
    return {
      name: `${name} ${id} i${image}`,
      ...(isScanned ? this.#count(sbom, () => true) : nothing),
      running: isScanned && loaded.length > 0 ? this.#count(sbom, isUsed) : null,
    } as { name: string };
  }

  #count(sbom: Sbom, counts: (pkg: string) => boolean): typeof nothing {
    const counted = sbom.packages.filter((pkg) => isPresent(pkg) && counts(`${pkg.name}@${pkg.version}`));
    const ids = new Set(counted.map(({ id }) => id));
    const findings = findingsOf(sbom, this.#known).filter(({ packageId }) => ids.has(packageId));
    const rated = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
    return {
      ...{ critical: rated("critical"), high: rated("high"), medium: rated("medium"), low: rated("low") },
      ...{ negligible: rated("negligible"), unknown: rated("unknown") },
      exploitable: findings.filter(({ exploit }) => exploit !== null).length,
      fixable: findings.filter(({ fixState }) => fixState === "fixed").length,
    };
  }
}

const nothing = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0, exploitable: 0, fixable: 0 };

/** Some by package URL, some by name. */
function loadedAs(loaded: readonly string[]) {
  const names = loaded.filter((_, n) => n % 2 === 0).map((text) => text.split("@"));
  return {
    purls: loaded.filter((_, n) => n % 2 === 1).map((text) => `pkg:npm/${text}`),
    names: names.map(([name = "", version = ""]) => ({ name, version })),
  };
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

async function find(): Promise<void> {
  await findInUse({ pool: store.pool, clock: () => 0 }, new AbortController().signal);
}

async function listed(): Promise<unknown[]> {
  const { rows } = await store.pool.query(
    `select (a.scope ->> 'w') || ' ' || (a.scope ->> 'container.image.id') || ' ' || a.name as name,
       c.critical, c.high, c.medium, c.low, c.negligible, c.unknown, c.exploitable, c.fixable,
       case when a.in_use > 0 then jsonb_build_object('critical', u.critical, 'high', u.high, 'medium', u.medium, 'low', u.low,
         'negligible', u.negligible, 'unknown', u.unknown, 'exploitable', u.exploitable, 'fixable', u.fixable) end as running
     from asset a join image_counter c on c.image_id = a.image_id join running_set u on u.id = a.in_use
     where a.kind = 'workload'`,
  );
  return rows.sort(byName);
}

async function empty(): Promise<void> {
  const { rows } = await store.pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' and tablename not in ('migration', 'knowledge', 'job')",
  );
  await store.pool.query(`truncate ${rows.map(({ name }) => name).join(", ")} cascade`);
  await store.pool.query("delete from knowledge where seq > 0");
  await store.pool.query("select seed_running_sets()");
}
