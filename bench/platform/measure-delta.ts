/** Three hundred changed advisories over a large estate: whom they concern, flaw by flaw, and counters; alone and beside ingest. */
import {
  type Ingested,
  ingest,
  type Rematched,
  rematch,
  revisionFlaws,
  revisionTouches,
  type Store,
  theServer,
} from "@plimsoll/platform";
import { type ChangedNames, type EstateKnowledge, languageDelta, systemDelta } from "./estate-knowledge.ts";
import { sbomOfPath } from "./estate-sbom.ts";
import { type EstateSet, LargeEstate } from "./large-estate.ts";
import { reportOf } from "./made-up-estate.ts";
import { fromShare } from "./timing.ts";

const at = "2026-02-01T00:00:00.000Z";
/** Most seconds (issue: Speed). */
const ceilings = { assets: 0.6, flaws: 1.5, idle: 3, busy: 8 };

interface Bench {
  readonly store: Store;
  readonly knowledge: EstateKnowledge;
  readonly images: number;
}

/** Both kinds of delta, each alone and beside ingest. False when something took too long or was wrong. */
export async function measureDelta(bench: Bench): Promise<boolean> {
  const ingesting = new Ingesting(bench);
  let isFine = await ingesting.addsNothing();
  for (const [name, changed] of [
    ["language packages", languageDelta()],
    ["packages of distros", systemDelta()],
  ] as const) {
    const before = await blobReads(bench.store);
    const idle = await timed(() => learn(bench, changed));
    console.log(
      `300 advisories on ${name}: ${told(idle.value)}; all counters right after ${said(idle.seconds, ceilings.idle)}`,
    );
    isFine = (await reach(bench, idle.value.seq)) && idle.seconds <= ceilings.idle && isFine;
    const read = (await blobReads(bench.store)) - before;
    console.log(`  documents read meanwhile: ${read}`);
    isFine &&= read === 0;
    const busy = await ingesting.beside(() => timed(() => learn(bench, changed)));
    console.log(
      `  again beside ingest (${busy.rate.toFixed(0)} scans a second): ${told(busy.value.value)}; counters after ${said(busy.value.seconds, ceilings.busy)}`,
    );
    const isExact = await exact(bench.store, busy.value.value.seq);
    isFine &&= isExact && busy.value.seconds <= ceilings.busy;
  }
  return isFine;
}

/** The estate's knowledge learns the delta, and the store follows. */
async function learn({ store, knowledge }: Bench, changed: ChangedNames): Promise<Rematched> {
  knowledge.learn(changed);
  const findingsOf = knowledge.findingsOf.bind(knowledge);
  return rematch(store.pool, { revision: `${Date.now()}`, builtAt: at, changed, findingsOf }, Date.parse(at));
}

async function reach({ store, images }: Bench, seq: number): Promise<boolean> {
  const waits = { assets: [] as number[], flaws: [] as number[] };
  let touched = 0;
  let flaws = 0;
  for (let round = 0; round < 5; round++) {
    const assets = await timed(() => revisionTouches(store, theServer, seq));
    const counts = await timed(() => revisionFlaws(store, theServer, seq));
    waits.assets.push(assets.seconds);
    waits.flaws.push(counts.seconds);
    touched = assets.value.images;
    flaws = counts.value.length;
  }
  const share = (100 * touched) / images;
  const [first, second] = [waits.assets, waits.flaws].map(
    (all) =>
      fromShare(
        all.map((seconds) => seconds * 1000),
        50,
      ) / 1000,
  );
  console.log(
    `  touches ${touched} images (${share.toFixed(0)} %): told in ${said(first ?? 0, ceilings.assets)}, ${flaws} flaws one by one in ${said(second ?? 0, ceilings.flaws)} (medians of five)`,
  );
  if (share < 10) console.log("  the load is not real: under a tenth of the images are touched");
  return share >= 10 && (first ?? 9) <= ceilings.assets && (second ?? 9) <= ceilings.flaws;
}

/** Clients that send images nobody has sent before, at full speed. */
class Ingesting {
  readonly #bench: Bench;
  readonly #estate: LargeEstate;
  #next: number;

  constructor(bench: Bench) {
    this.#bench = bench;
    this.#estate = new LargeEstate(bench.images);
    this.#next = bench.images + (Date.now() % 1_000_000);
  }

  /** A scan of what was loaded finds all its packages and sets there: the load is what ingest would have made. */
  async addsNothing(): Promise<boolean> {
    const before = await this.#sizes();
    for (let n = 0; n < 20; n++) await this.#send(n * 37, this.#estate.pathOf(n * 37));
    const after = await this.#sizes();
    if (before === after) return true;
    console.log(`the load is not what ingest makes: ${before} became ${after}`);
    return false;
  }

  async beside<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly rate: number }> {
    let isOver = false;
    let sent = 0;
    const client = async (): Promise<void> => {
      while (!isOver) {
        const n = this.#next++;
        await this.#send(n, this.#estate.freshPathOf(n));
        sent += 1;
      }
    };
    const started = performance.now();
    const clients = Array.from({ length: 8 }, client);
    while (sent < 40) await new Promise((resolve) => setTimeout(resolve, 20));
    const value = await work();
    isOver = true;
    await Promise.all(clients);
    return { value, rate: sent / ((performance.now() - started) / 1000) };
  }

  async #send(n: number, path: readonly EstateSet[]): Promise<void> {
    const { store, knowledge } = this.#bench;
    const sbom = sbomOfPath(n, path);
    const asset = { kind: "registry", name: `sent/app-${n}:1`, scope: {}, team: null } as const;
    for (let outcome: Ingested["outcome"] = "stale"; outcome === "stale"; ) {
      const { rows } = await store.pool.query<{ seq: number }>("select max(seq) as seq from knowledge");
      const seq = rows[0]?.seq ?? 0;
      const report = reportOf(sbom, { findings: knowledge.findingsOf(sbom), revision: seq, evaluatedAt: at });
      outcome = (await ingest(store.pool, { report, asset, seq, actor: "bench" })).outcome;
    }
  }

  async #sizes(): Promise<string> {
    const { rows } = await this.#bench.store.pool.query(
      "select (select count(*) from component) as components, (select count(*) from package_set) as sets",
    );
    return JSON.stringify(rows[0]);
  }
}

/** Counters of every twentieth image and of all that were sent in, and whom the revision touches, counted one by one. */
async function exact({ pool, db }: Store, seq: number): Promise<boolean> {
  const wrong = await pool.query<{ wrong: number; all: number }>(
    `with chosen as materialized (select id, set_id from image where id % 20 = 3 or id > 1000000), real as materialized (
       select i.id, coalesce(sum(e.n) filter (where m.severity = 5), 0)::integer as critical,
         coalesce(sum(e.n) filter (where m.severity = 4), 0)::integer as high,
         coalesce(sum(e.n) filter (where m.severity = 3), 0)::integer as medium,
         coalesce(sum(e.n) filter (where m.flags & 2 <> 0), 0)::integer as exploitable,
         coalesce(sum(e.n) filter (where m.flags & 1 <> 0), 0)::integer as fixable
       from chosen i join set_ancestor a on a.set_id = i.set_id join package_set_edge e on e.set_id = a.ancestor_id
       left join component_match m on m.component_id = e.component_id and m.valid_to = 2147483647 group by i.id)
     select count(*) filter (where (c.critical, c.high, c.medium, c.exploitable, c.fixable)
       is distinct from (r.critical, r.high, r.medium, r.exploitable, r.fixable)) as wrong, count(*) as all
     from real r join image_counter c on c.image_id = r.id`,
  );
  const touched = await pool.query<{ images: number }>(
    `select count(distinct id) as images from (
       select i.id from match_change c join package_set_edge e on e.component_id = c.component_id
       join set_ancestor a on a.ancestor_id = e.set_id join image i on i.set_id = a.set_id join asset on asset.image_id = i.id
       where c.seq = $1 group by i.id, c.component_id, asset.id having sum(e.n) > 0) t`,
    [seq],
  );
  const told = await revisionTouches({ db }, theServer, seq);
  const [row] = wrong.rows;
  console.log(
    `  one by one: ${row?.wrong} of ${row?.all} images have wrong counters; ${touched.rows[0]?.images} images touched, ${told.images} told`,
  );
  return row?.wrong === 0 && (row?.all ?? 0) > 0 && touched.rows[0]?.images === told.images;
}

/** How often the table of documents was looked into, by the server's own count. */
async function blobReads({ pool }: Store): Promise<number> {
  // A connection that has nothing to do reports what it did within ten seconds.
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  const { rows } = await pool.query<{ n: number }>(
    `select (seq_scan + coalesce(idx_scan, 0))::bigint as n from pg_stat_user_tables where relname = 'blob'`,
  );
  return rows[0]?.n ?? Number.NaN;
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> {
  const started = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - started) / 1000 };
}

function told({ judged, sets, images }: Rematched): string {
  return `${judged} components judged, counters of ${sets} sets and ${images} images changed`;
}

function said(seconds: number, ceiling: number): string {
  return `${seconds.toFixed(2)} s${seconds > ceiling ? ` (over ${ceiling})` : ""}`;
}
