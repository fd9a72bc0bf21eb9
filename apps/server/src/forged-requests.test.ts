import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asker } from "./testing/asker.ts";
import { type SessionHeaders, signedInAs, somebody, tryToSignIn } from "./testing/people.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let teams: number[];

beforeAll(async () => {
  server = await startTestServer();
  // One after the other: who signs in acts for the team with the lowest id.
  teams = [];
  for (const name of ["a", "b", "c"]) {
    teams.push(await server.team({ name }));
  }
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const someone = (wish: Parameters<typeof somebody>[1] = {}) => somebody(server, wish);

const ask = asker(() => ({ server }));

const me = "/api/users/me";

describe("who asks", () => {
  it("is a person with teams, the permissions of the one acted for, and can act for another", async () => {
    const [a = 0, b = 0, c = 0] = teams;
    const username = await someone({ teams: { [a]: "ROLE_TEAM_READ", [b]: "ROLE_TEAM_MANAGER" } });
    const headers = await signedInAs(server, { username });
    const { user } = (await ask("GET", me, { as: headers })).body;
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
    expect((await ask("PUT", "/api/session/team", { as: headers, body: { team: b } })).status).toBe(204);
    expect((await ask("GET", `${me}/permissions`, { as: headers })).body.permissions).toContain("team.edit");
    expect((await ask("GET", "/api/identity/context", { as: headers })).body).toMatchObject({
      identityType: "USER",
      teamId: b,
      teamName: "b",
      username,
      serviceAccountId: null,
    });
    for (const team of [c, 99_999, null]) {
      expect((await ask("PUT", "/api/session/team", { as: headers, body: { team } })).status).toBe(404);
    }
    expect((await ask("GET", "/api/user/me", { as: headers })).body.user.currentTeam).toBe(b);
  });

  it("sees nothing, and may nothing, without a team", async () => {
    const headers = await signedInAs(server, { username: await someone() });
    const { user } = (await ask("GET", me, { as: headers })).body;
    expect(user).toMatchObject({ currentTeam: null, permissions: [], teams: [] });
    expect((await ask("GET", "/secure/vulnerability/v1/pipeline-results", { as: headers })).status).toBe(403);
  });

  it("is an administrator for everything or for one team", async () => {
    const headers = await signedInAs(server, { username: await someone({ isAdmin: true }) });
    const { user } = (await ask("GET", me, { as: headers })).body;
    expect(user).toMatchObject({ systemRole: "ROLE_CUSTOMER", currentTeam: null });
    expect(user.teams.map(({ name }: { name: string }) => name)).toEqual(["a", "b", "c"]);
    for (const team of [teams[2], null]) {
      expect((await ask("PUT", "/api/session/team", { as: headers, body: { team } })).status).toBe(204);
      expect((await ask("GET", me, { as: headers })).body.user.currentTeam).toBe(team);
    }
  });

  it("may be a service account's token, without a person", async () => {
    const headers = await server.token({ name: "ci", team: teams[0] ?? null });
    expect((await ask("GET", me, { as: headers })).body.user).toMatchObject({
      id: 0,
      username: "ci",
      systemRole: "ROLE_SERVICE_ACCOUNT",
      currentTeam: teams[0],
    });
    expect((await ask("GET", "/api/identity/context", { as: headers })).body).toMatchObject({
      identityType: "SERVICE_ACCOUNT",
      serviceAccountName: "ci",
      userId: null,
    });
  });
});

describe("requests forged by another site", () => {
  let headers: SessionHeaders;
  const url = "/api/session/team";
  const put = async (with_: object) => ask("PUT", url, { as: with_, body: { team: null } });

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
    const answer = await ask("POST", "/platform/v2/zones", {
      as: { ...token, origin: "https://tool.example" },
      body: {},
    });
    expect(answer.status).toBe(400);
  });

  it("reading is left alone", async () => {
    expect((await ask("GET", me, { as: { cookie: headers.cookie, "sec-fetch-site": "cross-site" } })).status).toBe(200);
  });
});
