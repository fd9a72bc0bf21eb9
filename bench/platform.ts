/**
 * `node bench/platform.ts [--images N] [--clients N]`: the store alone, on the embedded PostgreSQL: scans a second that go
 * in (packages interned, counters exact, documents kept), beside as many clients; then a revision that changes 300 names,
 * and lists. Prints the shape of its data; fails when the load was not real or a counter is wrong.
 *
 * `node bench/platform.ts --estate N [--data FOLDER] [--rounds N]`: N images (100,000 in the goals) loaded at once, kept in
 * FOLDER for the next time if one is named; then lists, filters, searches, and revisions of 300 advisories, alone and beside
 * ingest. Fails also when one of them takes longer than it may.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  ingest,
  listRegistryResults,
  openStore,
  rematch,
  type Services,
  type Store,
  theServer,
} from "@plimsoll/platform";
import { EstateKnowledge } from "./platform/estate-knowledge.ts";
import { LargeEstate } from "./platform/large-estate.ts";
import { loadEstate } from "./platform/load-estate.ts";
import { applicationSbom, changedNames, findingsIn, reportOf } from "./platform/made-up-estate.ts";
import { measureDelta } from "./platform/measure-delta.ts";
import { measureLists } from "./platform/measure-lists.ts";
import { fromShare } from "./platform/timing.ts";

const { values } = parseArgs({
  options: {
    images: { type: "string", default: "3000" },
    clients: { type: "string", default: "8" },
    estate: { type: "string" },
    data: { type: "string" },
    rounds: { type: "string", default: "20" },
  },
});
const images = Number(values.images);
const clients = Number(values.clients);
const at = "2026-01-01T00:00:00.000Z";

const folder = values.data ?? mkdtempSync(join(tmpdir(), "plimsoll-bench-store-"));
try {
  await using store = await openStore({ folder });
  if (values.estate !== undefined) await large(store, Number(values.estate));
  else await small(store);
} finally {
  if (values.data === undefined) rmSync(folder, { recursive: true, force: true });
}

async function small(store: Store): Promise<void> {
  await fill(store);
  await shape(store);
  await revise(store);
  await list(store);
  await check(store);
}

async function large(store: Store, count: number): Promise<void> {
  const knowledge = new EstateKnowledge();
  const { rows } = await store.pool.query<{ n: number; seq: number }>(
    "select (select count(*) from image) as n, (select max(seq) from knowledge) as seq",
  );
  const found = rows[0];
  if (found === undefined || found.n === 0) {
    const started = performance.now();
    await loadEstate(store, new LargeEstate(count), { images: count, knowledge });
    console.log(`${count} images loaded in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  } else if (found.seq > 0) {
    throw new Error("that estate has learned something already: load a fresh one");
  }
  await shape(store);
  const areQuick = await measureLists(store, Number(values.rounds));
  const isExact = await measureDelta({ store, knowledge, images: count });
  if (!areQuick || !isExact) process.exitCode = 1;
}

async function fill({ pool }: Store): Promise<void> {
  const waits: number[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    for (let n = next++; n < images; n = next++) {
      const sbom = applicationSbom(n);
      const report = reportOf(sbom, { findings: findingsIn(sbom, 0), revision: 0, evaluatedAt: at });
      const asset = { kind: "registry", name: `estate/app-${n}:1`, scope: {}, team: null } as const;
      const started = performance.now();
      const { outcome } = await ingest(pool, { report, asset, seq: 0, actor: "bench" });
      if (outcome !== "stored") throw new Error("the store moved on by itself");
      waits.push(performance.now() - started);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `ingest: ${images} scans by ${clients} clients in ${seconds.toFixed(1)} s: ${(images / seconds).toFixed(0)} a second`,
  );
  console.log(`  one scan: median ${fromShare(waits, 50)} ms, p95 ${fromShare(waits, 95)} ms`);
}

async function shape({ pool }: Store): Promise<void> {
  const tables = ["component", "component_match", "package_set", "package_set_edge", "image", "blob"];
  const counts = await Promise.all(
    tables.map(
      async (table) => `${table} ${(await pool.query<{ n: number }>(`select count(*) as n from ${table}`)).rows[0]?.n}`,
    ),
  );
  const size = await pool.query<{ size: string }>(
    "select pg_size_pretty(pg_database_size(current_database())) as size",
  );
  console.log(`shape: ${counts.join(", ")}; ${size.rows[0]?.size}`);
}

async function revise({ pool }: Store): Promise<void> {
  const changed = changedNames(300);
  const findingsOf = (sbom: Parameters<typeof findingsIn>[0]) => findingsIn(sbom, 1);
  const started = performance.now();
  const done = await rematch(pool, { revision: "1", builtAt: at, changed, findingsOf }, 0);
  const share = (100 * done.images) / images;
  console.log(
    `revision of 300 names: ${done.judged} components judged, ${done.sets} sets and ${done.images} images (${share.toFixed(0)} %) changed, all counters right after ${(performance.now() - started).toFixed(0)} ms`,
  );
  if (share < 10) throw new Error("the load is not real: the revision touched under a tenth of the images");
}

async function list({ pool, db }: Store): Promise<void> {
  const services = { pool, db, clock: () => 0 } as Services;
  const waits: number[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 50; page++) {
    const started = performance.now();
    const { rows, next } = await listRegistryResults(services, theServer, {
      limit: 50,
      sort: "risk",
      order: "desc",
      cursor,
    });
    waits.push(performance.now() - started);
    if (rows.length === 0) throw new Error("the load is not real: an empty page");
    cursor = next ?? undefined;
  }
  console.log(`list by risk, 50 pages of 50: median ${fromShare(waits, 50)} ms, p95 ${fromShare(waits, 95)} ms`);
}

/** Counters against counting one by one, in the database. */
async function check({ pool }: Store): Promise<void> {
  const { rows } = await pool.query<{ wrong: number; all: number }>(
    `select count(*) filter (where c.high is distinct from t.high) as wrong, count(*) as all
     from image i join image_counter c on c.image_id = i.id
     cross join lateral (
       select coalesce(sum(e.n) filter (where m.severity = 4), 0)::integer as high
       from set_ancestor a join package_set_edge e on e.set_id = a.ancestor_id
       join component_match m on m.component_id = e.component_id and m.valid_to = 2147483647 where a.set_id = i.set_id
     ) t`,
  );
  console.log(`counters wrong: ${rows[0]?.wrong} of ${rows[0]?.all} images`);
  if (rows[0]?.wrong !== 0 || rows[0]?.all === 0) process.exitCode = 1;
}
