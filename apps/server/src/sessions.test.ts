import { createTeam } from "@plimsoll/platform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPerson, headersOf, type SessionHeaders, signedInAs, testPassword, tryToSignIn } from "./testing/people.ts";
import { now, startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let teams: number[];

beforeAll(async () => {
  server = await startTestServer();
  const made = ["a", "b", "c"].map((name) =>
    createTeam(server.services.pool, { name, description: "", allZones: true }, now),
  );
  teams = await Promise.all(made);
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

let count = 0;
const someone = async (wish: { isAdmin?: boolean; mustChange?: boolean; teams?: Record<number, string> } = {}) => {
  const username = `user${++count}@example.org`;
  await addPerson(server, { username, ...wish });
  return username;
};

type Method = "GET" | "POST" | "PUT" | "DELETE";

async function ask(method: Method, url: string, ...[headers, payload]: [headers: object, payload?: object]) {
  const answer = await server.app.inject({ method, url, headers: { ...headers }, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.body === "" ? null : answer.json(), answer };
}

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
    expect((await ask("GET", "/api/session", headersOf(answer))).body).toEqual(answer.json());
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
    expect((await ask("POST", "/api/session", {}, payload)).status).toBe(400);
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
    expect((await ask("GET", me, foisted)).status).toBe(401);
    expect((await ask("GET", me, headersOf(own))).status).toBe(200);
  });

  it("ends when it has rested for 12 hours, and after 7 days however much it is used", async () => {
    const username = await someone();
    const headers = await signedInAs(server, { username });
    const hours = (n: number) => server.advance(n * 3600_000);
    for (let n = 0; n < 15; n++) {
      expect([n, (await ask("GET", me, headers)).status]).toEqual([n, 200]);
      hours(11.1);
    }
    hours(1.6);
    expect((await ask("GET", me, headers)).status).toBe(401);
    const rested = await signedInAs(server, { username });
    hours(12.1);
    expect((await ask("GET", me, rested)).status).toBe(401);
  });

  it("ends when one signs out, and nobody else's", async () => {
    const username = await someone();
    const [one, two] = [await signedInAs(server, { username }), await signedInAs(server, { username })];
    const left = await ask("DELETE", "/api/session", one);
    expect(left.status).toBe(204);
    expect(left.answer.cookies[0]).toMatchObject({ name: "plimsoll", value: "" });
    expect((await ask("GET", me, one)).status).toBe(401);
    expect((await ask("GET", me, two)).status).toBe(200);
  });

  it("is seen and ended by its owner alone", async () => {
    const username = await someone();
    const [one, two] = [await signedInAs(server, { username }), await signedInAs(server, { username })];
    const stranger = await signedInAs(server, { username: await someone() });
    const { sessions } = (await ask("GET", "/api/sessions", one)).body;
    expect(sessions).toHaveLength(2);
    const other = sessions.find(({ isThisOne }: { isThisOne: boolean }) => !isThisOne);
    expect((await ask("DELETE", `/api/sessions/${other.id}`, stranger)).status).toBe(404);
    expect((await ask("DELETE", `/api/sessions/${other.id}`, one)).status).toBe(204);
    expect((await ask("GET", me, two)).status).toBe(401);
  });

  it("goes with the person, and with the permission to sign in", async () => {
    const username = await someone();
    const headers = await signedInAs(server, { username });
    await server.services.pool.query("update person set is_enabled = false where username = $1", [username]);
    expect((await ask("GET", me, headers)).status).toBe(401);
  });

  it("is nothing to whom an Authorization header speaks for", async () => {
    const headers = await signedInAs(server, { username: await someone({ isAdmin: true }) });
    expect((await ask("GET", me, { ...headers, authorization: "Bearer wrong" })).status).toBe(401);
  });
});

describe("a password that somebody else knows", () => {
  it("lets one do nothing but change it", async () => {
    const username = await someone({ isAdmin: true, mustChange: true });
    const answer = await tryToSignIn(server, { username });
    expect(answer.json()).toMatchObject({ mustChangePassword: true });
    const headers = headersOf(answer);
    expect((await ask("GET", me, headers)).body.user.mustChangePassword).toBe(true);
    for (const url of ["/api/sessions", "/api/users/me/tokens", "/secure/vulnerability/v1/pipeline-results"]) {
      expect(await ask("GET", url, headers)).toMatchObject({ status: 403, body: { type: "PASSWORD_CHANGE_NEEDED" } });
    }
    const change = { oldPassword: testPassword, newPassword: "one of my very own" };
    const changed = await ask("PUT", `${me}/password`, headers, change);
    expect(changed).toMatchObject({ status: 200, body: { mustChangePassword: false } });
    expect((await ask("GET", "/api/sessions", headersOf(changed.answer))).status).toBe(200);
  });
});

describe("changing the password", () => {
  const url = `${me}/password`;
  const change = { oldPassword: testPassword, newPassword: "one of my very own" };

  it("ends all sessions, this one too, and begins another", async () => {
    const username = await someone();
    const [one, two] = [await signedInAs(server, { username }), await signedInAs(server, { username })];
    const changed = await ask("PUT", url, one, change);
    expect(changed.status).toBe(200);
    for (const old of [one, two]) expect((await ask("GET", me, old)).status).toBe(401);
    expect((await ask("GET", me, headersOf(changed.answer))).status).toBe(200);
    expect((await tryToSignIn(server, { username })).statusCode).toBe(401);
    expect((await tryToSignIn(server, { username, password: change.newPassword })).statusCode).toBe(200);
  });

  it.each([
    ["a wrong old one", { ...change, oldPassword: "guessed by a thief" }, "WRONG_PASSWORD"],
    ["a short new one", { ...change, newPassword: "short" }, "BAD_PASSWORD"],
    ["the old one again", { ...change, newPassword: testPassword }, "BAD_PASSWORD"],
    ["no new one", { oldPassword: testPassword }, "BAD_REQUEST"],
  ])("refuses %s", async (_, payload, type) => {
    const headers = await signedInAs(server, { username: await someone() });
    expect(await ask("PUT", url, headers, payload)).toMatchObject({ status: 400, body: { type } });
    expect((await ask("GET", me, headers)).status).toBe(200);
  });

  it("is not for who has stolen a session and guesses", async () => {
    const headers = await signedInAs(server, { username: await someone() });
    const statuses: number[] = [];
    for (let n = 0; n < 8; n++) {
      statuses.push((await ask("PUT", url, headers, { ...change, oldPassword: `guess number ${n}` })).status);
    }
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429, 429, 429]);
  });

  it("is not for tokens", async () => {
    expect(await ask("PUT", url, await server.token(), change)).toMatchObject({
      status: 403,
      body: { type: "SESSION_NEEDED" },
    });
  });
});

describe("who asks", () => {
  it("is a person with teams, the permissions of the one acted for, and can act for another", async () => {
    const [a = 0, b = 0, c = 0] = teams;
    const username = await someone({ teams: { [a]: "ROLE_TEAM_READ", [b]: "ROLE_TEAM_MANAGER" } });
    const headers = await signedInAs(server, { username });
    const { user } = (await ask("GET", me, headers)).body;
    expect(user).toMatchObject({
      username,
      systemRole: "ROLE_USER",
      currentTeam: a,
      teams: [
        { id: a, name: "a", role: "ROLE_TEAM_READ" },
        { id: b, name: "b", role: "ROLE_TEAM_MANAGER" },
      ],
    });
    expect(user.permissions).not.toContain("team.edit");
    expect((await ask("PUT", "/api/session/team", headers, { team: b })).status).toBe(204);
    expect((await ask("GET", `${me}/permissions`, headers)).body.permissions).toContain("team.edit");
    expect((await ask("GET", "/api/identity/context", headers)).body).toMatchObject({
      identityType: "USER",
      teamId: b,
      teamName: "b",
      username,
      serviceAccountId: null,
    });
    for (const team of [c, 99_999, null]) {
      expect((await ask("PUT", "/api/session/team", headers, { team })).status).toBe(404);
    }
    expect((await ask("GET", "/api/user/me", headers)).body.user.currentTeam).toBe(b);
  });

  it("sees nothing, and may nothing, without a team", async () => {
    const headers = await signedInAs(server, { username: await someone() });
    const { user } = (await ask("GET", me, headers)).body;
    expect(user).toMatchObject({ currentTeam: null, permissions: [], teams: [] });
    expect((await ask("GET", "/secure/vulnerability/v1/pipeline-results", headers)).status).toBe(403);
  });

  it("is an administrator for everything or for one team", async () => {
    const headers = await signedInAs(server, { username: await someone({ isAdmin: true }) });
    const { user } = (await ask("GET", me, headers)).body;
    expect(user).toMatchObject({ systemRole: "ROLE_CUSTOMER", currentTeam: null });
    expect(user.teams.map(({ name }: { name: string }) => name)).toEqual(["a", "b", "c"]);
    for (const team of [teams[2], null]) {
      expect((await ask("PUT", "/api/session/team", headers, { team })).status).toBe(204);
      expect((await ask("GET", me, headers)).body.user.currentTeam).toBe(team);
    }
  });

  it("may be a service account's token, without a person", async () => {
    const headers = await server.token({ name: "ci", team: teams[0] ?? null });
    expect((await ask("GET", me, headers)).body.user).toMatchObject({
      id: 0,
      username: "ci",
      systemRole: "ROLE_SERVICE_ACCOUNT",
      currentTeam: teams[0],
    });
    expect((await ask("GET", "/api/identity/context", headers)).body).toMatchObject({
      identityType: "SERVICE_ACCOUNT",
      serviceAccountName: "ci",
      userId: null,
    });
  });
});

describe("requests forged by another site", () => {
  let headers: SessionHeaders;
  const url = "/api/session/team";
  const put = async (with_: object) => ask("PUT", url, with_, { team: null });

  beforeAll(async () => {
    headers = await signedInAs(server, { username: await someone({ isAdmin: true }) });
  });

  it("the page's own is answered", async () => {
    expect((await put({ ...headers, "sec-fetch-site": "same-origin" })).status).toBe(204);
    expect((await put({ ...headers, origin: "http://localhost:80" })).status).toBe(204);
    expect((await put(headers)).status).toBe(204);
  });

  it.each([
    ["a form of another site", { "sec-fetch-site": "cross-site" }],
    ["a neighbour under the same domain", { "sec-fetch-site": "same-site" }],
    ["another site in a browser that tells its origin alone", { origin: "https://evil.example" }],
    ["a page without an origin (sandboxed, from a file)", { origin: "null" }],
    ["another port of the same host", { origin: "http://localhost:81" }],
    ["nonsense for an origin", { origin: "http://" }],
  ])("%s, even with the session's token", async (_, extra) => {
    expect(await put({ ...headers, ...extra })).toMatchObject({ status: 403, body: { type: "FORGED_REQUEST" } });
  });

  it.each([
    ["no token", {}],
    ["an empty token", { "x-csrf-token": "" }],
    ["a made-up token", { "x-csrf-token": "x".repeat(43) }],
    ["the cookie's own text for a token", { "x-csrf-token": "cookie" }],
    ["another session's token", { "x-csrf-token": "other" }],
  ])("%s", async (_, extra: { "x-csrf-token"?: string }) => {
    const { cookie } = headers;
    const wanted = extra["x-csrf-token"];
    const other = await signedInAs(server, { username: await someone() });
    const token = { cookie: cookie.split("=")[1], other: other["x-csrf-token"] }[wanted ?? ""] ?? wanted;
    const sent = { cookie, ...(token !== undefined && { "x-csrf-token": token }) };
    expect(await put(sent)).toMatchObject({ status: 403, body: { type: "FORGED_REQUEST" } });
  });

  it("signing somebody in as somebody else", async () => {
    const username = await someone();
    for (const extra of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }]) {
      expect((await tryToSignIn(server, { username, headers: extra })).json()).toMatchObject({
        type: "FORGED_REQUEST",
      });
    }
  });

  it("by a form, which can send no JSON", async () => {
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const body = "username=admin&password=x";
    const answer = await server.app.inject({ method: "POST", url: "/api/session", headers: type, payload: body });
    expect(answer.statusCode).toBe(415);
    const text = { "content-type": "text/plain" };
    const asText = await server.app.inject({ method: "POST", url: "/api/session", headers: text, payload: "{}" });
    expect([400, 415]).toContain(asText.statusCode);
  });

  it("tokens need no such walls: no browser sends them by itself", async () => {
    const token = await server.token({ role: "ROLE_ADMIN" });
    const answer = await ask("POST", "/platform/v2/zones", { ...token, origin: "https://tool.example" }, {});
    expect(answer.status).toBe(400);
  });

  it("reading is left alone", async () => {
    expect((await ask("GET", me, { cookie: headers.cookie, "sec-fetch-site": "cross-site" })).status).toBe(200);
  });
});
