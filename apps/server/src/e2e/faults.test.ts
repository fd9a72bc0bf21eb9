import { setTimeout as wait } from "node:timers/promises";
import { type FaultPoint, startWorkers } from "@plimsoll/platform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answered, type Asked, askOnce } from "../testing/asked.ts";
import { kill } from "../testing/faulty-process.ts";
import { type FaultyServer, postmasterOf, startFaultyServer } from "../testing/faulty-server.ts";
import { diffIdOf, documentOf, factsOf, type MadeLayer, shaping } from "../testing/layered.ts";
import { alpineWith, apk, uploadOf } from "../testing/send-scan.ts";
import { wrongInStore } from "../testing/store-truth.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

// Server processes from source, real clients over HTTP, `kill -9` at named points: what was acknowledged is there, once,
// whatever died; what was not is sent again under its key.

const base = "/secure/vulnerability/v1";
let server: TestServer;
/** The whole server, from which nothing is taken: its address. */
let healthy: string;
let scanner: Headers;
let stranger: Headers;
let admin: Headers;
type Headers = { readonly authorization: string };

/** Names of scans that were acknowledged → their result. */
const acknowledged = new Map<string, string>();
/** Process that is to die next: it starts while something else is tested. */
let next: Promise<FaultyServer> | null = null;
/** One that outlives the database. */
let survivor: FaultyServer | null = null;

beforeAll(async () => {
  server = await startTestServer();
  next = startFaultyServer(server);
  healthy = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const team = await server.team();
  const other = await server.team();
  scanner = await server.token({ team, role: "ROLE_TEAM_STANDARD" });
  stranger = await server.token({ team: other, role: "ROLE_TEAM_STANDARD" });
  admin = await server.token({ role: "ROLE_ADMIN" });
}, 180_000);
afterAll(async () => {
  await (await next)?.[Symbol.asyncDispose]();
  await survivor?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

/** A process that nobody has used, and another one on its way. */
async function fresh(): Promise<FaultyServer> {
  const mine = await (next ?? startFaultyServer(server));
  next = startFaultyServer(server);
  return mine;
}

/** One process for all deaths that are not its own; none is being started meanwhile. */
async function surviving(): Promise<FaultyServer> {
  survivor ??= await (next ?? startFaultyServer(server));
  next = null;
  return survivor;
}

const ask = (url: string, { headers, ...rest }: Asked): Promise<Answered> =>
  askOnce(url, { ...rest, headers: { ...scanner, ...headers } });

/** As a client does that is told to come again: until the answer is one. */
async function insist(asked: Asked): Promise<Answered> {
  await server.services.pool.query("delete from rate").catch(() => undefined);
  for (let left = 100; ; left--) {
    const answer = await ask(healthy, asked);
    if (![0, 500, 503].includes(answer.status) || left === 0) return answer;
    expect(answer.status, answer.text).not.toBe(500);
    await wait(200);
  }
}

interface Scan {
  readonly name: string;
  readonly upload: Asked;
  readonly submit: Asked;
}

let drawn = 0;

/** A scan that nobody has sent, whole or by layers. */
function freshScan(isLayered = false): Scan {
  const name = `scan ${++drawn}`;
  const key = `00000000-0000-4000-8000-${String(drawn).padStart(12, "0")}`;
  const layer: MadeLayer = { name, packages: ["zlib 1.2.12-r0", "expat 2.4.1-r0"] };
  const sbom = alpineWith(apk("zlib", "1.2.12-r0"), apk("expat", "2.4.1-r0"), apk(`p${drawn}`, "1-r0"));
  const { bytes, sha256 } = uploadOf(isLayered ? documentOf(layer) : sbom);
  const facts = factsOf([layer], name);
  const analysis = { shaping, scanner: "test 1", facts, layers: { [diffIdOf(layer)]: sha256 } };
  const named = isLayered ? { analysis } : { upload: sha256 };
  return {
    name,
    upload: { method: "PUT", path: `${base}/uploads/${sha256}`, body: bytes },
    submit: { method: "POST", path: `${base}/scans`, body: { ...named, name, key } },
  };
}

async function resultsOf(name: string): Promise<number> {
  const sql = "select from result r join asset a on a.id = r.asset_id where a.name = $1";
  return (await server.services.pool.query(sql, [name])).rows.length;
}

/** Sent again under its key it is answered, and again the same; it is kept once, and others do not see it. */
async function expectKeptOnce(scan: Scan): Promise<void> {
  expect((await insist(scan.upload)).status).toBe(200);
  const answer = await insist(scan.submit);
  expect(answer.status, answer.text).toBe(200);
  expect((await insist(scan.submit)).text).toBe(answer.text);
  expect(await resultsOf(scan.name)).toBe(1);
  const { resultId } = JSON.parse(answer.text);
  acknowledged.set(scan.name, resultId);
  expect((await insist({ path: `${base}/results/${resultId}` })).status).toBe(200);
  expect((await insist({ path: `${base}/results/${resultId}`, headers: { ...stranger } })).status).toBe(404);
}

afterAll(async () => {
  // Of the whole file: nothing that was acknowledged is missing, nothing is there that was not.
  const { rows } = await server.services.pool.query(
    "select a.name, encode(r.id, 'hex') as id from result r join asset a on a.id = r.asset_id",
  );
  expect(new Map(rows.map(({ name, id }) => [name, id]))).toEqual(acknowledged);
  expect(rows).toHaveLength(acknowledged.size);
});

const deaths = ["process", "database", "backend"] as const;
const ofScans: readonly (readonly [FaultPoint, boolean])[] = [
  ["upload.piece", false],
  ["scan.read", false],
  ["layers.kept", true],
  ["scan.evaluated", false],
  ["scan.kept", false],
  ["scan.answer", true],
];

/** A PostgreSQL that ends by itself again and again is not started for ever. */
const ofDatabase: readonly FaultPoint[] = ["scan.evaluated", "scan.kept"];

describe.each(deaths)("kill -9 of the %s", (dies) => {
  it.each(ofScans.filter(([point]) => dies !== "database" || ofDatabase.includes(point)))(
    "at %s: not acknowledged, not doubled, the same answer under its key",
    async (point, isLayered) => {
      const faulty = dies === "process" ? await fresh() : await surviving();
      const scan = freshScan(isLayered);
      if (point !== "upload.piece") expect((await ask(faulty.url, scan.upload)).status).toBe(200);
      await faulty.arm({ point, dies });
      const asked = await ask(faulty.url, point === "upload.piece" ? scan.upload : scan.submit);
      if (dies === "process") expect(asked.status).toBe(0);
      // What has an answer has it for good; the database's death is told as what passes.
      else expect([200, 503], asked.text).toContain(asked.status);
      if (dies !== "process") expect(asked.text).not.toContain("INTERNAL");
      await expectKeptOnce(scan);
      expect(await wrongInStore(server)).toEqual({});
    },
    120_000,
  );

  it("inside the transaction that keeps a scan: all of it or nothing", async () => {
    const faulty = dies === "process" ? await fresh() : await surviving();
    const scan = freshScan();
    expect((await ask(faulty.url, scan.upload)).status).toBe(200);
    const postmaster = await postmasterOf(server);
    const asked = await whileLocked("result", async () => {
      const asking = ask(faulty.url, scan.submit);
      await someoneWaits();
      if (dies === "process") await faulty.kill();
      else kill({ dies, postmaster });
      return asking;
    });
    expect(dies === "process" ? [0] : [503], asked.text).toContain(asked.status);
    await expectKeptOnce(scan);
    expect(await wrongInStore(server)).toEqual({});
  }, 120_000);
});

/** Nobody else writes a table while `work` is done. */
async function whileLocked<T>(table: string, work: () => Promise<T>): Promise<T> {
  const client = await server.services.pool.connect();
  try {
    await client.query("begin");
    await client.query(`lock table ${table} in exclusive mode`);
    return await work();
  } finally {
    await client.query("rollback").catch(() => undefined);
    client.release(true);
  }
}

async function someoneWaits(): Promise<void> {
  for (let left = 200; left > 0; left--) {
    const sql = "select from pg_stat_activity where wait_event_type = 'Lock'";
    if ((await server.services.pool.query(sql)).rows.length > 0) return;
    await wait(50);
  }
  throw new Error("nobody waits");
}

describe("a scan that is followed outlives", () => {
  const prefer = { prefer: "respond-async" };

  async function expectDone(jobId: string, scan: Scan): Promise<void> {
    await using _ = await startWorkers(server.services, { beatMs: 100, graceMs: 500 });
    const job = JSON.parse((await insist({ path: `${base}/jobs/${jobId}?wait=20` })).text);
    expect(job).toMatchObject({ state: "done", resultId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    await expectKeptOnce(scan);
    expect(acknowledged.get(scan.name)).toBe(job.resultId);
    expect(await wrongInStore(server)).toEqual({});
  }

  it("kill -9 of the server between the job and its 202: sent again it is the same job", async () => {
    await using faulty = await fresh();
    const scan = freshScan();
    await ask(faulty.url, scan.upload);
    await faulty.arm({ point: "scan.accepted", dies: "process" });
    expect((await ask(faulty.url, { ...scan.submit, headers: prefer })).status).toBe(0);
    const again = await insist({ ...scan.submit, headers: prefer });
    expect(again.status).toBe(202);
    const { rows } = await server.services.pool.query(
      "select id from job where name = 'evaluate-scan' and state = 'queued'",
    );
    expect(rows.map(({ id }) => String(id))).toEqual([JSON.parse(again.text).jobId]);
    await expectDone(JSON.parse(again.text).jobId, scan);
  }, 120_000);

  it("kill -9 of the server between 202 and result: another worker does it", async () => {
    await using faulty = await fresh();
    const scan = freshScan(true);
    await ask(faulty.url, scan.upload);
    const accepted = await ask(faulty.url, { ...scan.submit, headers: prefer });
    expect(accepted.status, accepted.text).toBe(202);
    await faulty.kill();
    await expectDone(JSON.parse(accepted.text).jobId, scan);
  }, 120_000);

  it.each<FaultPoint>(["scan.evaluated", "scan.kept"])(
    "kill -9 of the worker that does it, at %s: kept once, and the job names it",
    async (point) => {
      await using working = await startFaultyServer(server, true);
      const scan = freshScan();
      await ask(working.url, scan.upload);
      await working.arm({ point, dies: "process" });
      const accepted = await ask(working.url, { ...scan.submit, headers: prefer });
      expect(accepted.status, accepted.text).toBe(202);
      while (working.child.signalCode === null) await wait(20);
      expect(working.child.signalCode).toBe("SIGKILL");
      await expectDone(JSON.parse(accepted.text).jobId, scan);
    },
    120_000,
  );
});

describe("kill -9 of the server at a change of a zone", () => {
  it.each<FaultPoint>(["zone.applied", "zone.committed"])(
    "%s: all of it or nothing",
    async (point) => {
      const path = "/platform/v2/zones";
      const made = await insist({
        method: "POST",
        path,
        body: { name: `before ${point}`, scopes: [{ filters: [{ resourceType: "host" }] }] },
        headers: { ...admin },
      });
      const { id } = JSON.parse(made.text);
      await using faulty = await fresh();
      await faulty.arm({ point, dies: "process" });
      const change = {
        method: "PUT",
        path: `${path}/${id}`,
        body: { name: `after ${point}`, scopes: [{ filters: [{ resourceType: "image" }] }] },
        headers: { ...admin },
      };
      expect((await ask(faulty.url, change)).status).toBe(0);
      const read = JSON.parse((await insist({ path: `${path}/${id}`, headers: { ...admin } })).text);
      expect(read.name).toBe(point === "zone.committed" ? `after ${point}` : `before ${point}`);
      expect(await wrongInStore(server)).toEqual({});
      expect((await insist(change)).status).toBe(200);
      expect(await wrongInStore(server)).toEqual({});
    },
    120_000,
  );
});
