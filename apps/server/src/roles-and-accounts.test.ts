import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asker, type Headers } from "./testing/asker.ts";
import { now, startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let admin: Headers;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.token({ role: "ROLE_ADMIN" });
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const v1 = "/platform/v1/teams";

const ask = asker(() => ({ server, usually: admin }));

let made = 0;
async function newTeam(wanted: object = {}): Promise<{ id: number; version: number; name: string }> {
  const { status, body } = await ask("POST", v1, { body: { name: `team ${++made}`, ...wanted } });
  expect([status, body.message]).toEqual([201, undefined]);
  return body;
}

describe("custom roles", () => {
  const path = "/platform/v1/roles";
  it("are made, read, changed and deleted, on both paths", async () => {
    const wanted = { name: "reader", description: "d", monitorPermissions: [], securePermissions: ["policies.edit"] };
    const { status, body } = await ask("POST", "/api/roles", { body: wanted });
    expect([status, body]).toEqual([200, { id: body.id, ...wanted }]);
    expect((await ask("GET", `${path}/${body.id}`)).body).toEqual(body);
    expect((await ask("GET", "/api/roles")).body.roles).toContainEqual(body);
    expect(
      (await ask("PUT", `/api/roles/${body.id}`, { body: { ...wanted, securePermissions: ["risks.read"] } })).body
        .securePermissions,
    ).toEqual(["risks.read"]);
    expect(await ask("POST", path, { body: wanted })).toMatchObject({ status: 400, body: { type: "NAME_TAKEN" } });
    expect((await ask("DELETE", `/api/roles/${body.id}`)).status).toBe(204);
    expect((await ask("GET", `/api/roles/${body.id}`)).status).toBe(404);
    expect((await ask("PUT", `${path}/${body.id}`, { body: wanted })).status).toBe(404);
  });

  it.each([
    ["an unknown permission", { securePermissions: ["all.things"] }],
    ["an object's own word", { securePermissions: ["constructor"] }],
    ["another product's", { monitorPermissions: ["metrics.read"] }],
    ["1,000 of them", { securePermissions: Array.from({ length: 1000 }, () => "results.read") }],
    ["a standard role's name", { name: "View Only" }],
    ["a name with NUL", { name: "\u0000" }],
  ])("are refused with 400: %s", async (_, wanted) => {
    expect((await ask("POST", path, { body: { name: `role ${++made}`, ...wanted } })).status).toBe(400);
  });

  it("do what they say and what that needs, no more", async () => {
    const { body } = await ask("POST", path, { body: { name: "zone maker", securePermissions: ["zones.edit"] } });
    const as = await server.token({ role: `role:${body.id}`, team: (await newTeam()).id });
    expect((await ask("GET", "/platform/v1/zones", { as })).status).toBe(200);
    expect((await ask("GET", v1, { as })).status).toBe(403);
  });

  it("are made of permissions that everybody may look up", async () => {
    const as = await server.token({ role: "ROLE_TEAM_READ", team: (await newTeam()).id });
    const { body } = await ask("GET", "/platform/v1/permissions?filter=SDS", { as });
    expect(body.total).toBe(body.permissions.length);
    expect(body.permissions).toContainEqual(
      expect.objectContaining({ id: "policies.edit", dependencies: ["policies.read"] }),
    );
    expect((await ask("GET", "/platform/v1/permissions?filter=SDC", { as })).body.total).toBe(0);
    const asked = "/api/permissions/secure/dependencies?requestedPermissions=policies.edit,results.read";
    expect((await ask("GET", asked, { as })).body).toEqual([
      { permissionAuthority: "policies.edit", dependencies: ["policies.read"] },
      { permissionAuthority: "results.read", dependencies: [] },
    ]);
    expect((await ask("GET", `${asked},nothing`, { as })).status).toBe(400);
    expect((await ask("GET", "/platform/v1/default-roles/Advanced%20User", { as })).body).toMatchObject({
      name: "Advanced User",
      monitorPermissions: [],
    });
    expect((await ask("GET", "/platform/v1/default-roles/Nobody", { as })).status).toBe(404);
  });
});

describe("service accounts", () => {
  it("of a team are told their token once, work until they end or are deleted", async () => {
    const team = await newTeam();
    const path = `${v1}/${team.id}/service-accounts`;
    const manager = await server.token({ team: team.id, role: "ROLE_TEAM_MANAGER" });
    const { status, body } = await ask("POST", path, {
      as: manager,
      body: { name: "ci", teamRole: "ROLE_TEAM_SCANNER", expirationDate: now + 86_400_000 },
    });
    expect([status, body.teamRole, body.teamId]).toEqual([201, "ROLE_TEAM_SCANNER", team.id]);
    const account = { authorization: `Bearer ${body.apiKey}` };
    expect((await ask("GET", "/api/users/me/permissions", { as: account })).body.permissions).toContain("scans.send");
    const { apiKey: _, ...shown } = body;
    const read = (await ask("GET", `${path}/${body.id}`, { as: manager })).body;
    expect(read).toEqual({ ...shown, lastUsed: new Date(now).toISOString() });
    expect(JSON.stringify((await ask("GET", path, { as: manager })).body)).not.toContain("plm_");
    expect((await ask("DELETE", `${path}/${body.id}`, { as: manager })).status).toBe(204);
    expect((await ask("GET", "/api/users/me/permissions", { as: account })).status).toBe(401);
    expect((await ask("DELETE", `${path}/${body.id}`, { as: manager })).status).toBe(404);
  });

  it("are managed by Terraform: 200 for making, the same numbers back, another name", async () => {
    const { id: teamId } = await newTeam();
    const wanted = {
      name: "tf",
      systemRole: "ROLE_SERVICE_ACCOUNT",
      teamId,
      teamRole: "ROLE_TEAM_READ",
      expirationDate: now + 5000,
    };
    const { status, body } = await ask("POST", "/api/serviceaccounts/team", { body: wanted });
    expect([status, body]).toMatchObject([
      200,
      { ...wanted, dateCreated: now, apiKey: expect.stringMatching(/^plm_/) },
    ]);
    const { apiKey, ...shown } = body;
    expect((await ask("GET", `/api/serviceaccounts/team/${body.id}`)).body).toEqual(shown);
    expect(
      (await ask("PUT", `/api/serviceaccounts/team/${body.id}`, { body: { ...body, name: "tf2" } })).body.name,
    ).toBe("tf2");
    expect((await ask("GET", `/api/serviceaccounts/team?teamId=${teamId}`)).body).toEqual([{ ...shown, name: "tf2" }]);
    expect((await ask("DELETE", `/api/serviceaccounts/team/${body.id}/delete`)).status).toBe(204);
    expect((await ask("GET", `/api/serviceaccounts/team/${body.id}`)).status).toBe(404);
    expect(apiKey).toHaveLength(47);
  });

  it.each([
    ["no name", {}],
    ["an end in the past", { name: "x", expirationDate: now - 1 }],
    ["an end in a hundred years", { name: "x", expirationDate: now + 100 * 366 * 86_400_000 }],
    ["an end that is none", { name: "x", expirationDate: 1e300 }],
    ["an unknown role", { name: "x", teamRole: "KING" }],
    ["the administrator's role", { name: "x", teamRole: "ROLE_ADMIN" }],
    ["control characters", { name: "x\u001b[31m" }],
  ])("are refused with 400: %s", async (_, body) => {
    const team = await newTeam();
    expect((await ask("POST", `${v1}/${team.id}/service-accounts`, { body })).status).toBe(400);
  });

  it("of the whole installation are an administrator's to make", async () => {
    const { status, body } = await ask("POST", "/platform/v1/service-accounts", {
      body: { name: "robot", systemRoles: ["ROLE_ADMIN"] },
    });
    expect([status, body.systemRoles, body.teamId]).toEqual([201, ["ROLE_ADMIN"], undefined]);
    expect((await ask("GET", v1, { as: { authorization: `Bearer ${body.apiKey}` } })).status).toBe(200);
    expect((await ask("GET", "/platform/v1/service-accounts?filter=name:robot")).body.page.total).toBe(1);
    expect((await ask("DELETE", `/platform/v1/service-accounts/${body.id}`)).status).toBe(204);
  });
});
