import { auditAnswer } from "@plimsoll/contract";
import { digestOf } from "@plimsoll/model";
import { ensureAdministrator, recordAudit, resetPassword, theServer } from "@plimsoll/platform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "./app.ts";
import { usualNetwork } from "./operation/http-server.ts";
import { addPerson, headersOf, signedInAs, testPassword, tryToSignIn } from "./testing/people.ts";
import { now, startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let auditor: { readonly authorization: string };
beforeAll(async () => {
  server = await startTestServer();
  auditor = await server.token({ role: "ROLE_ADMIN" });
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const path = "/platform/v1/platform-audit-events";

async function list(query: string) {
  const answer = await server.app.inject({ url: `${path}?${query}`, headers: { ...auditor } });
  return { status: answer.statusCode, body: answer.json() };
}

const filter = (text: string) => `filter=${encodeURIComponent(text)}`;

describe("the first start", () => {
  it("makes one administrator, however many servers start at once, with a password that must be changed", async () => {
    const told = await Promise.all([1, 2, 3].map(() => ensureAdministrator(server.services)));
    const [first, ...others] = told.filter((one) => one !== null);
    expect([first?.username, others]).toEqual(["admin", []]);
    expect(await ensureAdministrator(server.services)).toBeNull();
    const { username = "", password = "" } = first ?? {};
    const answer = await tryToSignIn(server, { username, password });
    expect(answer.json()).toMatchObject({ mustChangePassword: true });
    const reset = await resetPassword(server.services, "ADMIN");
    const me = await server.app.inject({ url: "/api/users/me", headers: { ...headersOf(answer) } });
    expect(me.statusCode).toBe(401);
    expect((await tryToSignIn(server, { username, password })).statusCode).toBe(401);
    expect((await tryToSignIn(server, reset)).json()).toMatchObject({ mustChangePassword: true });
    await expect(resetPassword(server.services, "nobody")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

// Bound to the list without filter, as the server makes them, but for its number.
const binding = digestOf(JSON.stringify(["audit", "", "", ""])).slice("sha256:".length, "sha256:".length + 16);
const beyond = Buffer.from(JSON.stringify([1, binding, 1e300])).toString("base64url");

describe("the audit", () => {
  it("says who did what to what, when and from where, without secrets", async () => {
    await addPerson(server, { username: "ann@example.org", isAdmin: true });
    const headers = await signedInAs(server, { username: "ann@example.org", address: "192.0.2.55" });
    const change = { oldPassword: testPassword, newPassword: "words of my own" };
    const put = { method: "PUT", url: "/api/users/me/password", remoteAddress: "192.0.2.55" } as const;
    await server.app.inject({ ...put, headers: { ...headers }, payload: change });
    const { body } = await list(filter('action = "person.password" and actorName = "ann@example.org"'));
    const { data } = auditAnswer.parse(body);
    expect(data).toEqual([
      {
        id: expect.any(Number),
        timestamp: new Date(now).toISOString(),
        actor: expect.stringMatching(/^person:\d+$/),
        actorName: "ann@example.org",
        address: "192.0.2.55",
        action: "person.password",
        subject: data[0]?.actor,
        detail: {},
      },
    ]);
    const { body: begun } = await list(filter('action startsWith "person.pass" and actorName contains "ann@"'));
    expect(begun.data).toEqual(data);
    expect(JSON.stringify((await list("limit=1000")).body)).not.toMatch(/words of my own|what the test says|argon2/);
  });

  it("tells of attempts that failed, without the name that was typed", async () => {
    await tryToSignIn(server, { username: "typed-in-the-wrong-field", password: "x", address: "192.0.2.66" });
    const { body } = await list(filter('address = "192.0.2.66"'));
    expect(body.data).toMatchObject([{ actor: "nobody", action: "session.refuse", subject: "person:unknown" }]);
    expect(JSON.stringify(body)).not.toContain("typed-in");
  });

  it("is walked whole, page by page, also while it grows", async () => {
    const { pool } = server.services;
    const write = (n: number) =>
      recordAudit(pool, theServer, { action: "walk.test", subject: `row:${n}`, at: now + n });
    for (let n = 0; n < 25; n++) await write(n);
    const seen: string[] = [];
    const walk = `limit=4&${filter('action = "walk.test"')}`;
    for (let cursor = ""; ; ) {
      const { body } = await list(`${walk}${cursor}`);
      seen.push(...body.data.map(({ subject }: { subject: string }) => subject));
      await write(100 + seen.length);
      if (body.page.next === undefined) break;
      cursor = `&cursor=${body.page.next}`;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `row:${24 - n}`));
    const times = `from=${new Date(now + 5).toISOString()}&to=${new Date(now + 8).toISOString()}`;
    const { body } = await list(`${times}&${filter('action = "walk.test"')}`);
    expect(body.data.map(({ subject }: { subject: string }) => subject)).toEqual(["row:7", "row:6", "row:5"]);
  });

  it.each([
    ["an unknown field", filter('detail = "x"'), "UNKNOWN_FIELD"],
    ["a field of every object", filter('constructor = "x"'), "UNKNOWN_FIELD"],
    ["an order that texts have not", filter('action >= "high"'), "BAD_FILTER"],
    ["half a filter", filter("actor in ("), "BAD_FILTER"],
    ["a made-up cursor", "cursor=abc", "BAD_CURSOR"],
    ["no time", "from=yesterday", "BAD_REQUEST"],
    ["a time before all time", "from=0000-01-01T00:00:00Z", "BAD_REQUEST"],
    ["a text that no store takes", filter('actor = "\u0000"'), "BAD_REQUEST"],
    ["a cursor to beyond all rows", `cursor=${beyond}`, "BAD_CURSOR"],
  ])("refuses %s with 400", async (_, query, type) => {
    expect(await list(query)).toMatchObject({ status: 400, body: { type } });
  });

  it.each(["' or true --", "x'); drop table audit; --", "\\", "%"])("takes %j for a text", async (text) => {
    for (const field of ["actor", "subject", "address"]) {
      expect((await list(filter(`${field} = ${JSON.stringify(text)}`))).body).toMatchObject({ data: [] });
      expect((await list(filter(`${field} contains ${JSON.stringify(text)}`))).body).toMatchObject({ data: [] });
    }
  });

  it("is for who may read it", async () => {
    const team = await server.team();
    const headers = { ...(await server.token({ team, role: "ROLE_TEAM_MANAGER" })) };
    expect((await server.app.inject({ url: path, headers })).statusCode).toBe(403);
  });
});

describe("behind a proxy that ends TLS", () => {
  it("cookies are for TLS alone, origins are those of the public name, and addresses those of the browser", async () => {
    const network = { ...usualNetwork, trustedProxies: ["10.0.0.1"] };
    const app = await buildApp({ services: server.services, onDefect: () => undefined, network });
    await addPerson(server, { username: "proxied@example.org" });
    const forwarded = {
      "x-forwarded-proto": "https",
      "x-forwarded-host": "plimsoll.example",
      "x-forwarded-for": "192.0.2.88",
    };
    const sign = (remoteAddress: string, headers: object) =>
      app.inject({
        method: "POST",
        url: "/api/session",
        remoteAddress,
        headers: { ...forwarded, ...headers },
        payload: { username: "proxied@example.org", password: testPassword },
      });
    const answer = await sign("10.0.0.1", { origin: "https://plimsoll.example" });
    expect(answer.cookies[0]).toMatchObject({ name: "__Host-plimsoll", secure: true, path: "/", httpOnly: true });
    expect(answer.cookies[0]?.domain).toBeUndefined();
    const { rows } = await server.services.pool.query("select address from session order by id desc limit 1");
    expect(rows[0].address).toBe("192.0.2.88");
    // Who is no proxy of ours is not believed.
    expect((await sign("10.0.0.2", { origin: "https://plimsoll.example" })).json()).toMatchObject({
      type: "FORGED_REQUEST",
    });
    expect((await sign("10.0.0.2", {})).cookies[0]).toMatchObject({ name: "plimsoll" });
    await app.close();
  });
});
