import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asker, type Headers } from "./testing/asker.ts";
import { addPerson } from "./testing/people.ts";
import { alpineWith, apk, sendScan } from "./testing/send-scan.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

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
const older = "/api/teams";

const ask = asker(() => ({ server, usually: admin }));

let made = 0;
async function newTeam(wanted: object = {}): Promise<{ id: number; version: number; name: string }> {
  const { status, body } = await ask("POST", v1, { body: { name: `team ${++made}`, ...wanted } });
  expect([status, body.message]).toEqual([201, undefined]);
  return body;
}

async function newZone(rules: string, targetType = "kubernetes"): Promise<number> {
  const body = { name: `zone ${++made}`, scopes: [{ targetType, rules }] };
  return (await ask("POST", "/platform/v1/zones", { body })).body.id;
}

const person = (teams: Record<number, string> = {}) => addPerson(server, { username: `p${++made}@example.org`, teams });

describe("teams", () => {
  it("are made, read, changed by version and deleted", async () => {
    const zone = await newZone('clusterId = "a"');
    const team = await newTeam({
      description: "d",
      product: "secure",
      zoneIds: [zone],
      standardTeamRole: "ROLE_TEAM_EDIT",
      uiSettings: { theme: "#fff", entryPoint: { module: "Events" } },
    });
    expect(team).toMatchObject({
      version: 1,
      isAllZones: false,
      zoneIds: [zone],
      standardTeamRole: "ROLE_TEAM_EDIT",
      customTeamRoleId: null,
      uiSettings: { theme: "#fff" },
    });
    expect((await ask("GET", `${v1}/${team.id}`)).body).toEqual(team);
    const changed = { name: "renamed", version: 1, isAllZones: true, zoneIds: [] };
    expect(await ask("PUT", `${v1}/${team.id}`, { body: changed })).toMatchObject({
      status: 200,
      body: { version: 2, isAllZones: true, zoneIds: [], description: "d" },
    });
    expect(await ask("PUT", `${v1}/${team.id}`, { body: changed })).toMatchObject({
      status: 400,
      body: { type: "STALE_VERSION" },
    });
    expect((await ask("GET", `${v1}?filter=name:renamed`)).body.page.total).toBe(1);
    expect((await ask("DELETE", `${v1}/${team.id}`)).status).toBe(204);
    expect((await ask("GET", `${v1}/${team.id}`)).status).toBe(404);
    expect((await ask("DELETE", `${v1}/${team.id}`)).status).toBe(404);
  });

  it.each([
    ["zones and all zones", { isAllZones: true, zoneIds: [1] }, "BAD_VALUE"],
    ["a zone that is not there", { zoneIds: [2_000_000] }, "BAD_VALUE"],
    ["a role that is not there", { standardTeamRole: "ROLE_TEAM_KING" }, "BAD_VALUE"],
    ["a custom role that is not there", { customTeamRoleId: 2_000_000 }, "BAD_VALUE"],
    ["the administrator's role", { standardTeamRole: "ROLE_ADMIN" }, "BAD_VALUE"],
    ["a role of odd letters", { standardTeamRole: "role:1; drop table role" }, "BAD_VALUE"],
    ["another product", { product: "monitor" }, "BAD_REQUEST"],
    [
      "an unreadable scope",
      { scopes: [{ type: "HOST_CONTAINER", expression: "kubernetes.cluster.name =" }] },
      "BAD_ZONE",
    ],
    ["10,000 zones", { zoneIds: Array.from({ length: 10_000 }, (_, n) => n + 1) }, "BAD_REQUEST"],
    ["a name with NUL", { name: "a\u0000" }, "BAD_REQUEST"],
    ["a name that turns round", { name: "a\u2066" }, "BAD_REQUEST"],
    ["no name", { name: "" }, "BAD_REQUEST"],
    ["a taken name", { name: "taken" }, "NAME_TAKEN"],
  ])("are refused with 400: %s", async (_, wanted, type) => {
    if (type === "NAME_TAKEN") await ask("POST", v1, { body: { name: "taken" } });
    const before = (await ask("GET", v1)).body.page.total;
    expect(await ask("POST", v1, { body: { name: `bad ${++made}`, ...wanted } })).toMatchObject({
      status: 400,
      body: { type },
    });
    expect((await ask("GET", v1)).body.page.total).toBe(before);
  });

  it("one is the default at a time", async () => {
    const [a, b] = [await newTeam({ isDefaultTeam: true }), await newTeam({ isDefaultTeam: true })];
    const flags = await Promise.all([a, b].map(async ({ id }) => (await ask("GET", `${v1}/${id}`)).body.isDefaultTeam));
    expect(flags).toEqual([false, true]);
    expect(await ask("DELETE", `${v1}/${b.id}`)).toMatchObject({ status: 400, body: { type: "IN_USE" } });
  });

  it("go with their tokens; what they scanned stays for administrators alone", async () => {
    const team = await newTeam({ isAllZones: true });
    const token = await server.token({ team: team.id });
    const { resultId } = await sendScan(server, token, {
      sbom: alpineWith(apk("busybox", "1-r0")),
      name: "left/behind:1",
    });
    const other = await server.token({ team: (await newTeam({ isAllZones: true })).id, role: "ROLE_TEAM_READ" });
    expect((await ask("DELETE", `${v1}/${team.id}`)).status).toBe(204);
    const result = `/secure/vulnerability/v1/results/${resultId}`;
    expect((await ask("GET", result, { as: token })).status).toBe(401);
    expect((await ask("GET", result, { as: other })).status).toBe(404);
    expect((await ask("GET", result)).status).toBe(200);
  });
});

describe("teams as Terraform manages them", () => {
  it("are read back as they were written, members and zones in order", async () => {
    const [z1, z2] = [await newZone('clusterId = "a"'), await newZone('clusterId = "b"')];
    const id = await person();
    const { rows } = await server.services.pool.query("select username from person where id = $1", [id]);
    const userName = rows[0].username;
    const wanted = {
      userRoles: [{ userId: id, userName, role: "ROLE_TEAM_STANDARD" }],
      description: "",
      name: "terraform",
      origin: "SYSDIG",
      theme: "#73A1F7",
      products: ["SDS"],
      show: "host",
      filter: 'container.image.repo = "sysdig/agent"',
      canUseSysdigCapture: false,
      canUseRapidResponse: true,
      zoneIds: [z2, z1],
      allZones: false,
    };
    const { status, body } = await ask("POST", older, { body: wanted });
    expect(status).toBe(200);
    const { team } = body;
    expect(team).toMatchObject({
      version: 1,
      show: "host",
      filter: wanted.filter,
      canUseSysdigCapture: false,
      canUseRapidResponse: true,
      zoneIds: [z2, z1],
      default: false,
    });
    expect(team.userRoles).toEqual([
      { teamId: team.id, userId: id, userName, role: "ROLE_TEAM_STANDARD", admin: false },
    ]);
    expect((await ask("GET", `${older}/${team.id}`)).body).toEqual({ team });
    expect((await ask("GET", "/api/v2/teams/light/name/terraform")).body).toEqual({ team });
    expect((await ask("GET", older)).body.teams).toContainEqual(team);
    // What is empty is left out.
    const emptied = { name: "terraform", description: "", theme: "", version: 1, allZones: true };
    const changed = await ask("PUT", `${older}/${team.id}`, { body: emptied });
    expect(changed).toMatchObject({
      status: 200,
      body: { team: { version: 2, userRoles: [], zoneIds: [], allZones: true, filter: "" } },
    });
    expect(
      await ask("POST", older, { body: { name: "t2", userRoles: [{ userName: "nobody@example.org" }] } }),
    ).toMatchObject({ status: 400 });
    expect(
      await ask("POST", older, { body: { name: "t2", userRoles: [{ userId: id, role: "ROLE_ADMIN" }] } }),
    ).toMatchObject({ status: 400 });
    expect((await ask("DELETE", `${older}/${team.id}`)).status).toBe(204);
  });
});

describe("members", () => {
  it("join, get other roles and leave, by their team's manager", async () => {
    const team = await newTeam();
    const manager = await server.token({ team: team.id, role: "ROLE_TEAM_MANAGER" });
    const user = await person();
    const url = `${v1}/${team.id}/users/${user}`;
    expect(await ask("PUT", url, { as: manager, body: {} })).toMatchObject({
      status: 200,
      body: { standardTeamRole: "ROLE_TEAM_STANDARD", userId: user, teamId: team.id },
    });
    expect(
      (await ask("PUT", url, { as: manager, body: { standardTeamRole: "ROLE_TEAM_SCANNER" } })).body.standardTeamRole,
    ).toBe("ROLE_TEAM_SCANNER");
    expect((await ask("GET", url, { as: manager })).body.standardTeamRole).toBe("ROLE_TEAM_SCANNER");
    expect((await ask("GET", `${v1}/${team.id}/users`, { as: manager })).body.page.total).toBe(1);
    expect((await ask("DELETE", url, { as: manager })).status).toBe(204);
    expect((await ask("DELETE", url, { as: manager })).status).toBe(404);
    expect((await ask("PUT", `${v1}/${team.id}/users/2000000`, { as: manager, body: {} })).status).toBe(404);
  });

  it("get no more than who gives it has", async () => {
    const strong = (
      await ask("POST", "/platform/v1/roles", { body: { name: "strong", securePermissions: ["audit.read"] } })
    ).body.id;
    const team = await newTeam();
    const manager = await server.token({ team: team.id, role: "ROLE_TEAM_MANAGER" });
    const user = await person({ [team.id]: `role:${strong}` });
    const other = await person();
    const refused = { status: 403, body: { type: "CANNOT_GRANT" } };
    expect(
      await ask("PUT", `${v1}/${team.id}/users/${other}`, { as: manager, body: { customTeamRoleId: strong } }),
    ).toMatchObject(refused);
    expect(await ask("PUT", `${v1}/${team.id}/users/${user}`, { as: manager, body: {} })).toMatchObject(refused);
    expect(await ask("DELETE", `${v1}/${team.id}/users/${user}`, { as: manager })).toMatchObject(refused);
    expect(await ask("DELETE", `/platform/v1/roles/${strong}`)).toMatchObject({
      status: 400,
      body: { type: "IN_USE", message: expect.stringContaining("1 members") },
    });
    expect((await ask("DELETE", `${v1}/${team.id}/users/${user}`)).status).toBe(204);
    expect((await ask("DELETE", `/platform/v1/roles/${strong}`)).status).toBe(204);
  });
});

describe("what a team sees", () => {
  const runtime = "/secure/vulnerability/v1/runtime-results";
  async function names(as: Headers, filter = ""): Promise<string[]> {
    const { body } = await ask("GET", `${runtime}?filter=${encodeURIComponent(filter)}`, { as });
    return body.data.map(({ mainAssetName }: { mainAssetName: string }) => mainAssetName).sort();
  }

  it("is what lies in its zones, at once when they change, and its own pipelines' results", async () => {
    const collector = await server.token({ role: "ROLE_TEAM_SCANNER" });
    const sbom = alpineWith(apk("zlib", "1.2.12-r0"));
    for (const cluster of ["a", "b"]) {
      for (const namespace of ["x", "y"]) {
        const scope = { "kubernetes.cluster.name": cluster, "kubernetes.namespace.name": namespace };
        await sendScan(server, collector, { sbom, name: `${cluster}/${namespace}`, stage: "runtime", labels: scope });
      }
    }
    const zone = await newZone('clusterId = "a"');
    const team = await newTeam({ zoneIds: [zone] });
    const as = await server.token({ team: team.id, role: "ROLE_TEAM_EDIT" });
    const blind = await server.token({ team: (await newTeam()).id, role: "ROLE_TEAM_READ" });
    const all = await server.token({ team: (await newTeam({ isAllZones: true })).id, role: "ROLE_TEAM_READ" });
    expect(await names(as)).toEqual(["a/x", "a/y"]);
    expect(await names(blind)).toEqual([]);
    expect(await names(all)).toEqual(["a/x", "a/y", "b/x", "b/y"]);
    await ask("PUT", `/platform/v1/zones/${zone}`, {
      body: { name: "moved", scopes: [{ targetType: "kubernetes", rules: 'namespace = "y"' }] },
    });
    expect(await names(as)).toEqual(["a/y", "b/y"]);
    expect(await names(all, 'zone = "moved"')).toEqual(["a/y", "b/y"]);
    expect(await names(all, `zone.id in ("${zone}") and kubernetes.cluster.name = "b"`)).toEqual(["b/y"]);
    expect(await names(all, 'zone != "moved"')).toEqual(["a/x", "b/x"]);
    expect(await names(all, 'zone = "Entire Infrastructure"')).toHaveLength(4);
    expect(await names(all, 'zone = "\' or true --"')).toEqual([]);
    await ask("PUT", `${v1}/${team.id}`, {
      body: { name: "narrowed", scopes: [{ type: "HOST_CONTAINER", expression: 'kubernetes.cluster.name = "b"' }] },
    });
    expect(await names(as)).toEqual(["b/y"]);
    const { resultId } = await sendScan(server, as, { sbom, name: "own/pipeline:1" });
    expect((await ask("GET", `/secure/vulnerability/v1/results/${resultId}`, { as })).status).toBe(200);
    expect((await ask("DELETE", `/platform/v1/zones/${zone}`)).status).toBe(204);
    expect(await names(as)).toEqual([]);
    expect((await ask("GET", `/secure/vulnerability/v1/results/${resultId}`, { as })).status).toBe(200);
    expect((await ask("GET", `/secure/vulnerability/v1/results/${resultId}`, { as: all })).status).toBe(404);
  });
});
