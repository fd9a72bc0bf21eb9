import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { evaluate } from "@plimsoll/evaluate";
import { silentLog } from "@plimsoll/kit";
import { buildFromRecords, openVulndb } from "@plimsoll/vulndb";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { FaultPoint } from "../fault.ts";
import { type ServerKnowledge, serverKnowledge } from "../knowledge/server-knowledge.ts";
import { allPolicies } from "../services/result/judge-now.ts";
import type { Services } from "../services/services.ts";
import { ingest } from "../store/ingest/ingest.ts";
import type { JobView } from "../store/jobs/job-row.ts";
import { findJobs, readJob } from "../store/jobs/list.ts";
import type { Store } from "../store/open-store.ts";
import { type Dying, replaceDatabase } from "../testing/dying-process.ts";
import { sbomOf } from "../testing/estate.ts";
import { flawOf, stateOf } from "../testing/jobs-state.ts";
import { servers } from "../testing/test-store.ts";
import { enqueue } from "./enqueue.ts";
import { feedUpdate } from "./feed-update.ts";
import type { Job } from "./job.ts";
import { rematchJob } from "./rematch.ts";
import { retention } from "./retention.ts";
import { startWorkers } from "./start-workers.ts";
import { tidy } from "./tidy.ts";
import { verdictExpiry } from "./verdict-expiry.ts";

const day = 86_400_000;
const start = Date.parse("2026-06-01T00:00:00Z");
const program = new URL("../testing/dying-process.ts", import.meta.url).pathname;
const everybody = { team: null };

/** An installation of its own: its store, its copy of the database, its clock. */
interface House {
  readonly store: Store;
  readonly knowledge: ServerKnowledge;
  readonly services: Services;
  readonly vulndb: string;
  now: number;
}

let folder: string;
/** Databases of four revisions. */
const revisions: { readonly file: string; readonly revision: string }[] = [];
/** The one that upstream has. */
let upstream = 3;
/** Those at which no query of its own tells where it is. */
const rematchPoints = ["staged", "changed", "committed", "images", "adopted"].map(
  (word) => `rematch.${word}` as FaultPoint,
);
const feedPoints: readonly FaultPoint[] = ["feeds.told", "feeds.enqueued"];
/** One where nothing dies, and one where every job does once. */
let calm: House;
let harmed: House;

async function openHouse(name: string): Promise<House> {
  const store = await servers[0].open();
  const vulndb = join(folder, `${name}.sqlite`);
  replaceDatabase(vulndb, revisions[0]?.file ?? "");
  const house = { store, vulndb, now: start } as House;
  const knowledge = await serverKnowledge(
    store.pool,
    () => openVulndb(vulndb),
    () => house.now,
  );
  const services = {
    ...store,
    knowledge,
    clock: () => house.now,
    random: (bytes: number) => new Uint8Array(bytes),
    log: silentLog,
    updateFeeds: async () => {
      const next = revisions[upstream];
      if (next !== undefined) replaceDatabase(vulndb, next.file);
      return { feeds: [{ feed: "kev", status: "updated", documents: [] }], revision: next?.revision ?? null };
    },
  } as unknown as Services;
  return Object.assign(house, { knowledge, services });
}

async function fill({ store, knowledge, now }: House): Promise<void> {
  for (const [n, kind] of (
    ["registry", "registry", "workload", "workload", "pipeline", "pipeline"] as const
  ).entries()) {
    const sbom = sbomOf([
      { adds: ["p1@1.0.0", `p${n}@1.0.0`], removes: [] },
      { adds: [`own${n}@1.0.0`], removes: [] },
    ]);
    const { base, seq } = knowledge.current();
    const stage = kind === "workload" ? "runtime" : kind;
    const report = evaluate(sbom, base, { now, stage, policies: allPolicies });
    const asset = { kind, name: `asset ${n}`, scope: {}, team: null } as const;
    await ingest(store.pool, { report, asset, seq, actor: "test" });
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "plimsoll-crash-"));
  const more = Array.from({ length: rematchPoints.length + feedPoints.length }, (_, n) => [`p${n % 5}`, "p1"]);
  for (const [n, flaws] of [["p0"], ["p0", "p1"], ["p1", "p2", "p3"], ["p3", "p4"], ...more].entries()) {
    const file = join(folder, `revision-${n}.sqlite`);
    const records = flaws.map((name) => flawOf(name, n % 2 === 0 ? "critical" : "low"));
    const { revision } = await buildFromRecords([flawOf("p9", "low"), ...records], {
      out: file,
      now: start + (n < 4 ? n : 30 + n) * day,
    });
    revisions.push({ file, revision });
  }
  [calm, harmed] = await Promise.all([openHouse("calm"), openHouse("harmed")]);
  await fill(calm);
  await fill(harmed);
}, 60_000);
afterAll(async () => {
  for (const house of [calm, harmed]) {
    house?.knowledge[Symbol.dispose]();
    await house?.store[Symbol.asyncDispose]();
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Works until nothing is left; what is recovered of the dead is done too. */
async function workAll({ services, store }: House): Promise<readonly JobView[]> {
  await using _workers = await startWorkers(services, { beatMs: 100, graceMs: 500 });
  for (let left = 150; ; left--) {
    const jobs = await findJobs(store.pool, everybody, { state: null, name: null, after: null, most: 100 });
    if (jobs.every(({ endedAt }) => endedAt !== null)) return jobs;
    if (left === 0) throw new Error(`not done: ${JSON.stringify(jobs.filter(({ endedAt }) => endedAt === null))}`);
    await wait(100);
  }
}

type Death = Pick<Dying, "sql" | "nth" | "when">;

/** A worker of the harmed house that is at the job when it dies. */
async function dieAt(house: House, death: Death, ask: () => Promise<string>): Promise<string> {
  const { user, host, database } = house.store.pool.options as { user: string; host: string; database?: string };
  const url = `postgres://${user}@/${database ?? "postgres"}?host=${encodeURIComponent(host)}`;
  const life: Dying = { url, vulndb: house.vulndb, now: house.now, upstream: revisions[upstream] ?? null, ...death };
  const child = spawn(process.execPath, [program, JSON.stringify(life)], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  onTestFinished(() => void child.kill("SIGKILL"));
  await ready(child);
  const id = await ask();
  const [, signal] = await ended;
  expect(signal).toBe("SIGKILL");
  expect(await readJob(house.store.pool, everybody, id)).toBeTruthy();
  return id;
}

async function ready({ stdout }: ChildProcess): Promise<void> {
  if (stdout === null) throw new Error("no stdout");
  for await (const text of stdout) if (String(text).includes("ready")) return;
  throw new Error("the process ended before it was ready");
}

interface Both<P> {
  readonly payload: P;
  readonly key: string;
  readonly death: Death;
  /** The moment at which it happens. */
  readonly at: number;
  readonly before?: (house: House) => unknown;
}

/** The same in both houses, but that in one the worker dies; in the end they are alike. */
async function bothWays<P>(
  job: Job<P>,
  { payload, key, death, at, before = () => undefined }: Both<P>,
): Promise<readonly JobView[]> {
  const ask = (house: House) => enqueue(house.store.pool, job, { payload: payload as NoInfer<P>, priority: "ci", key });
  calm.now = at;
  harmed.now = at;
  await before(calm);
  await ask(calm);
  await workAll(calm);
  // The worker starts with what was there before.
  const id = await dieAt(harmed, death, async () => {
    await before(harmed);
    return ask(harmed);
  });
  const jobs = await workAll(harmed);
  expect(jobs.find((done) => done.id === id)).toMatchObject({ state: "done", crashes: 1, attempts: 2 });
  expect(await stateOf(harmed.store)).toEqual(await stateOf(calm.store));
  return jobs;
}

describe("kill -9 of a worker at", () => {
  const publish = (n: number) => ({
    at: start + n * day,
    before: ({ vulndb }: House) => replaceDatabase(vulndb, revisions[n]?.file ?? ""),
  });

  it("a re-match before its change loses and doubles nothing", async () => {
    const death: Death = { sql: "select rejudge", nth: 1, when: "before" };
    await bothWays(rematchJob, { payload: {}, key: revisions[1]?.revision ?? "", death, ...publish(1) });
  });

  it("a re-match before its counters", async () => {
    const death: Death = { sql: "select recount_images", nth: 1, when: "before" };
    await bothWays(rematchJob, { payload: {}, key: revisions[2]?.revision ?? "", death, ...publish(2) });
    const { rows } = await harmed.store.pool.query("select count(distinct evaluated_at) as n from verdict");
    expect(rows[0]).not.toEqual({ n: 1 });
  });

  it("a feed update between the new database and the request for its re-match", async () => {
    const death: Death = { sql: "insert into feed_health", nth: 1, when: "before" };
    const jobs = await bothWays(feedUpdate, { payload: {}, key: "schedule", death, at: start + 3 * day });
    expect(jobs.map(({ name }) => name)).toContain("rematch");
    expect(harmed.knowledge.current().base.status.revision).toBe(revisions[3]?.revision);
  });

  it("an evaluation of what knowledge changed, and at the expiry of verdicts", async () => {
    const death: Death = { sql: "update verdict v", nth: 2, when: "after" };
    const frozen =
      "select status, evaluated_at, valid_until from verdict v join asset a on a.id = v.asset_id where kind = 'pipeline'";
    const before = async (house: House) => {
      await house.store.pool.query("update verdict set valid_until = $1", [new Date(house.now - 1000).toISOString()]);
    };
    const was = (await harmed.store.pool.query(frozen)).rows.map(({ status, evaluated_at }) => ({
      status,
      evaluated_at,
    }));
    const jobs = await bothWays(verdictExpiry, { payload: {}, key: "schedule", death, before, at: start + 4 * day });
    expect(jobs[0]?.summary).toMatchObject({ failed: 0 });
    const renewed =
      "select from verdict v join asset a on a.id = v.asset_id where kind <> 'pipeline' and v.evaluated_at = $1";
    const { rows } = await harmed.store.pool.query(renewed, [new Date(harmed.now).toISOString()]);
    expect(rows).toHaveLength(4);
    expect((await harmed.store.pool.query(frozen)).rows).toMatchObject(was);
  });

  it("tidying", async () => {
    const before = async ({ store: { pool }, now }: House) => {
      const old = new Date(now - 2 * day).toISOString();
      await pool.query("insert into upload values ($1, 'old', 0, $2), ($1, 'new', 0, $3)", [
        Buffer.alloc(32),
        old,
        new Date(now).toISOString(),
      ]);
    };
    const death: Death = { sql: "delete from session", nth: 1, when: "before" };
    await bothWays(tidy, {
      payload: { uploads: 1, jobs: 7, deadJobs: 30 },
      key: "schedule",
      death,
      before,
      at: start + 5 * day,
    });
    expect((await harmed.store.pool.query("select owner from upload")).rows).toEqual([{ owner: "new" }]);
  });

  it("deleting what was kept long enough", async () => {
    const payload = { pipelineDays: 90, registryDays: 90, runtimeDays: 14, knowledgeDays: 396, layerDays: 90 };
    const death: Death = { sql: "select expire_assets", nth: 3, when: "after" };
    const jobs = await bothWays(retention, { payload, key: "schedule", death, at: start + 30 * day });
    expect(jobs[0]).toMatchObject({ name: "retention", summary: { images: 2 } });
    const { rows } = await harmed.store.pool.query("select kind from asset order by kind");
    expect(rows.map(({ kind }) => kind)).toEqual(["pipeline", "pipeline", "registry", "registry"]);
  });

  it.each([...rematchPoints.entries()])("%i: %s, nothing is lost or doubled", async (n, point) => {
    const revision = 4 + n;
    const at = start + (30 + revision) * day;
    const death: Death = { sql: point, nth: 1, when: "at" };
    await bothWays(rematchJob, {
      ...publish(revision),
      payload: {},
      key: revisions[revision]?.revision ?? "",
      death,
      at,
    });
  });

  it.each([...feedPoints.entries()])("%i: %s, and the next attempt asks for the re-match", async (n, point) => {
    upstream = 4 + rematchPoints.length + n;
    const death: Death = { sql: point, nth: 1, when: "at" };
    await bothWays(feedUpdate, { payload: {}, key: "schedule", death, at: start + (30 + upstream) * day });
    expect(harmed.knowledge.current().base.status.revision).toBe(revisions[upstream]?.revision);
  });

  it("forgetting what nothing points to", async () => {
    const payload = { pipelineDays: 90, registryDays: 90, runtimeDays: 14, knowledgeDays: 396, layerDays: 90 };
    const death: Death = { sql: "retention.layers", nth: 1, when: "at" };
    const jobs = await bothWays(retention, { payload, key: "schedule", death, at: start + 100 * day });
    expect(jobs[0]).toMatchObject({ name: "retention", state: "done" });
    for (const { store } of [calm, harmed]) {
      const { rows } = await store.pool.query("select from image union all select from asset where kind <> 'pipeline'");
      expect(rows).toEqual([]);
    }
  });
});
