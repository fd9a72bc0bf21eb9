import { startWorkers } from "@plimsoll/platform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scannerOf } from "./testing/layered.ts";
import { alpineWith, apk, uploadOf } from "./testing/send-scan.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

type Headers = { readonly authorization: string };

const base = "/secure/vulnerability/v1";
let server: TestServer;
let scanner: Headers;
let sibling: Headers;
let stranger: Headers;
beforeAll(async () => {
  server = await startTestServer();
  const team = await server.team();
  const other = await server.team();
  scanner = await server.token({ team });
  sibling = await server.token({ team });
  stranger = await server.token({ team: other });
});
afterAll(async () => {
  expect(server?.defects).toEqual([]);
  await server?.[Symbol.asyncDispose]();
});

const workers = () => startWorkers(server.services, { beatMs: 100, graceMs: 500 });

async function upload(name: string, as = scanner): Promise<string> {
  const { bytes, sha256 } = uploadOf(alpineWith(apk("zlib", "1.2.12-r0"), apk(name, "1-r0")));
  const headers = { ...as, "content-type": "application/octet-stream" };
  const answer = await server.app.inject({ method: "PUT", url: `${base}/uploads/${sha256}`, headers, payload: bytes });
  expect(answer.statusCode).toBe(200);
  return sha256;
}

async function send(payload: object, prefer?: string, as = scanner) {
  const headers = { ...as, ...(prefer !== undefined && { prefer }) };
  const answer = await server.app.inject({ method: "POST", url: `${base}/scans`, headers, payload });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json(), text: answer.body };
}

async function follow(id: string, as = scanner) {
  const answer = await server.app.inject({ url: `${base}/jobs/${id}?wait=20`, headers: { ...as } });
  return { status: answer.statusCode, body: answer.json() };
}

async function resultsNamed(name: string): Promise<number> {
  const sql = "select from result r join asset a on a.id = r.asset_id where a.name = $1";
  return (await server.services.pool.query(sql, [name])).rows.length;
}

let drawn = 0;
const freshKey = () => `00000000-0000-4000-8000-${String(++drawn).padStart(12, "0")}`;

describe("a scan sent with Prefer: respond-async", () => {
  it("202: names the job; done, the same request under its key is answered as if it had been judged at once", async () => {
    const key = freshKey();
    const scan = { upload: await upload("followed"), name: "followed", key };
    const accepted = await send(scan, "respond-async, wait=5");
    expect([accepted.status, accepted.headers["preference-applied"]]).toEqual([202, "respond-async"]);
    const { jobId } = accepted.body;
    expect(accepted.headers.location).toBe(`${base}/jobs/${jobId}`);
    expect((await send(scan, "respond-async")).body).toEqual({ jobId });
    expect(await resultsNamed("followed")).toBe(0);

    await using _ = await workers();
    const job = await follow(jobId);
    expect(job.body).toMatchObject({ name: "evaluate-scan", state: "done", priority: "ci" });
    const again = await send(scan);
    expect([again.status, again.body.resultId]).toEqual([200, job.body.resultId]);
    // Also for who would follow: there is nothing left to wait for.
    expect((await send(scan, "respond-async")).text).toBe(again.text);
    expect(await resultsNamed("followed")).toBe(1);
    expect(job.body.summary).toEqual({ verdict: again.body.report.verdict.status, complete: expect.any(Boolean) });

    const atOnce = await send({ upload: await upload("followed"), name: "at once" });
    const { sbom, findings, verdict, policies } = again.body.report;
    expect(atOnce.body.report).toMatchObject({ sbom, findings, verdict, policies });
  });

  it("202: an image whose layers were sent, and its layers are known from then on", async () => {
    const layer = { name: "followed layer", packages: ["zlib 1.2.12-r0"] };
    const { send: sendLayers, known } = scannerOf(server, { ...scanner, prefer: "respond-async" } as Headers);
    const { status, body } = await sendLayers([layer], [{ of: layer }], { name: "layered" });
    expect(status).toBe(202);
    expect((await known([layer])).body.known).toHaveLength(1);
    await using _ = await workers();
    expect((await follow(body.jobId)).body).toMatchObject({ state: "done", resultId: expect.any(String) });
    expect(await resultsNamed("layered")).toBe(1);
  });

  it("404, 400: what was not sent is told at once", async () => {
    const nothing = await send({ upload: "0".repeat(64) }, "respond-async");
    expect([nothing.status, nothing.body.type]).toEqual([404, "NOT_FOUND"]);
    const unnamed = await send({}, "respond-async");
    expect([unnamed.status, unnamed.body.type]).toEqual([400, "NOTHING_SENT"]);
    const others = await send({ upload: await upload("theirs", stranger) }, "respond-async");
    expect([others.status, others.body.type]).toEqual([404, "NOT_FOUND"]);
    const { send: sendLayers } = scannerOf(server, { ...scanner, prefer: "respond-async" } as Headers);
    const unknown = await sendLayers([{ name: "never sent" }], []);
    expect([unknown.status, unknown.body.type]).toEqual([404, "LAYERS_UNKNOWN"]);
  });

  it("403, 404: the job is its sender's, not another token's of the team, nor another team's", async () => {
    const { body } = await send({ upload: await upload("mine") }, "respond-async");
    expect((await follow(body.jobId, sibling)).status).toBe(403);
    expect((await follow(body.jobId, stranger)).status).toBe(404);
  });

  it("ends as failed with the sender's fault, which the same request is then told too", async () => {
    const scan = { upload: await upload("bad policy"), policies: ["no such policy"], key: freshKey() };
    const { body } = await send(scan, "respond-async");
    await using _ = await workers();
    const job = await follow(body.jobId);
    expect(job.body).toMatchObject({ state: "failed", attempts: 1, error: { type: "UNKNOWN_POLICY" } });
    const again = await send(scan, "wait=60");
    expect([again.status, again.body.type]).toEqual([400, "UNKNOWN_POLICY"]);
  });

  it("200: what is not to be kept, and what is waited for", async () => {
    expect((await send({ upload: await upload("gone"), keep: false }, "respond-async")).status).toBe(200);
    expect((await send({ upload: await upload("waited") }, "wait=10")).status).toBe(200);
    expect((await send({ upload: await upload("odd") }, ', ;=,"respond-async')).status).toBe(200);
  });
});

describe("a long queue", () => {
  async function burst(prefer?: string): Promise<readonly number[]> {
    const tokens = await Promise.all([1, 2].map(() => server.token()));
    // Each time anew, as if everybody sent it.
    const sent: string[] = [];
    for (let n = 0; n < 220; n++) sent.push(await upload("burst", tokens[n % 2]));
    const answers = Array.from({ length: 220 }, (_, n) => {
      const as = tokens[n % 2] ?? scanner;
      return send({ upload: sent[n], name: `burst ${n}`, answer: "verdict", key: freshKey() }, prefer, as);
    });
    return (await Promise.all(answers)).map(({ status }) => status);
  }

  it("is answered 202 beyond a hundred while somebody does jobs; who waits is answered, whoever is there", async () => {
    await server.services.pool.query("delete from rate; delete from job_worker");
    const alone = await burst();
    expect(new Set(alone)).toEqual(new Set([200]));
    await using _ = await workers();
    await server.services.pool.query("delete from rate");
    const helped = await burst();
    expect(helped.filter((status) => status === 202).length).toBeGreaterThan(20);
    expect(helped.filter((status) => status === 200).length).toBeGreaterThanOrEqual(100);
    expect(new Set(helped)).toEqual(new Set([200, 202]));
    await server.services.pool.query("delete from rate");
    expect(new Set(await burst("wait=60"))).toEqual(new Set([200]));
  }, 120_000);
});
