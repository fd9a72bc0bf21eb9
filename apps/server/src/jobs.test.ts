import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

type Headers = { readonly authorization: string };

const base = "/secure/vulnerability/v1";
let server: TestServer;
/** Of team 1: one who may scan, and one who may see its jobs; of team 2: one who may see its own. */
let asker: Headers;
let reader: Headers;
let stranger: Headers;
let admin: Headers;
let nobody: Headers;

beforeAll(async () => {
  server = await startTestServer();
  const team = await server.team();
  const second = await server.team();
  asker = await server.token({ team, role: "ROLE_TEAM_STANDARD" });
  reader = await server.token({ team, role: "ROLE_TEAM_EDIT" });
  stranger = await server.token({ team: second, role: "ROLE_TEAM_EDIT" });
  nobody = await server.token({ team, role: "ROLE_TEAM_STANDARD" });
  admin = await server.token({ role: "ROLE_ADMIN" });
});
afterAll(async () => {
  expect(server?.defects).toEqual([]);
  await server?.[Symbol.asyncDispose]();
});

async function ask(method: "GET" | "POST" | "DELETE", path: string, as?: Headers) {
  const answer = await server.app.inject({ method, url: `${base}${path}`, headers: { ...as } });
  return { status: answer.statusCode, body: answer.body === "" ? null : answer.json() };
}

/** A job of team 1 that waits for a worker; there is none here. */
async function queued(image: string): Promise<string> {
  const payload = { image: `127.0.0.1:1/${image}:1`, platform: "linux/amd64" };
  const asked = await server.app.inject({ method: "POST", url: `${base}/scan-now`, headers: { ...asker }, payload });
  expect(asked.statusCode, asked.body).toBe(202);
  return asked.json().jobId;
}

const setState = (id: string, state: string) =>
  server.services.pool.query(
    `update job set state = $2, ended_at = now(), error_code = 'JOB_CRASHED', crashes = 3, version = version + 1 where id = $1`,
    [id, state],
  );

async function actions(id: string): Promise<string[]> {
  const { rows } = await server.services.pool.query("select action from audit where subject = $1 order by id", [
    `job:${id}`,
  ]);
  return rows.map(({ action }) => action);
}

describe("GET /jobs", () => {
  it("200: lists what the team may see, by state, with a cursor that ends", async () => {
    const ids = [await queued("one"), await queued("two"), await queued("three")];
    const seen: string[] = [];
    for (let next: string | undefined = ""; next !== undefined; ) {
      const cursor: string = next === "" ? "" : `&cursor=${next}`;
      const { body } = await ask("GET", `/jobs?limit=2${cursor}`, reader);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      next = body.page.next;
    }
    expect(seen).toEqual(ids.toReversed());
    const mine = await ask("GET", "/jobs?name=scan-image&state=queued&limit=1", reader);
    expect(mine.body.data[0]).toMatchObject({
      state: "queued",
      attempts: 0,
      progress: null,
      error: null,
      resultId: null,
    });
    expect((await ask("GET", "/jobs?state=dead", reader)).body.data).toEqual([]);
    expect((await ask("GET", "/jobs", stranger)).body.data).toEqual([]);
    expect((await ask("GET", "/jobs?name=scan-image", admin)).body.data).toHaveLength(3);
  });

  it("400: a cursor of another list, a state that is none", async () => {
    const { body } = await ask("GET", "/jobs?limit=1", reader);
    const foreign = await ask("GET", `/jobs?state=queued&cursor=${body.page.next}`, reader);
    expect([foreign.status, foreign.body.type]).toEqual([400, "BAD_CURSOR"]);
    expect((await ask("GET", "/jobs?state=lost", reader)).status).toBe(400);
  });

  it("401, 403: nobody, and who may not", async () => {
    expect((await ask("GET", "/jobs")).status).toBe(401);
    expect((await ask("GET", "/jobs", asker)).status).toBe(403);
    const mine = await ask("GET", "/jobs?mine=true", asker);
    expect(mine.body.data.length).toBeGreaterThan(0);
    expect(new Set(mine.body.data.map(({ askedBy }: { askedBy: string }) => askedBy)).size).toBe(1);
    expect((await ask("GET", "/jobs?mine=true", stranger)).body.data).toEqual([]);
    expect((await ask("GET", `/jobs?mine=true`)).status).toBe(401);
  });
});

describe("GET /jobs/:id", () => {
  it("200: for the asker and those who may; 403: for others of the team; 404: for other teams", async () => {
    const id = await queued("followed");
    expect((await ask("GET", `/jobs/${id}`, asker)).body).toMatchObject({ id, state: "queued", priority: "manual" });
    expect((await ask("GET", `/jobs/${id}`, reader)).status).toBe(200);
    expect((await ask("GET", `/jobs/${id}`, nobody)).status).toBe(403);
    for (const wrong of [id, "999999999"]) {
      const answer = await ask("GET", `/jobs/${wrong}`, stranger);
      expect([answer.status, answer.body.type]).toEqual([404, "NOT_FOUND"]);
    }
    expect((await ask("GET", "/jobs/0x1", reader)).status).toBe(400);
    expect((await ask("GET", `/jobs/${id}`)).status).toBe(401);
  });

  it("200: waits for news, and answers at once what is news already", async () => {
    const id = await queued("awaited");
    const { body } = await ask("GET", `/jobs/${id}`, asker);
    const before = performance.now();
    const waiting = ask("GET", `/jobs/${id}?wait=10&version=${body.version}`, asker);
    setTimeout(() => setState(id, "dead"), 600);
    expect((await waiting).body).toMatchObject({ state: "dead", error: { type: "JOB_CRASHED" } });
    expect(performance.now() - before).toBeLessThan(5000);
    expect((await ask("GET", `/jobs/${id}?wait=10&version=${body.version}`, asker)).status).toBe(200);
    expect(performance.now() - before).toBeLessThan(5000);
    expect((await ask("GET", `/jobs/${id}?wait=31`, asker)).status).toBe(400);
  });
});

describe("POST /jobs/:id/cancel", () => {
  it("200: the asker's, at once; 400: it has ended; 403, 404: others'; and it is written down", async () => {
    const id = await queued("cancelled");
    expect((await ask("POST", `/jobs/${id}/cancel`, stranger)).status).toBe(404);
    expect((await ask("POST", `/jobs/${id}/cancel`, reader)).status).toBe(403);
    expect((await ask("POST", `/jobs/${id}/cancel`)).status).toBe(401);
    expect((await ask("POST", `/jobs/${id}/cancel`, asker)).body).toMatchObject({ state: "cancelled", attempts: 0 });
    const again = await ask("POST", `/jobs/${id}/cancel`, admin);
    expect([again.status, again.body.type]).toEqual([400, "JOB_ENDED"]);
    expect(await actions(id)).toContain("job.cancel");
    expect((await actions(id)).filter((action) => action === "job.cancel")).toHaveLength(1);
  });
});

describe("dead letters", () => {
  it("are read, tried again and deleted by those who may; each change is written down", async () => {
    const id = await queued("dead");
    await setState(id, "dead");
    const { body } = await ask("GET", "/jobs?state=dead", reader);
    expect(body.data.map((job: { id: string }) => job.id)).toContain(id);
    expect((await ask("POST", `/jobs/${id}/retry`, reader)).status).toBe(403);
    expect((await ask("POST", `/jobs/${id}/retry`)).status).toBe(401);
    expect((await ask("POST", `/jobs/${id}/retry`, admin)).body).toMatchObject({
      state: "queued",
      crashes: 0,
      error: null,
    });
    const open = await ask("POST", `/jobs/${id}/retry`, admin);
    expect([open.status, open.body.type]).toEqual([400, "JOB_NOT_RETRIED"]);
    const early = await ask("DELETE", `/jobs/${id}`, admin);
    expect([early.status, early.body.type]).toEqual([400, "JOB_NOT_ENDED"]);
    await setState(id, "dead");
    expect((await ask("DELETE", `/jobs/${id}`, reader)).status).toBe(403);
    expect((await ask("DELETE", `/jobs/${id}`)).status).toBe(401);
    expect((await ask("DELETE", `/jobs/${id}`, admin)).status).toBe(204);
    expect((await ask("DELETE", `/jobs/${id}`, admin)).status).toBe(404);
    expect((await ask("POST", `/jobs/${id}/retry`, admin)).status).toBe(404);
    expect((await actions(id)).slice(-2)).toEqual(["job.retry", "job.delete"]);
  });
});

describe("feeds", () => {
  it("202: are asked for by an administrator, as one job however often; 401, 403: not by others", async () => {
    const [first, second] = [await ask("POST", "/feeds/update", admin), await ask("POST", "/feeds/update", admin)];
    expect([first.status, first.body]).toEqual([202, second.body]);
    expect((await ask("GET", `/jobs/${first.body.jobId}`, admin)).body).toMatchObject({ name: "feed-update" });
    expect((await ask("GET", `/jobs/${first.body.jobId}`, reader)).status).toBe(404);
    expect((await ask("POST", "/feeds/update", reader)).status).toBe(403);
    expect((await ask("POST", "/feeds/update")).status).toBe(401);
  });

  it("200: tell their health; 401, 403", async () => {
    await server.services.pool.query(
      "insert into feed_health values ('ghsa', 'kept-old', '2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z', 'the host is away')",
    );
    expect((await ask("GET", "/feeds/health", reader)).body.data).toEqual([
      {
        feed: "ghsa",
        status: "kept-old",
        triedAt: "2026-01-02T00:00:00.000Z",
        succeededAt: "2026-01-01T00:00:00.000Z",
        error: "the host is away",
      },
    ]);
    const scanner = await server.token();
    expect((await ask("GET", "/feeds/health", scanner)).status).toBe(403);
    expect((await ask("GET", "/feeds/health")).status).toBe(401);
  });
});
