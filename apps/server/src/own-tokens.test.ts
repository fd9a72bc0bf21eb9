import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asker } from "./testing/asker.ts";
import { addPerson, type SessionHeaders, signedInAs } from "./testing/people.ts";
import { now, startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let teamA: number;
let teamB: number;
beforeAll(async () => {
  server = await startTestServer();
  [teamA, teamB] = [await server.team(), await server.team()];
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const path = "/api/users/me/tokens";
const day = 24 * 3600_000;
const within = (ms: number) => new Date(server.services.clock() + ms).toISOString();

const ask = asker(() => ({ server }));

let count = 0;
async function someone(teams: Record<number, string>, isAdmin = false) {
  const username = `owner${++count}@example.org`;
  const person = await addPerson(server, { username, isAdmin, teams });
  return { username, person, headers: await signedInAs(server, { username }) };
}

async function make(headers: SessionHeaders, wish: object = {}) {
  const { status, body } = await ask("POST", path, {
    as: headers,
    body: { name: "ci", expiresAt: within(day), ...wish },
  });
  expect([status, body]).toEqual([201, expect.anything()]);
  return { ...body.token, as: { authorization: `Bearer ${body.token.key}` } };
}

const results = "/secure/vulnerability/v1/pipeline-results";

interface Wish {
  readonly name?: string;
  readonly role?: string;
  readonly team?: string | null;
  readonly expiresAt?: string | undefined;
}

describe("an API token of one's own", () => {
  it("is shown once, acts as told, and says when it was used last", async () => {
    const { headers } = await someone({ [teamA]: "ROLE_TEAM_EDIT" });
    const { as, key, ...token } = await make(headers, { name: "my laptop" });
    expect(token).toEqual({
      id: expect.any(Number),
      name: "my laptop",
      team: teamA,
      role: "ROLE_TEAM_EDIT",
      createdAt: new Date(now).toISOString(),
      expiresAt: within(day),
      lastUsedAt: null,
    });
    expect((await ask("GET", results, { as })).status).toBe(200);
    expect((await ask("GET", "/api/token", { as })).body).toEqual({ token: { key } });
    expect((await ask("GET", "/api/token", { as: headers })).body).toMatchObject({ type: "TOKEN_NOT_KEPT" });
    const listed = (await ask("GET", path, { as: headers })).body;
    expect(listed.tokens).toEqual([{ ...token, lastUsedAt: new Date(now).toISOString() }]);
    expect(JSON.stringify(listed)).not.toContain(key);
    const { rows } = await server.services.pool.query("select encode(hash, 'escape') as text from token");
    expect(JSON.stringify(rows)).not.toContain("plm_");
  });

  it("stops when it is revoked, when it has ended, and when its owner may no longer sign in", async () => {
    const { headers, person } = await someone({ [teamA]: "ROLE_TEAM_EDIT" });
    const [revoked, ended, disabled] = [
      await make(headers),
      await make(headers),
      await make(headers, { expiresAt: within(9 * day) }),
    ];
    expect((await ask("DELETE", `${path}/${revoked.id}`, { as: headers })).status).toBe(204);
    expect((await ask("DELETE", `${path}/${revoked.id}`, { as: headers })).status).toBe(404);
    expect((await ask("GET", results, { as: revoked.as })).status).toBe(401);
    server.advance(day);
    expect((await ask("GET", results, { as: ended.as })).status).toBe(401);
    expect((await ask("GET", results, { as: disabled.as })).status).toBe(200);
    await server.services.pool.query("update person set is_enabled = false where id = $1", [person]);
    expect((await ask("GET", results, { as: disabled.as })).status).toBe(401);
  });

  it("can never do more than its owner, whatever its owner becomes", async () => {
    const { headers, person } = await someone({ [teamA]: "ROLE_TEAM_EDIT" });
    const { as } = await make(headers);
    const may = async () => (await ask("GET", "/api/users/me/permissions", { as })).body.permissions;
    expect(await may()).toContain("policies.edit");
    const { pool } = server.services;
    await pool.query("update membership set role = 'ROLE_TEAM_READ' where person_id = $1", [person]);
    expect(await may()).not.toContain("policies.edit");
    expect(await may()).toContain("results.read");
    await pool.query("delete from membership where person_id = $1", [person]);
    expect((await ask("GET", results, { as })).status).toBe(401);
  });

  it("of a former administrator is an administrator's no more", async () => {
    const { headers, person } = await someone({}, true);
    const { as } = await make(headers, { team: null });
    expect((await ask("GET", "/platform/v1/users", { as })).status).toBe(200);
    await server.services.pool.query("update person set is_admin = false where id = $1", [person]);
    expect((await ask("GET", "/platform/v1/users", { as })).status).toBe(401);
  });

  it("may be weaker than its owner, with a standard or a custom role", async () => {
    const { headers } = await someone({ [teamA]: "ROLE_TEAM_MANAGER" });
    const { rows } = await server.services.pool.query<{ id: number }>(
      "insert into role (name, description, permissions) values ('lister', '', '{results.read}') returning id",
    );
    for (const role of ["ROLE_TEAM_READ", `role:${rows[0]?.id}`]) {
      const { as } = await make(headers, { role });
      expect((await ask("GET", results, { as })).status).toBe(200);
      expect((await ask("GET", "/platform/v1/teams", { as })).status).toBe(403);
    }
  });

  it.each<[string, Wish, string]>([
    ["the role of an administrator", { role: "ROLE_ADMIN" }, "BAD_ROLE"],
    ["a role above one's own", { role: "ROLE_TEAM_MANAGER" }, "BAD_ROLE"],
    ["a role that is none", { role: "ROLE_TEAM_EMPEROR" }, "BAD_ROLE"],
    ["a custom role that is none", { role: "role:99999" }, "BAD_ROLE"],
    ["a custom role above one's own", { role: "role:above" }, "BAD_ROLE"],
    ["another team", { team: "b" }, "NOT_FOUND"],
    ["no team at all", { team: null }, "NOT_FOUND"],
    ["an end in the past", { expiresAt: new Date(now - 1).toISOString() }, "BAD_EXPIRY"],
    ["an end in ten years", { expiresAt: "2036-01-01T00:00:00Z" }, "BAD_EXPIRY"],
    ["no end", { expiresAt: undefined }, "BAD_REQUEST"],
    ["no name", { name: "  " }, "BAD_REQUEST"],
  ])("cannot have %s", async (_, wish, type) => {
    const { headers } = await someone({ [teamA]: "ROLE_TEAM_STANDARD" });
    const { rows } = await server.services.pool.query<{ id: number }>(
      "insert into role (name, description, permissions) values ($1, '', '{team.edit}') returning id",
      [`above ${count}`],
    );
    const made = {
      ...wish,
      ...(wish.role === "role:above" && { role: `role:${rows[0]?.id}` }),
      ...(wish.team === "b" && { team: teamB }),
    };
    const answer = await ask("POST", path, { as: headers, body: { name: "x", expiresAt: within(day), ...made } });
    expect(answer).toMatchObject({ status: type === "NOT_FOUND" ? 404 : 400, body: { type } });
  });

  it("cannot be made by a token, nor show or revoke others", async () => {
    const { headers } = await someone({ [teamA]: "ROLE_TEAM_EDIT" });
    const { as, id } = await make(headers);
    const payload = { name: "offspring", expiresAt: within(day) };
    for (const answer of [
      await ask("POST", path, { as, body: payload }),
      await ask("GET", path, { as }),
      await ask("DELETE", `${path}/${id}`, { as }),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { type: "SESSION_NEEDED" } });
    }
  });

  it("cannot be made without end: a hundred are enough", async () => {
    const { headers, person } = await someone({ [teamA]: "ROLE_TEAM_EDIT" });
    await server.services.pool.query(
      `insert into token (hash, name, person_id, role, created_at)
       select sha256(n::text::bytea || 'many'), 'x', $1, 'ROLE_TEAM_READ', now() from generate_series(1, 99) n`,
      [person],
    );
    const asked = Array.from({ length: 5 }, () =>
      ask("POST", path, { as: headers, body: { name: "x", expiresAt: within(day) } }),
    );
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([201, 400, 400, 400, 400]);
  });
});
