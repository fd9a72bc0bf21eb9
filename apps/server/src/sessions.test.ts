import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asker } from "./testing/asker.ts";
import { headersOf, signedInAs, somebody, testPassword, tryToSignIn } from "./testing/people.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const someone = (wish: Parameters<typeof somebody>[1] = {}) => somebody(server, wish);

const ask = asker(() => ({ server }));

const me = "/api/users/me";

describe("signing in", () => {
  it("gives a cookie that no script reads and no other site sends, and a token for changes", async () => {
    const answer = await tryToSignIn(server, { username: await someone() });
    expect(answer.statusCode).toBe(200);
    const [cookie] = answer.cookies;
    expect(cookie).toMatchObject({ name: "plimsoll", path: "/", httpOnly: true, sameSite: "Strict" });
    expect(cookie?.secure).toBeUndefined();
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.body).not.toContain(cookie?.value);
    const { rows } = await server.services.pool.query(
      "select 1 from session where encode(hash, 'escape') like '%pls_%'",
    );
    expect(rows).toEqual([]);
    expect((await ask("GET", "/api/session", { as: headersOf(answer) })).body).toEqual(answer.json());
  });

  it("takes the name in whatever case, and not the password", async () => {
    const username = await someone();
    expect((await tryToSignIn(server, { username: username.toUpperCase() })).statusCode).toBe(200);
    expect((await tryToSignIn(server, { username, password: testPassword.toUpperCase() })).statusCode).toBe(401);
  });

  it.each([
    ["a wrong password", async () => ({ username: await someone(), password: "something else" })],
    ["a user that nobody knows", async () => ({ username: "nobody@example.org" })],
    [
      "a user who may no longer sign in",
      async () => {
        const username = await someone();
        await server.services.pool.query("update person set is_enabled = false where username = $1", [username]);
        return { username };
      },
    ],
    [
      "a user without a password",
      async () => {
        const username = await someone();
        await server.services.pool.query("update person set password = null where username = $1", [username]);
        return { username };
      },
    ],
  ])("says the same of %s", async (_, wish) => {
    const answer = await tryToSignIn(server, await wish());
    expect([answer.statusCode, answer.json(), answer.cookies]).toEqual([
      401,
      {
        type: "SIGN_IN_FAILED",
        message: "user and password do not belong together",
        details: [expect.any(String)],
      },
      [],
    ]);
  });

  it.each([
    {},
    { username: "x" },
    { username: "", password: "x" },
    { username: "x", password: "y".repeat(1001) },
    { username: "a\0", password: "x" },
  ])("wants user and password, not %j", async (payload) => {
    expect((await ask("POST", "/api/session", { body: payload })).status).toBe(400);
  });
});

it.each(["\ud800", "\0", "\u202e", "💥".repeat(100)])("a password like %j is no harm", async (password) => {
  expect((await tryToSignIn(server, { username: await someone(), password })).statusCode).toBe(401);
});

describe("a session", () => {
  it("that was there before ends when its browser signs in: none can be foisted on anybody", async () => {
    const foisted = await signedInAs(server, { username: await someone() });
    const own = await tryToSignIn(server, { username: await someone(), headers: { cookie: foisted.cookie } });
    expect(headersOf(own).cookie).not.toBe(foisted.cookie);
    expect((await ask("GET", me, { as: foisted })).status).toBe(401);
    expect((await ask("GET", me, { as: headersOf(own) })).status).toBe(200);
  });

  it("ends when it has rested for 12 hours, and after 7 days however much it is used", async () => {
    const username = await someone();
    const headers = await signedInAs(server, { username });
    const hours = (n: number) => server.advance(n * 3600_000);
    for (let n = 0; n < 15; n++) {
      expect([n, (await ask("GET", me, { as: headers })).status]).toEqual([n, 200]);
      hours(11.1);
    }
    hours(1.6);
    expect((await ask("GET", me, { as: headers })).status).toBe(401);
    const rested = await signedInAs(server, { username });
    hours(12.1);
    expect((await ask("GET", me, { as: rested })).status).toBe(401);
  });

  it("ends when one signs out, and nobody else's", async () => {
    const username = await someone();
    const [one, two] = [await signedInAs(server, { username }), await signedInAs(server, { username })];
    const left = await server.app.inject({ method: "DELETE", url: "/api/session", headers: { ...one } });
    expect(left.statusCode).toBe(204);
    expect(left.cookies[0]).toMatchObject({ name: "plimsoll", value: "" });
    expect((await ask("GET", me, { as: one })).status).toBe(401);
    expect((await ask("GET", me, { as: two })).status).toBe(200);
  });

  it("is seen and ended by its owner alone", async () => {
    const username = await someone();
    const [one, two] = [await signedInAs(server, { username }), await signedInAs(server, { username })];
    const stranger = await signedInAs(server, { username: await someone() });
    const { sessions } = (await ask("GET", "/api/sessions", { as: one })).body;
    expect(sessions).toHaveLength(2);
    const other = sessions.find(({ isThisOne }: { isThisOne: boolean }) => !isThisOne);
    expect((await ask("DELETE", `/api/sessions/${other.id}`, { as: stranger })).status).toBe(404);
    expect((await ask("DELETE", `/api/sessions/${other.id}`, { as: one })).status).toBe(204);
    expect((await ask("GET", me, { as: two })).status).toBe(401);
  });

  it("goes with the person, and with the permission to sign in", async () => {
    const username = await someone();
    const headers = await signedInAs(server, { username });
    await server.services.pool.query("update person set is_enabled = false where username = $1", [username]);
    expect((await ask("GET", me, { as: headers })).status).toBe(401);
  });

  it("is nothing to whom an Authorization header speaks for", async () => {
    const headers = await signedInAs(server, { username: await someone({ isAdmin: true }) });
    expect((await ask("GET", me, { as: { ...headers, authorization: "Bearer wrong" } })).status).toBe(401);
  });
});
