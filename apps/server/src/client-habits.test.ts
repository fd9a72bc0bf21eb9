/** What the reference's clients send and read that others do not: seen while they ran, told in our own requests. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asker } from "./testing/asker.ts";
import { sayToPort } from "./testing/say-to-port.ts";
import { alpineWith, apk, sendScan } from "./testing/send-scan.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let admin: { readonly authorization: string };
beforeAll(async () => {
  server = await startTestServer();
  admin = await server.token({ role: "ROLE_ADMIN" });
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const ask = asker(() => ({ server, usually: admin }));

describe("Terraform", () => {
  const scopes = [{ targetType: "kubernetes", rules: 'clusterId = "a"' }];
  it.each([
    ["/platform/v1/zones", () => ask("POST", "/platform/v1/zones", { body: { name: "one", scopes } })],
    ["/platform/v2/zones", () => ask("POST", "/platform/v1/zones", { body: { name: "two", scopes } })],
    ["/api/roles", () => ask("POST", "/api/roles", { body: { name: "gone", securePermissions: ["results.read"] } })],
    ["/api/users", () => ask("POST", "/api/user/provisioning/", { body: { username: "gone@example.org" } })],
    ["/api/teams", async () => ({ body: { id: await server.team() } })],
  ])("calls the body that it does not send JSON when it deletes below %s", async (path, make) => {
    const { body } = await make();
    const headers = { ...admin, "content-type": "application/json", "content-length": "0" };
    const id = body.id ?? body.user.id;
    const deleted = await server.app.inject({ method: "DELETE", url: `${path}/${id}`, headers, payload: "" });
    expect([deleted.statusCode, deleted.body]).toEqual([204, ""]);
  });
});

describe("the Python client", () => {
  it("invites by making a user, without a role and with one", async () => {
    const plain = await ask("POST", "/api/users", { body: { username: "plain@example.org", firstName: "P" } });
    const boss = await ask("POST", "/api/users", {
      body: { username: "boss@example.org", systemRole: "ROLE_CUSTOMER" },
    });
    expect([plain.status, plain.body.user.systemRole]).toEqual([200, "ROLE_USER"]);
    expect([boss.status, boss.body.user.systemRole]).toEqual([200, "ROLE_CUSTOMER"]);
    expect((await ask("POST", "/api/users", { body: { username: "plain@example.org" } })).status).toBe(400);
  });

  it("changes a team that another client made by putting back each thing it read", async () => {
    await ask("POST", "/platform/v1/teams", {
      body: { name: "ops", product: "secure", standardTeamRole: "ROLE_TEAM_EDIT" },
    });
    const { team } = (await ask("GET", "/api/v2/teams/light/name/ops")).body;
    const names = ["name", "theme", "show", "canUseSysdigCapture", "canUseCustomEvents", "canUseAwsMetrics"] as const;
    const more = ["defaultTeamRole", "entryPoint", "id", "version", "filter", "userRoles"] as const;
    const sent = Object.fromEntries([...names, ...more].map((name) => [name, team[name]]));
    expect(Object.values(sent)).not.toContain(undefined);
    const changed = await ask("PUT", `/api/teams/${team.id}`, {
      body: {
        ...sent,
        canUseRapidResponse: false,
        description: "d",
      },
    });
    expect(changed).toMatchObject({ status: 200, body: { team: { ...sent, version: 2, description: "d" } } });
    expect((await ask("GET", `/platform/v1/teams/${team.id}`)).body.standardTeamRole).toBe("ROLE_TEAM_EDIT");
  });
});

describe("Backstage", () => {
  it("encodes nothing of its filter, and whatever sends it for it encodes spaces alone", async () => {
    const labels = { "kubernetes.cluster.name": "prod eu" };
    await sendScan(server, admin, {
      sbom: alpineWith(apk("zlib", "1.2.12-r0")),
      name: "cart",
      stage: "runtime",
      labels,
    });
    const { port } = new URL(await server.app.listen({ port: 0, host: "127.0.0.1" }));
    const filter = 'kubernetes.cluster.name in ("prod eu", "stage") and asset.type="workload"';
    const query = `filter=${filter.replaceAll(" ", "%20")}`;
    const lines = [
      `GET //secure/vulnerability/v1/runtime-results?${query} HTTP/1.1`,
      ...["host: a", "connection: close", `authorization: ${admin.authorization}`, "", ""],
    ];
    const answer = await sayToPort(Number(port), lines.join("\r\n"));
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1.1 200 /);
    expect(body).toContain('"mainAssetName":"cart"');
  });
});
