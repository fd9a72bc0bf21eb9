import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { silentLog } from "@plimsoll/kit";
import { alpineLayer, imageOf, startTestRegistry, type TestRegistry } from "@plimsoll/testkit";
import { openStarter } from "@plimsoll/vulndb";
import type { PoolClient } from "pg";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { theServer } from "../../identity/actor.ts";
import { startWorkers } from "../../jobs/start-workers.ts";
import { serverKnowledge } from "../../knowledge/server-knowledge.ts";
import type { FetchSettings } from "../../registry/fetch-settings.ts";
import { startSecrets } from "../../secrets/start-secrets.ts";
import { readJob } from "../../store/jobs/list.ts";
import type { Store } from "../../store/open-store.ts";
import type { Scanning } from "../../testing/scanning-process.ts";
import { servers } from "../../testing/test-store.ts";
import type { Services } from "../services.ts";
import { requestScan } from "./request-scan.ts";

const program = new URL("../../testing/scanning-process.ts", import.meta.url).pathname;
const stack = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), "plimsoll-killed-"));
const starter = join(folder, "starter");
const fetching: FetchSettings = {
  outbound: { allowPrivate: ["127.0.0.0/8"], proxyEnv: {}, userAgent: "test" },
  layersFolder: join(folder, "layers"),
  heapMb: 256,
};
const children = new Set<ChildProcess>();

let store: Store;
let registry: TestRegistry;
let services: Services;

beforeAll(async () => {
  store = stack.use(await servers[0].open());
  registry = stack.use(await startTestRegistry());
  const knowledge = stack.use(await serverKnowledge(store.pool, () => openStarter(starter), Date.now));
  const random = (bytes: number) => randomBytes(bytes);
  const keys = { ownFile: join(folder, "secrets.key") };
  const secrets = await startSecrets({ pool: store.pool, random, log: silentLog }, keys);
  services = { ...store, knowledge, secrets, fetching, clock: Date.now, random, log: silentLog } as unknown as Services;
}, 60_000);
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
});
afterAll(async () => {
  await stack.disposeAsync();
  rmSync(folder, { recursive: true, force: true });
});

const layerOf = (name: string) => alpineLayer(`${name} 1-r0`);

async function startWorker(): Promise<ChildProcess> {
  const { user, host, database } = store.pool.options as { user: string; host: string; database?: string };
  const url = `postgres://${user}@/${database ?? "postgres"}?host=${encodeURIComponent(host)}`;
  const life: Scanning = { url, starter, keyFile: join(folder, "secrets.key"), fetching };
  const child = spawn(process.execPath, [program, JSON.stringify(life)], { stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  for await (const text of child.stdout) if (String(text).includes("ready")) return child;
  throw new Error("the process ended before it was ready");
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let left = 300; left > 0; left--) {
    if (await holds()) return;
    await wait(50);
  }
  throw new Error("it does not come to this");
}

/** Somebody waits for a lock. */
async function isSomebodyWaiting(): Promise<boolean> {
  const { rows } = await store.pool.query("select from pg_stat_activity where wait_event_type = 'Lock'");
  return rows.length > 0;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  expect((await ended)[1]).toBe("SIGKILL");
}

async function resultsOf(image: string): Promise<number> {
  const { rows } = await store.pool.query<{ n: number }>(
    "select count(*) as n from result r join asset a on a.id = r.asset_id where a.name = $1",
    [image],
  );
  return rows[0]?.n ?? 0;
}

async function done(id: string) {
  await using _workers = await startWorkers(services, { slots: 1, beatMs: 100, graceMs: 500 });
  let job = await readJob(store.pool, theServer, id);
  await until(async () => {
    job = await readJob(store.pool, theServer, id);
    return job !== null && job.endedAt !== null;
  });
  return job;
}

/** Holds `sql`'s locks while `work` is done. */
async function withLock(sql: string, values: readonly unknown[], work: () => Promise<void>): Promise<void> {
  const client: PoolClient = await store.pool.connect();
  try {
    await client.query("begin");
    await client.query(sql, [...values]);
    await work();
  } finally {
    await client.query("rollback");
    client.release();
  }
}

it("kill -9 in the middle of a layer: nothing is kept, and the next worker does it", async () => {
  const image = imageOf([layerOf("one"), layerOf("two")]);
  const name = registry.push("mid-layer", "1", image);
  registry.addFault({ match: new RegExp(image.layers[1]?.digest ?? ""), kind: "stall", keepBytes: 10, times: 1 });
  const child = await startWorker();
  const id = await requestScan(services, theServer, { image: name, platform: "linux/amd64" });
  await until(() => registry.requests.some(({ path }) => path.endsWith(image.layers[1]?.digest ?? "?")));
  await kill(child);
  expect(await resultsOf(name)).toBe(0);
  expect(await done(id)).toMatchObject({ state: "done", crashes: 1, summary: { packages: 1 } });
  expect(await resultsOf(name)).toBe(1);
}, 60_000);

it("kill -9 while the result is being kept: all of it or nothing, and the next worker does it", async () => {
  const name = registry.push("mid-ingest", "1", imageOf([layerOf("mid-ingest")]));
  const child = await startWorker();
  let id = "";
  await withLock("lock table asset in exclusive mode", [], async () => {
    id = await requestScan(services, theServer, { image: name, platform: "linux/amd64" });
    await until(isSomebodyWaiting);
    await kill(child);
  });
  expect(await resultsOf(name)).toBe(0);
  expect(await done(id)).toMatchObject({ state: "done", crashes: 1 });
  expect(await resultsOf(name)).toBe(1);
}, 60_000);

it("kill -9 between the result and the job's end: the result is not kept twice, and the job names it", async () => {
  const name = registry.push("before-end", "1", imageOf([layerOf("before-end")]));
  const child = await startWorker();
  let id = "";
  // The worker has the job, and cannot say that it is done.
  registry.addFault({ match: /before-end\/manifests/, kind: "slow", delayMs: 1500, times: 1 });
  id = await requestScan(services, theServer, { image: name, platform: "linux/amd64" });
  await until(() => registry.requests.some(({ path }) => path.includes("before-end/manifests")));
  await withLock("select from job where id = $1 for update", [id], async () => {
    await until(async () => (await resultsOf(name)) === 1);
    await until(isSomebodyWaiting);
    await kill(child);
  });
  const job = await done(id);
  expect(job).toMatchObject({ state: "done", crashes: 1, resultId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(await resultsOf(name)).toBe(1);
}, 60_000);
