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

describe("a password that somebody else knows", () => {
  it("lets one do nothing but change it", async () => {
    const username = await someone({ isAdmin: true, mustChange: true });
    const answer = await tryToSignIn(server, { username });
    expect(answer.json()).toMatchObject({ mustChangePassword: true });
    const headers = headersOf(answer);
    expect((await ask("GET", me, { as: headers })).body.user.mustChangePassword).toBe(true);
    for (const url of ["/api/sessions", "/api/users/me/tokens", "/secure/vulnerability/v1/pipeline-results"]) {
      expect(await ask("GET", url, { as: headers })).toMatchObject({
        status: 403,
        body: { type: "PASSWORD_CHANGE_NEEDED" },
      });
    }
    const change = { oldPassword: testPassword, newPassword: "one of my very own" };
    const changed = await server.app.inject({
      method: "PUT",
      url: `${me}/password`,
      headers: { ...headers },
      payload: change,
    });
    expect([changed.statusCode, changed.json()]).toMatchObject([200, { mustChangePassword: false }]);
    expect((await ask("GET", "/api/sessions", { as: headersOf(changed) })).status).toBe(200);
  });
});

describe("changing the password", () => {
  const url = `${me}/password`;
  const change = { oldPassword: testPassword, newPassword: "one of my very own" };

  it("ends all sessions, this one too, and begins another", async () => {
    const username = await someone();
    const [one, two] = [await signedInAs(server, { username }), await signedInAs(server, { username })];
    const changed = await server.app.inject({ method: "PUT", url, headers: { ...one }, payload: change });
    expect(changed.statusCode).toBe(200);
    for (const old of [one, two]) expect((await ask("GET", me, { as: old })).status).toBe(401);
    expect((await ask("GET", me, { as: headersOf(changed) })).status).toBe(200);
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
    expect(await ask("PUT", url, { as: headers, body: payload })).toMatchObject({ status: 400, body: { type } });
    expect((await ask("GET", me, { as: headers })).status).toBe(200);
  });

  it("is not for who has stolen a session and guesses", async () => {
    const headers = await signedInAs(server, { username: await someone() });
    const statuses: number[] = [];
    for (let n = 0; n < 8; n++) {
      statuses.push(
        (await ask("PUT", url, { as: headers, body: { ...change, oldPassword: `guess number ${n}` } })).status,
      );
    }
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429, 429, 429]);
  });

  it("is not for tokens", async () => {
    expect(await ask("PUT", url, { as: await server.token(), body: change })).toMatchObject({
      status: 403,
      body: { type: "SESSION_NEEDED" },
    });
  });
});
