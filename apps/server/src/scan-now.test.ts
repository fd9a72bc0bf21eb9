import { setTimeout as wait } from "node:timers/promises";
import { jobAnswer } from "@plimsoll/contract";
import { type Services, startWorkers, type Workers } from "@plimsoll/platform";
import { alpineLayer, imageOf, startTestRegistry, type TestRegistry } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alpineWith, apk, sendScan } from "./testing/send-scan.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

type Headers = { readonly authorization: string };

const password = "correct-horse-battery";
const login = { type: "docker", username: "robot", password };
const stack = new AsyncDisposableStack();
const platform = "linux/amd64";

let server: TestServer;
let workers: Workers;
let open: TestRegistry;
let closed: TestRegistry;
let team: number;
let user: Headers;
let editor: Headers;
let other: Headers;
/** Every answer that came. */
const answers: string[] = [];

beforeAll(async () => {
  server = stack.use(await startTestServer());
  const { fetching } = server.services;
  const outbound = { ...fetching.outbound, idleTimeoutMs: 2000, answerTimeoutMs: 2000 };
  const services: Services = { ...server.services, fetching: { ...fetching, outbound } };
  workers = stack.use(await startWorkers(services, { slots: 3, beatMs: 100 }));
  open = stack.use(await startTestRegistry());
  closed = stack.use(await startTestRegistry({ auth: { mode: "bearer", user: "robot", password } }));
  team = await server.team();
  const second = await server.team();
  user = await server.token({ team, role: "ROLE_TEAM_STANDARD" });
  editor = await server.token({ team, role: "ROLE_TEAM_EDIT" });
  other = await server.token({ team: second, role: "ROLE_TEAM_EDIT" });
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await stack.disposeAsync();
});

const base = "/secure/vulnerability/v1";

async function ask(method: "GET" | "POST", path: string, { as = user, body }: { as?: Headers; body?: object } = {}) {
  const answer = await server.app.inject({ method, url: path, headers: { ...as }, ...(body && { payload: body }) });
  answers.push(answer.body);
  return { status: answer.statusCode, body: answer.json() };
}

async function request(body: object, as = user): Promise<string> {
  const asked = await ask("POST", `${base}/scan-now`, { as, body: { platform, ...body } });
  expect(asked).toEqual({ status: 202, body: { jobId: expect.any(String) } });
  return asked.body.jobId;
}

const jobOf = async (id: string, as = user) => jobAnswer.parse((await ask("GET", `${base}/jobs/${id}`, { as })).body);

async function once(id: string, holds: (job: Awaited<ReturnType<typeof jobOf>>) => boolean, as = user) {
  for (let left = 300; left > 0; left--) {
    const job = await jobOf(id, as);
    if (holds(job)) return job;
    await wait(100);
  }
  throw new Error(`job ${id} does not get there`);
}

/** How a job stands once it has ended, or failed for the first time. */
const ended = (id: string, as = user) => once(id, ({ endedAt, error }) => endedAt !== null || error !== null, as);
const scanned = async (body: object, as = user) => ended(await request(body, as), as);

const image = imageOf([alpineLayer("zlib 1.2.12-r0", "openssl 3.1.0-r0"), [{ path: "a", body: "b" }]]);

async function registryRows(as = user) {
  return (await ask("GET", `${base}/registry-results`, { as })).body.data;
}

const keep = (registry: string, more: object = {}, as = editor) =>
  ask("POST", `${base}/registry-credentials`, { as, body: { registry, login, ...more } });

describe("Scan Now", () => {
  it("pulls, reads and judges an image, and keeps it as one of its registry", async () => {
    const name = open.push("team/app", "1", image);
    const job = await scanned({ image: name });
    expect(job).toMatchObject({
      state: "done",
      priority: "manual",
      progress: { step: "judging" },
      summary: { image: name, digest: image.manifest.digest, imageId: image.imageId, packages: 2, hasMoved: false },
    });
    const rows = await registryRows();
    expect(rows).toContainEqual(
      expect.objectContaining({ resultId: job.resultId, pullString: name, imageId: image.imageId, vendor: "dockerv2" }),
    );
    const whole = await ask("GET", `${base}/results/${job.resultId}`);
    expect(Object.keys(whole.body.packages)).toHaveLength(2);
    expect(Object.keys(whole.body.vulnerabilities).length).toBeGreaterThan(0);
    expect(await registryRows(other)).toEqual([]);
    expect((await ask("GET", `${base}/jobs/${job.id}`, { as: other })).status).toBe(404);
  });

  it("tells that a name stands for another image than at its last scan", async () => {
    const name = open.push("team/moving", "1", image);
    await scanned({ image: name });
    const next = imageOf([alpineLayer("zlib 1.2.13-r0")]);
    open.push("team/moving", "1", next);
    expect((await scanned({ image: name })).summary).toMatchObject({
      imageId: next.imageId,
      hasMoved: true,
      imageIdBefore: image.imageId,
    });
    expect((await scanned({ image: name })).summary).toMatchObject({ hasMoved: false });
    const pinned = `${open.host}/team/moving@${image.manifest.digest}`;
    expect((await scanned({ image: pinned })).summary).toMatchObject({ imageId: image.imageId });
  });

  it("gives a running workload's asset its result, also one that was never scanned by this image", async () => {
    const scanner = await server.token({ team });
    const labels = { "cluster.name": "c", "workload.name": "web" };
    const sent = { sbom: alpineWith(apk("zlib", "1.2.12-r0")), name: "c/ns/web", stage: "runtime", labels };
    const { resultId } = await sendScan(server, scanner, sent);
    const name = open.push("team/web", "2", image);
    expect(await ask("POST", `${base}/scan-now`, { body: { assetId: resultId.slice(0, 16) } })).toMatchObject({
      status: 400,
      body: { type: "ASSET_WITHOUT_IMAGE" },
    });
    const job = await scanned({ assetId: resultId.slice(0, 16), image: name });
    expect(job).toMatchObject({ state: "done", summary: { hasMoved: true } });
    expect(job.resultId?.slice(0, 16)).toBe(resultId.slice(0, 16));
    const labelled = { ...sent, name: "c/ns/labelled", labels: { ...labels, "container.image": name } };
    const { resultId: labelledId } = await sendScan(server, scanner, labelled);
    expect(await scanned({ assetId: labelledId.slice(0, 16) })).toMatchObject({
      state: "done",
      summary: { image: name },
    });
    const foreign = await ask("POST", `${base}/scan-now`, {
      as: other,
      body: { assetId: resultId.slice(0, 16), image: name },
    });
    expect(foreign).toMatchObject({ status: 404, body: { type: "NOT_FOUND" } });
  });

  it("is asked for twice and done once while it is open", async () => {
    const slow = imageOf([alpineLayer("zlib 1.2.12-r0", "twice 1-r0")]);
    const name = open.push("team/twice", "1", slow);
    open.addFault({ match: /twice\/manifests/, kind: "slow", delayMs: 1000, times: 1 });
    const [one, two] = [await request({ image: name }), await request({ image: name })];
    expect(one).toBe(two);
    expect((await ended(one)).state).toBe("done");
  });

  it.each([
    [{ image: "UPPER/Case:1" }, 400, "INVALID_REFERENCE"],
    [{ image: "file:///etc/passwd" }, 400, "INVALID_REFERENCE"],
    [{ image: "docker-archive:/etc/passwd" }, 400, "INVALID_REFERENCE"],
    [{ image: "dir:/" }, 400, "INVALID_REFERENCE"],
    [{ image: "a b" }, 400, "INVALID_REFERENCE"],
    [{ image: "user:hush-hush@registry.corp/a" }, 400, "INVALID_REFERENCE"],
    [{ image: "registry.corp/a", platform: "linux/amd64/v1/x" }, 400, "INVALID_PLATFORM"],
    [{}, 400, "BAD_REQUEST"],
    [{ assetId: "x" }, 400, "BAD_REQUEST"],
    [{ assetId: "00000000000000aa" }, 404, "NOT_FOUND"],
  ])("refuses %j", async (body, status, type) => {
    const refused = await ask("POST", `${base}/scan-now`, { body });
    expect(refused).toMatchObject({ status, body: { type } });
    expect(JSON.stringify(refused)).not.toContain("hush-hush");
  });

  it("needs a session or token, and the permission", async () => {
    const reader = await server.token({ team, role: "ROLE_TEAM_READ" });
    const body = { image: "registry.corp/a" };
    expect((await ask("POST", `${base}/scan-now`, { as: { authorization: "" }, body })).status).toBe(401);
    expect((await ask("POST", `${base}/scan-now`, { as: reader, body })).status).toBe(403);
  });
});

describe("logins of Scan Now", () => {
  it("names the registry whose credential is missing, and what to add", async () => {
    const name = closed.push("team/app", "1", image);
    expect(await scanned({ image: name })).toMatchObject({
      state: "failed",
      error: {
        type: "REGISTRY_LOGIN_MISSING",
        message: `${closed.host} wants a login for team/app, and no registry credential here covers it`,
        details: [expect.stringContaining(`add a registry credential for ${closed.host}`)],
      },
    });
  });

  it("are the asking team's own or everybody's, the longest path first", async () => {
    const name = closed.push("deep/team/app", "1", image);
    expect((await keep(closed.host, { name: "theirs" }, other)).status).toBe(201);
    expect((await scanned({ image: name })).error).toMatchObject({ type: "REGISTRY_LOGIN_MISSING" });
    const wrong = { ...login, password: "wrong-horse" };
    await keep(closed.host, { name: "host-wide", login: wrong });
    expect(await scanned({ image: name })).toMatchObject({
      state: "failed",
      error: {
        type: "REGISTRY_LOGIN_REFUSED",
        message: expect.stringContaining("credential host-wide for deep/team/app"),
      },
    });
    await keep(`${closed.host}/deep/tea`, { name: "no prefix of names", login: wrong });
    await keep(`${closed.host}/deep/team`, { name: "team" });
    expect((await scanned({ image: name })).state).toBe("done");
    await keep(`${closed.host}/deep/team/app`, { name: "deeper", login: wrong });
    expect((await scanned({ image: name })).error).toMatchObject({
      message: expect.stringContaining("credential deeper"),
    });
  });

  it("do not go to registries that only look alike", async () => {
    const evil = stack.use(await startTestRegistry({ auth: { mode: "basic", user: "robot", password } }));
    const name = evil.push(`${closed.host.replace(/[:.]/g, "-")}/team/app`, "1", image);
    expect((await scanned({ image: name })).error).toMatchObject({ type: "REGISTRY_LOGIN_MISSING" });
    expect(evil.requests.filter(({ authorization }) => authorization !== null)).toEqual([]);
  });

  it("leave what only a team's own login opens to that team", async () => {
    const { pool } = server.services;
    const hidden = imageOf([alpineLayer("hidden 1-r0")]);
    await keep(`${closed.host}/hidden`, { name: "hidden" });
    await scanned({ image: closed.push("hidden/app", "1", hidden) });
    await scanned({ image: open.push("seen/app", "1", imageOf([alpineLayer("seen 1-r0")])) });
    const { rows } = await pool.query("select distinct scope, is_server from layer_analysis order by scope");
    expect(rows).toEqual([
      { scope: 0, is_server: true },
      { scope: team, is_server: true },
    ]);
    const diff = Buffer.from((hidden.layers[0]?.diffId ?? "").slice(7), "hex");
    const of = await pool.query("select scope from layer_analysis where diff_id = $1", [diff]);
    expect(of.rows).toEqual([{ scope: team }]);
  });
});

describe("registries that are hostile or ill", () => {
  const fails = async (repository: string, fault: Parameters<TestRegistry["addFault"]>[0]) => {
    const own = imageOf([alpineLayer(`${repository} 1-r0`)]);
    const name = open.push(repository, "1", own);
    open.addFault(fault);
    return scanned({ image: name });
  };

  it("is asked again later when it allows no more requests for now", async () => {
    const headers = { "retry-after": "99999" };
    const job = await fails("limited", { match: /limited\/manifests/, kind: "status", status: 429, headers });
    expect(job).toMatchObject({ state: "queued", attempts: 1, error: { type: "RATE_LIMITED" } });
    expect(Date.parse(job.runAt)).toBeGreaterThan(Date.parse(job.createdAt) + 29_000);
  });

  it("gives up one that stops in the middle of a layer", async () => {
    const job = await fails("stalled", { match: /stalled\/blobs/, kind: "stall", keepBytes: 10 });
    expect(job).toMatchObject({ error: { type: expect.stringMatching(/TIMEOUT|BODY_BROKEN/) } });
  }, 60_000);

  it.each([
    ["gone.invalid/a:1", "HOST_UNREACHABLE"],
    ["127.0.0.1:1/a:1", "HOST_UNREACHABLE"],
    ["169.254.169.254/latest:1", "ADDRESS_REFUSED"],
    ["10.1.2.3:5000/a:1", "ADDRESS_REFUSED"],
    ["[fd00:ec2::254]/a:1", "ADDRESS_REFUSED"],
  ])("SSRF and silence: %s ends with %s", async (name, type) => {
    expect((await scanned({ image: name })).error).toMatchObject({ type });
  });

  it("is cancelled in the middle of a layer: nothing is asked of the registry any more, and nothing kept", async () => {
    const own = imageOf([alpineLayer("cancelled 1-r0"), alpineLayer("cancelled 2-r0")]);
    const name = open.push("cancelled", "1", own);
    open.addFault({ match: new RegExp(own.layers[1]?.digest ?? ""), kind: "slow", delayMs: 60_000 });
    const id = await request({ image: name });
    let job = await once(id, ({ progress }) => progress?.step === "reading layers");
    expect(job.progress?.parts?.slice(1)).toHaveLength(2);
    expect((await ask("POST", `${base}/jobs/${id}/cancel`)).status).toBe(200);
    job = await once(id, ({ endedAt }) => endedAt !== null);
    expect(job.state).toBe("cancelled");
    expect(workers.running()).toBe(0);
    const asked = open.requests.length;
    await wait(500);
    expect(open.requests).toHaveLength(asked);
    expect((await registryRows()).map((row: { pullString: string }) => row.pullString)).not.toContain(name);
  }, 60_000);
});

it("tells no secret in any answer, job or audit row", async () => {
  const { rows } = await server.services.pool.query(
    "select to_jsonb(a) as row from audit a union all select to_jsonb(j) from job j",
  );
  expect(rows.length).toBeGreaterThan(20);
  for (const text of [...answers, JSON.stringify(rows)]) {
    for (const word of [password, "wrong-horse", Buffer.from(`robot:${password}`).toString("base64")]) {
      expect(text).not.toContain(word);
    }
  }
});
