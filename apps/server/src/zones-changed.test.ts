import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asker, type Headers } from "./testing/asker.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let admin: Headers;
let manager: Headers;
let reader: Headers;
let scanner: Headers;
let team: number;

beforeAll(async () => {
  server = await startTestServer();
  team = await server.team({ allZones: false });
  admin = await server.token({ role: "ROLE_ADMIN" });
  manager = await server.token({ team, role: "ROLE_TEAM_MANAGER" });
  reader = await server.token({ team, role: "ROLE_TEAM_READ" });
  scanner = await server.token({ team, role: "ROLE_TEAM_SCANNER" });
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const v1 = "/platform/v1/zones";
const v2 = "/platform/v2/zones";

const ask = asker(() => ({ server, usually: admin }));

let made = 0;
const rules = (text: string, targetType = "kubernetes") => ({
  name: `zone ${++made}`,
  scopes: [{ targetType, rules: text }],
});
describe("who may change zones", () => {
  it("everybody who looks reads them, managers make them, scanners do neither", async () => {
    expect((await ask("GET", v1, { as: reader })).status).toBe(200);
    expect((await ask("GET", v1, { as: scanner })).status).toBe(403);
    expect((await ask("POST", v1, { as: reader, body: rules("") })).status).toBe(403);
    expect((await ask("POST", v1, { as: manager, body: rules("") })).status).toBe(200);
    expect((await ask("GET", v1, { as: { authorization: "Bearer nothing" } })).status).toBe(401);
  });

  it("nobody changes what comes with the program", async () => {
    const { body } = await ask("GET", `${v1}?filter=name:Entire%20Infrastructure`);
    const [{ id, isSystem }] = body.data;
    expect(isSystem).toBe(true);
    expect(await ask("PUT", `${v1}/${id}`, { body: rules("") })).toMatchObject({
      status: 400,
      body: { type: "BUILT_IN" },
    });
    expect(await ask("DELETE", `${v2}/${id}`)).toMatchObject({ status: 400, body: { type: "BUILT_IN" } });
    expect(await ask("POST", v1, { body: { ...rules(""), name: "Entire Infrastructure" } })).toMatchObject({
      status: 400,
    });
  });

  it("no manager widens what a team sees by changing its zone", async () => {
    const { body } = await ask("POST", v1, { as: manager, body: rules('clusterId = "mine"') });
    await server.services.pool.query("insert into team_zone values ($1, $2)", [team, body.id]);
    expect((await ask("PUT", `${v1}/${body.id}`, { as: manager, body: rules("") })).status).toBe(403);
    expect((await ask("DELETE", `${v1}/${body.id}`, { as: manager })).status).toBe(403);
    expect((await ask("PUT", `${v1}/${body.id}`, { body: rules("") })).status).toBe(200);
  });
});
