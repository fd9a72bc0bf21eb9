import { setTimeout as wait } from "node:timers/promises";
import { unscannedAnswer } from "@plimsoll/contract";
import { startWorkers } from "@plimsoll/platform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asker, type Headers } from "./testing/asker.ts";
import { imageWith, newTeam, runtimeRows, sendSnapshot, workloadOf } from "./testing/collector.ts";
import { apk, sendScan } from "./testing/send-scan.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

// What collectors say runs, sent as they send it, and read as clients read it.

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 60_000);
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const zlib = apk("zlib", "1.2.12-r0");
const expat = apk("expat", "2.4.1-r0");

const ask = asker(() => ({ server }));
const get = (url: string, as: Headers) => ask("GET", url, { as });

const v1 = "/secure/vulnerability/v1";
const inventory = "/secure/inventory/v1";
const rows = (reader: Headers, query = "") => runtimeRows(server, reader, query);

/** Has the jobs done that snapshots and scans asked for. */
async function workThrough(): Promise<void> {
  const { pool } = server.services;
  await using _ = await startWorkers(server.services, { beatMs: 100, graceMs: 500 });
  for (let left = 200; left > 0; left--) {
    const open = await pool.query(
      "select from job where state in ('queued', 'running') and name in ('inventory', 'verdict-expiry')",
    );
    if (open.rows.length === 0) return;
    await wait(50);
  }
  const { rows: stuck } = await pool.query("select name, state, error_message, run_at from job");
  throw new Error(`the jobs do not end: ${JSON.stringify(stuck)}`);
}

describe("what runs", () => {
  it("brings its findings when its image was scanned before, and when it is scanned later", async () => {
    const { sender, reader } = await newTeam(server);
    const [known, later] = [
      imageWith("r.example/shop/known:1", zlib),
      imageWith("r.example/shop/later:1", zlib, expat),
    ];
    await sendScan(server, sender, { sbom: known, name: "r.example/shop/known:1" });
    const taken = await sendSnapshot(server, sender, {
      contents: {
        workloads: [
          workloadOf("known", { name: "r.example/shop/known:1", id: known.id }),
          workloadOf("by-manifest", { name: "r.example/shop/known:1", digest: known.digest }),
          workloadOf("later", { name: "r.example/shop/later:1", digest: later.digest }),
        ],
      },
    });
    expect(taken.body).toMatchObject({
      added: 3,
      toScan: [{ image: "r.example/shop/later:1", digest: later.digest }],
      toScanTotal: 1,
    });
    const of = async (name: string) => (await rows(reader, `filter=kubernetes.workload.name%3D"${name}"`))[0];
    const total = async (name: string) =>
      Object.values((await of(name))?.vulnTotalBySeverity ?? {}).reduce((a, b) => a + b, 0);
    expect(await total("known")).toBeGreaterThan(0);
    expect(await total("by-manifest")).toBe(await total("known"));
    expect(await of("known")).toMatchObject({ resourceId: known.id, sbomId: expect.any(String) });
    expect(await total("later")).toBe(0);
    await sendScan(server, sender, { sbom: later, name: "elsewhere/later:2", stage: "registry" });
    expect(await total("later")).toBeGreaterThan(await total("known"));
    const shown = await get(`${v1}/results/${(await of("later"))?.resultId}`, reader);
    expect(shown).toMatchObject({ status: 200, body: { stage: "runtime", isFrozen: false } });
    expect(JSON.stringify(shown.body)).not.toContain("elsewhere");
    expect((await get(`${inventory}/where-runs?image=${later.digest}`, reader)).body).toMatchObject({
      page: { total: 1 },
      data: [{ kind: "workload", replicas: 1 }],
    });
    expect((await get(`${inventory}/unscanned`, reader)).body.data).toEqual([]);
  });

  it("is not given what another team says of its image", async () => {
    const [one, two] = [await newTeam(server), await newTeam(server)];
    const image = imageWith("r.example/private:1");
    await sendScan(server, two.sender, { sbom: image, name: "lie" });
    await sendSnapshot(server, one.sender, {
      contents: { workloads: [workloadOf("w", { name: "r.example/private:1", id: image.id })] },
    });
    expect(await rows(one.reader)).toMatchObject([{ sbomId: null }]);
    const trusted = await server.token({ role: "ROLE_ADMIN" });
    await sendScan(server, trusted, { sbom: imageWith("r.example/private:1", zlib), name: "truth" });
    const [row] = await rows(one.reader);
    expect(row?.sbomId).not.toBeNull();
    expect(row?.vulnTotalBySeverity).not.toEqual(row?.runningVulnTotalBySeverity);
  });

  it("shows which packages are in use, counts them, and is judged by them", async () => {
    const { sender, reader } = await newTeam(server);
    const image = imageWith("r.example/shop/used:1", zlib, expat);
    const said = { name: "r.example/shop/used:1", id: image.id };
    await sendSnapshot(server, sender, {
      contents: {
        workloads: [
          {
            ...workloadOf("used", said),
            loaded: { purls: ["pkg:apk/alpine/expat@2.4.1-r0?distro=alpine-3.18.0"], paths: ["/lib/apk/db/installed"] },
          },
          { ...workloadOf("idle", said), loaded: {} },
          workloadOf("unknown", said),
        ],
      },
    });
    await sendScan(server, sender, { sbom: image, name: "used" });
    await workThrough();
    const listed = await rows(reader, "sort=runningVulnTotalBySeverity");
    const names = listed.map(({ scope }) => scope["kubernetes.workload.name"]);
    expect(names[0]).toBe("used");
    const of = (name: string) => listed[names.indexOf(name)];
    expect(names.map((name) => of(String(name))?.isRiskSpotlightEnabled)).toEqual(
      names.map((name) => name !== "unknown"),
    );
    const used = of("used");
    const expatAlone = (await sendScan(server, sender, { sbom: imageWith("x", expat), name: "x" })).report.findings;
    const sum = (counts: object = {}) => Object.values(counts).reduce((a: number, b: number) => a + b, 0);
    expect(sum(used?.runningVulnTotalBySeverity)).toBe(expatAlone.length);
    expect(sum(used?.vulnTotalBySeverity)).toBeGreaterThan(expatAlone.length);
    expect(sum(of("idle")?.runningVulnTotalBySeverity)).toBe(0);
    expect(used?.policyEvaluationResult).toMatch(/passed|failed/);
    expect((await rows(reader, "filter=hasRunningVulns%3Dtrue")).map(({ assetId }) => assetId)).toEqual([
      used?.assetId,
    ]);
    const { body } = await get(`${v1}/results/${used?.resultId}`, reader);
    const running = Object.values(body.packages as Record<string, { name: string; isRunning: boolean }>);
    expect(running.filter(({ isRunning }) => isRunning).map(({ name }) => name)).toEqual(["expat"]);
  });

  it("is scanned by the server when it is asked to, and says why it was not", async () => {
    const { sender, reader } = await newTeam(server);
    const workloads = [
      workloadOf("w", { name: "r.example/shop/none:1" }),
      {
        ...workloadOf("x", { name: "r.example/shop/odd:1" }),
        unscanned: { reason: "unsupported", detail: "no manifest" },
      } as const,
    ];
    await sendSnapshot(server, sender, { contents: { workloads } });
    const reasons = async () =>
      unscannedAnswer
        .parse((await get(`${inventory}/unscanned`, reader)).body)
        .data.map(({ name, reason }) => [name, reason]);
    expect(await reasons()).toEqual([
      ["r.example/shop/none:1", "never-scanned"],
      ["r.example/shop/odd:1", "unsupported"],
    ]);
    const asked = await server.app.inject({
      method: "POST",
      url: `${inventory}/unscanned/scan`,
      headers: reader,
      payload: { limit: 1 },
    });
    expect([asked.statusCode, asked.json().jobs.length]).toEqual([202, 1]);
    expect(await reasons()).toContainEqual(["r.example/shop/none:1", "scan-queued"]);
    await server.services.pool.query(
      "update job set state = 'failed', error_code = 'REGISTRY_LOGIN_MISSING', error_message = 'no login' where id = $1",
      [asked.json().jobs[0].jobId],
    );
    expect(await reasons()).toContainEqual(["r.example/shop/none:1", "credentials-missing"]);
  });
});
