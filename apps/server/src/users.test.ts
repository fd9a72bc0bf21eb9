import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asker, type Headers } from "./testing/asker.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let admin: Headers;
let firstAdmin: number;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.token({ role: "ROLE_ADMIN" });
  firstAdmin = (await ask("POST", v1, { body: { email: "first@example.org", isAdmin: true } })).body.id;
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const v1 = "/platform/v1/users";
const older = "/api/users";

const ask = asker(() => ({ server, usually: admin }));

let made = 0;
async function newUser(wanted: object = {}) {
  const { status, body } = await ask("POST", v1, { body: { email: `user${++made}@example.org`, ...wanted } });
  expect(status).toBe(201);
  return body;
}

function signIn(username: string, password: string) {
  return server.app.inject({ method: "POST", url: "/api/session", payload: { username, password } });
}

describe("users, version 1", () => {
  it("are made with a password that is told once, opens the door once, and is shown by nothing else", async () => {
    const user = await newUser({ firstName: "Ann", lastName: "Example" });
    const { oneTimePassword, ...rest } = user;
    expect(rest).toMatchObject({
      version: 1,
      firstName: "Ann",
      isAdmin: false,
      isEnabled: true,
      activationStatus: "pending",
    });
    expect(await ask("GET", `${v1}/${user.id}`)).toEqual({ status: 200, body: rest });
    const signed = await signIn(user.email, oneTimePassword);
    expect(signed.statusCode).toBeLessThan(300);
    const { rows } = await server.services.pool.query(
      "select row_to_json(p)::text || (select string_agg(row_to_json(a)::text, '') from audit a) as all from person p where id = $1",
      [user.id],
    );
    expect(rows[0].all).not.toContain(oneTimePassword);
  });

  it("are listed page by page, found by e-mail, sorted as asked", async () => {
    await newUser();
    await newUser();
    const { body } = await ask("GET", `${v1}?limit=2&orderby=id:desc`);
    expect(body.data.map(({ id }: { id: number }) => id)).toEqual(
      [...body.data].map(({ id }) => id).sort((a, b) => b - a),
    );
    expect(body.page).toMatchObject({ next: expect.stringContaining("offset=2"), previous: null });
    const { body: second } = await ask("GET", body.page.next);
    expect(second.page.previous).toContain("offset=0");
    expect(second.data[0].id).toBeLessThan(body.data[1].id);
    expect((await ask("GET", `${v1}?filter=email:first@example.org`)).body.data).toHaveLength(1);
  });

  it("change by version, keep what is not named, and are signed out when disabled", async () => {
    const user = await newUser({ firstName: "Ann" });
    const cookie = String((await signIn(user.email, user.oneTimePassword)).headers["set-cookie"]).split(";")[0] ?? "";
    const { version } = (await ask("GET", `${v1}/${user.id}`)).body;
    const stale = await ask("PUT", `${v1}/${user.id}`, { body: { version: version + 1, isEnabled: false } });
    expect(stale).toMatchObject({ status: 400, body: { type: "STALE_VERSION" } });
    const changed = await ask("PUT", `${v1}/${user.id}`, { body: { version, isEnabled: false } });
    expect(changed).toMatchObject({ status: 200, body: { version: version + 1, isEnabled: false, firstName: "Ann" } });
    expect((await server.app.inject({ url: "/api/users/me", headers: { cookie } })).statusCode).toBe(401);
    expect((await signIn(user.email, user.oneTimePassword)).statusCode).toBeGreaterThanOrEqual(400);
    await ask("PUT", `${v1}/${user.id}`, { body: { version: version + 1, isEnabled: true } });
    expect((await signIn(user.email, user.oneTimePassword)).statusCode).toBeLessThan(300);
  });

  it("are deleted with their tokens", async () => {
    const user = await newUser({ isAdmin: true });
    await server.services.pool.query(
      "insert into token (hash, name, person_id, role, created_at) values ('x', 't', $1, 'ROLE_ADMIN', now())",
      [user.id],
    );
    expect((await ask("DELETE", `${v1}/${user.id}`)).status).toBe(204);
    expect((await ask("DELETE", `${v1}/${user.id}`)).status).toBe(404);
    expect((await server.services.pool.query("select from token where person_id = $1", [user.id])).rowCount).toBe(0);
  });

  it("get another one-time password; the old one opens nothing", async () => {
    const user = await newUser();
    const { status, body } = await ask("POST", `${v1}/${user.id}/one-time-password`);
    expect(status).toBe(201);
    expect((await signIn(user.email, user.oneTimePassword)).statusCode).toBeGreaterThanOrEqual(400);
    expect((await signIn(user.email, body.oneTimePassword)).statusCode).toBeLessThan(300);
    expect((await ask("POST", `${v1}/2000000/one-time-password`)).status).toBe(404);
  });
});

describe("the last administrator", () => {
  it("is neither deleted, nor demoted, nor disabled, by any path", async () => {
    const refused = { status: 400, body: { type: "LAST_ADMINISTRATOR" } };
    const { version, email } = (await ask("GET", `${v1}/${firstAdmin}`)).body;
    expect(await ask("DELETE", `${v1}/${firstAdmin}`)).toMatchObject(refused);
    expect(await ask("DELETE", `${older}/${firstAdmin}`)).toMatchObject(refused);
    expect(await ask("PUT", `${v1}/${firstAdmin}`, { body: { version, isAdmin: false } })).toMatchObject(refused);
    expect(await ask("PUT", `${v1}/${firstAdmin}`, { body: { version, isEnabled: false } })).toMatchObject(refused);
    const demoted = { version, username: email, systemRole: "ROLE_USER" };
    expect(await ask("PUT", `${older}/${firstAdmin}`, { body: demoted })).toMatchObject(refused);
  });

  it("stays when two administrators are removed at once", async () => {
    const second = await newUser({ isAdmin: true });
    const answers = await Promise.all([
      ask("DELETE", `${v1}/${second.id}`),
      ask("PUT", `${v1}/${firstAdmin}`, { body: { version: 1, isAdmin: false } }),
    ]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([expect.any(Number), 400]);
    const { rows } = await server.services.pool.query("select count(*) as n from person where is_admin and is_enabled");
    expect(rows[0].n).toBe(1);
    if (answers[0]?.status === 400) {
      const { version } = (await ask("GET", `${v1}/${firstAdmin}`)).body;
      await ask("PUT", `${v1}/${firstAdmin}`, { body: { version, isAdmin: true } });
    }
  });

  it("may go when there is another", async () => {
    const second = await newUser({ isAdmin: true });
    expect((await ask("DELETE", `${v1}/${second.id}`)).status).toBe(204);
  });
});

describe("nobody raises themselves", () => {
  it("who may change users but is no administrator makes none, and touches none", async () => {
    const role = (
      await ask("POST", "/platform/v1/roles", { body: { name: "user keeper", securePermissions: ["users.edit"] } })
    ).body.id;
    const keeper = await server.token({ role: `role:${role}` });
    const refused = { status: 403, body: { type: "CANNOT_GRANT" } };
    expect(await ask("POST", v1, { as: keeper, body: { email: "evil@example.org", isAdmin: true } })).toMatchObject(
      refused,
    );
    const { status, body } = await ask("POST", v1, { as: keeper, body: { email: "plain@example.org" } });
    expect(status).toBe(201);
    const raise = { version: body.version, isAdmin: true };
    expect(await ask("PUT", `${v1}/${body.id}`, { as: keeper, body: raise })).toMatchObject(refused);
    expect(await ask("POST", `${v1}/${firstAdmin}/one-time-password`, { as: keeper })).toMatchObject(refused);
    expect(await ask("DELETE", `${v1}/${firstAdmin}`, { as: keeper })).toMatchObject(refused);
    const all = { name: "raised", securePermissions: ["audit.read"] };
    expect(await ask("PUT", `/platform/v1/roles/${role}`, { as: keeper, body: all })).toMatchObject(refused);
    const account = { name: "raised", systemRoles: ["ROLE_ADMIN"] };
    expect(await ask("POST", "/platform/v1/service-accounts", { as: keeper, body: account })).toMatchObject(refused);
  });

  it("the same permission with the eyes of one team changes nothing of the whole", async () => {
    const team = (await ask("POST", "/platform/v1/teams", { body: { name: "small" } })).body.id;
    const role = (
      await ask("POST", "/platform/v1/roles", {
        body: { name: "small keeper", securePermissions: ["users.edit", "team.edit"] },
      })
    ).body.id;
    const keeper = await server.token({ role: `role:${role}`, team });
    for (const [method, url, body] of [
      ["GET", v1],
      ["POST", v1, { email: "x@example.org" }],
      ["PUT", `/platform/v1/teams/${team}`, { name: "small", isAllZones: true }],
      ["POST", "/platform/v1/roles", { name: "x", securePermissions: [] }],
      ["POST", "/platform/v1/service-accounts", { name: "x" }],
    ] as const) {
      expect([url, (await ask(method, url, { as: keeper, ...(body && { body }) })).status]).toEqual([url, 403]);
    }
  });
});

describe("users as Terraform manages them", () => {
  it("are provisioned, read by id and by name, changed, deleted", async () => {
    const wanted = { username: "terra@example.org", firstName: "T", systemRole: "ROLE_USER", currentTeam: null };
    const { status, body } = await ask("POST", "/api/user/provisioning/", { body: wanted });
    expect([status, body.user.version, body.user.systemRole]).toEqual([200, 1, "ROLE_USER"]);
    const { oneTimePassword: _, ...user } = body.user;
    expect((await ask("GET", `${older}/${user.id}`)).body).toEqual({ user });
    expect((await ask("GET", `${older}/terra@example.org`)).body).toEqual({ user });
    expect((await ask("GET", `${older}/TERRA@example.org`)).body).toEqual({ user });
    const change = {
      id: user.id,
      version: 1,
      username: user.username,
      lastName: "L",
      systemRole: "ROLE_CUSTOMER",
      currentTeam: null,
    };
    expect((await ask("PUT", `${older}/${user.id}`, { body: change })).body.user).toMatchObject({
      version: 2,
      lastName: "L",
      firstName: "",
      systemRole: "ROLE_CUSTOMER",
    });
    expect((await ask("GET", `${older}/light`)).body.users).toContainEqual({
      id: user.id,
      username: user.username,
      firstName: "",
      lastName: "L",
    });
    expect((await ask("GET", older)).body.users.some(({ id }: { id: number }) => id === user.id)).toBe(true);
    expect((await ask("DELETE", `${older}/${user.id}`)).status).toBe(204);
    expect((await ask("GET", `${older}/${user.id}`)).status).toBe(404);
    expect((await ask("GET", `${older}/nobody@example.org`)).status).toBe(404);
  });
});

describe("a user that cannot be", () => {
  it.each([
    ["no name", {}],
    ["an empty name", { email: "" }],
    ["digits alone, which would be an id", { email: "12345" }],
    ["a space", { email: "a b@example.org" }],
    ["a line break", { email: "a\nb@example.org" }],
    ["NUL", { email: "a\u0000@example.org" }],
    ["letters that turn the line round", { email: "a\u202e@example.org" }],
    ["half a character", { email: "a\ud800@example.org" }],
    ["a path", { email: "../me" }],
    ["1,000 characters", { email: `${"x".repeat(1000)}@example.org` }],
    ["a first name with a bell", { email: "ok@example.org", firstName: "a\u0007" }],
    ["a flag that is none", { email: "ok@example.org", isAdmin: "yes" }],
  ])("is refused: %s", async (_, body) => {
    expect((await ask("POST", v1, { body })).status).toBe(400);
  });

  it("is refused when the name is taken, in whatever case", async () => {
    expect(await ask("POST", v1, { body: { email: "FIRST@example.org" } })).toMatchObject({
      status: 400,
      body: { type: "NAME_TAKEN" },
    });
    const other = await newUser();
    const renamed = { username: "First@example.org", version: 1 };
    expect(await ask("PUT", `${older}/${other.id}`, { body: renamed })).toMatchObject({
      status: 400,
      body: { type: "NAME_TAKEN" },
    });
  });

  it("joins the default team, with its role, and no other", async () => {
    const team = (
      await ask("POST", "/platform/v1/teams", {
        body: { name: "everybody", isDefaultTeam: true, standardTeamRole: "ROLE_TEAM_READ" },
      })
    ).body;
    const user = await newUser();
    const { rows } = await server.services.pool.query("select team_id, role from membership where person_id = $1", [
      user.id,
    ]);
    expect(rows).toEqual([{ team_id: team.id, role: "ROLE_TEAM_READ" }]);
    expect(await ask("DELETE", `/platform/v1/teams/${team.id}`)).toMatchObject({
      status: 400,
      body: { type: "IN_USE" },
    });
  });
});
