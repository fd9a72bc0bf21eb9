import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { zstdCompressSync } from "node:zlib";
import { runtimeResultsAnswer, unscannedAnswer } from "@plimsoll/contract";
import { createTeam, startWorkers } from "@plimsoll/platform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageWith, sendSnapshot, workloadOf } from "./testing/collector.ts";
import { apk, sendScan } from "./testing/send-scan.ts";
import { now, startTestServer, type TestServer } from "./testing/test-server.ts";

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

async function newTeam() {
  const team = await createTeam(
    server.services.pool,
    { name: `team ${randomUUID()}`, description: "", allZones: true },
    now,
  );
  return {
    team,
    sender: await server.token({ team }),
    reader: await server.token({ team, role: "ROLE_TEAM_EDIT" }),
  };
}

async function get(url: string, headers: { readonly authorization: string }) {
  const answer = await server.app.inject({ url, headers });
  return { status: answer.statusCode, body: answer.json() };
}

const v1 = "/secure/vulnerability/v1";
const inventory = "/secure/inventory/v1";
const rows = async (reader: { readonly authorization: string }, query = "") =>
  runtimeResultsAnswer.parse((await get(`${v1}/runtime-results?${query}`, reader)).body).data;

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

describe("a snapshot", () => {
  it("makes one workload of alike replicas, and one that is not complete makes nothing vanish", async () => {
    const { sender, reader } = await newTeam();
    const image = { name: "r.example/shop/web:1" };
    const replicas = ["a", "b", "c"].map((id) => ({
      ...workloadOf("web", image),
      containers: [{ id, pod: `web-${id}` }],
    }));
    const first = await sendSnapshot(server, sender, {
      contents: { workloads: [...replicas, workloadOf("job", image)] },
    });
    expect(first).toMatchObject({
      status: 200,
      body: { outcome: "taken", seen: { workloads: 2, replicas: 4 }, added: 2, gone: 0, toScanTotal: 1 },
    });
    const partial = await sendSnapshot(server, sender, {
      complete: false,
      contents: { workloads: [workloadOf("web", image)] },
    });
    expect(partial.body).toMatchObject({ changed: 1, gone: 0 });
    expect(await rows(reader)).toHaveLength(2);
    const whole = await sendSnapshot(server, sender, { contents: { workloads: [workloadOf("web", image)] } });
    expect(whole.body).toMatchObject({ added: 0, changed: 0, unchanged: 1, gone: 1 });
    const [row, ...more] = await rows(reader);
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      sbomId: null,
      resultId: "",
      resourceId: "",
      mainAssetName: image.name,
      isRiskSpotlightEnabled: false,
    });
    expect(row?.scope).toMatchObject({
      "asset.type": "workload",
      "kubernetes.cluster.name": "prod",
      "kubernetes.workload.name": "web",
    });
  });

  it("comes in parts, in any order and compressed or not, and is answered again as before", async () => {
    const { sender, reader } = await newTeam();
    const id = randomUUID();
    const part = async (n: number, contents: object, compress = false) => {
      const json = Buffer.from(JSON.stringify(contents));
      const payload = compress ? zstdCompressSync(json) : json;
      const headers = { ...sender, "content-type": "application/octet-stream" };
      return (
        await server.app.inject({ method: "PUT", url: `${inventory}/snapshots/${id}/parts/${n}`, headers, payload })
      ).json();
    };
    const image = { name: "shop/a" };
    const ended = () => sendSnapshot(server, sender, { id, parts: 3, cluster: "parts" });
    expect(await part(2, { workloads: [workloadOf("w2", image)] })).toEqual({ received: [2], ended: false });
    expect(await part(0, { workloads: [workloadOf("w0", image)] }, true)).toEqual({ received: [0, 2], ended: false });
    expect(await ended()).toMatchObject({ status: 400, body: { type: "SNAPSHOT_PARTS_MISSING" } });
    expect(
      await part(1, { hosts: [{ name: "node-1" }], containers: [{ image, labels: { "host.hostName": "node-1" } }] }),
    ).toEqual({
      ...{ received: [0, 1, 2], ended: false },
    });
    expect(await part(1, { hosts: [] })).toMatchObject({ type: "SNAPSHOT_PART_DIFFERS" });
    const first = await ended();
    expect(first).toMatchObject({ status: 200, body: { added: 4, seen: { workloads: 2, hosts: 1, containers: 1 } } });
    expect(await ended()).toEqual(first);
    expect(await part(1, { hosts: [] })).toEqual({ received: [], ended: true });
    expect((await rows(reader)).map(({ scope }) => scope["asset.type"]).sort()).toEqual([
      "container",
      "host",
      "workload",
      "workload",
    ]);
  });

  it("stays in the team of its token, whatever cluster it claims", async () => {
    const [one, two] = [await newTeam(), await newTeam()];
    const image = { name: "shop/b" };
    await sendSnapshot(server, one.sender, { contents: { workloads: [workloadOf("w", image)] } });
    const claimed = await sendSnapshot(server, two.sender, { contents: { workloads: [workloadOf("x", image)] } });
    expect(claimed.body).toMatchObject({ added: 1, gone: 0 });
    const names = async (reader: typeof one.reader) =>
      (await rows(reader)).map(({ scope }) => scope["kubernetes.workload.name"]);
    expect(await names(one.reader)).toEqual(["w"]);
    expect(await names(two.reader)).toEqual(["x"]);
    expect((await get(`${inventory}/sources`, two.reader)).body.data).toHaveLength(1);
    expect((await get(`${inventory}/unscanned`, two.reader)).body.data).toMatchObject([{ name: "shop/b", assets: 1 }]);
    await sendSnapshot(server, two.sender, { contents: {} });
    expect(await names(one.reader)).toEqual(["w"]);
    expect(await names(two.reader)).toEqual([]);
  });

  it("that is older than the newest changes nothing, and one from the future does not keep later ones out", async () => {
    const { sender, reader } = await newTeam();
    const image = { name: "shop/c" };
    const future = await sendSnapshot(server, sender, {
      takenAt: "2999-01-01T00:00:00Z",
      contents: { workloads: [workloadOf("w", image)] },
    });
    expect(future.body).toMatchObject({ outcome: "taken", problems: [expect.stringContaining("ahead")] });
    const older = await sendSnapshot(server, sender, { takenAt: "2026-11-22T11:59:00Z", contents: {} });
    expect(older.body).toMatchObject({ outcome: "outdated", gone: 0 });
    expect(await rows(reader)).toHaveLength(1);
    const next = await sendSnapshot(server, sender, { takenAt: "2026-11-22T12:00:01Z", contents: {} });
    expect(next.body).toMatchObject({ outcome: "taken", gone: 1 });
  });

  it("of nonsense is refused or cleaned, and never a defect", async () => {
    const { sender, reader } = await newTeam();
    const labels = {
      ...Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`kubernetes.pod.label.${n}`, "x".repeat(400)])),
      "kubernetes.workload.name": "a\u0000b\u202ec\ud800",
      __proto__: "x",
      "container.image": "forged",
      ["k".repeat(900)]: "v".repeat(9000),
    };
    const taken = await sendSnapshot(server, sender, {
      contents: { workloads: [{ labels, image: { name: "n".repeat(1999) } }] },
    });
    expect(taken).toMatchObject({ status: 200, body: { added: 1, problems: [expect.stringContaining("1 rows")] } });
    const [row] = await rows(reader);
    expect(row?.scope["kubernetes.workload.name"]).toBe("a\ufffdb\ufffdc\ufffd");
    expect(Object.keys(row?.scope ?? {}).length).toBeLessThan(110);
    expect(row?.scope["container.image"]).not.toBe("forged");
    for (const contents of [
      { workloads: [{}] },
      { workloads: [{ image: { name: "a", id: "sha256:x" } }] },
      { hosts: [{ name: 5 }] },
    ]) {
      expect((await sendSnapshot(server, sender, { contents: contents as never })).status).toBe(400);
    }
  });
});

describe("what runs", () => {
  it("brings its findings when its image was scanned before, and when it is scanned later", async () => {
    const { sender, reader } = await newTeam();
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
    const [one, two] = [await newTeam(), await newTeam()];
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
    const { sender, reader } = await newTeam();
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
    const { sender, reader } = await newTeam();
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
