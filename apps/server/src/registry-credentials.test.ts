import { registryCredential, registryCredentials, registryCredentialTest } from "@plimsoll/contract";
import { imageOf, startTestRegistry, testCertificates } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { now, startTestServer, type TestServer } from "./testing/test-server.ts";

type Headers = { readonly authorization: string };

let server: TestServer;
let admin: Headers;
let editor: Headers;
let reader: Headers;
let other: Headers;
let team: number;
/** Every answer that came. */
const answers: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  team = await server.team({ allZones: false });
  const second = await server.team({ allZones: false });
  admin = await server.token({ role: "ROLE_ADMIN" });
  editor = await server.token({ team, role: "ROLE_TEAM_EDIT" });
  reader = await server.token({ team, role: "ROLE_TEAM_READ" });
  other = await server.token({ team: second, role: "ROLE_TEAM_EDIT" });
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const path = "/secure/vulnerability/v1/registry-credentials";
const anchore = "/api/scanning/v1/anchore/registries";
const password = "correct-horse-battery";
const login = { type: "docker", username: "robot", password };

interface Asking {
  readonly as?: Headers;
  readonly body?: object;
}

async function ask(method: "GET" | "POST" | "PUT" | "DELETE", url: string, { as = editor, body }: Asking = {}) {
  const answer = await server.app.inject({ method, url, headers: { ...as }, ...(body && { payload: body }) });
  answers.push(answer.body);
  return { status: answer.statusCode, body: answer.body === "" ? null : answer.json() };
}

let hosts = 0;
const newHost = () => `registry${++hosts}.corp:5000`;

async function create(body: object, as = editor) {
  const { status, body: made } = await ask("POST", path, { as, body: { login, ...body } });
  expect([status, made]).toEqual([201, expect.anything()]);
  return registryCredential.parse(made);
}

describe("registry credentials", () => {
  it("are made, listed, read, changed and forgotten", async () => {
    const host = newHost();
    const made = await create({ registry: `https://${host}/team/*`, name: "ours" });
    expect(made).toMatchObject({
      ...{ name: "ours", registry: host, path: "team", type: "docker", username: "robot", teamId: team },
      ...{ skipTlsVerify: false, caCertificate: null, createdAt: new Date(now).toISOString() },
    });
    expect((await ask("GET", `${path}/${made.id}`)).body).toEqual(made);
    expect(registryCredentials.parse((await ask("GET", path)).body).data).toContainEqual(made);
    const changed = await ask("PUT", `${path}/${made.id}`, { body: { name: "new", registry: `${host}/team/app` } });
    expect(changed).toMatchObject({ status: 200, body: { name: "new", path: "team/app", username: "robot" } });
    expect((await ask("DELETE", `${path}/${made.id}`)).status).toBe(204);
    expect((await ask("GET", `${path}/${made.id}`)).status).toBe(404);
  });

  it("are refused twice for one place or under one name, by 400", async () => {
    const host = newHost();
    const made = await create({ registry: host, name: "twice" });
    const again = { login, registry: newHost(), name: "twice" };
    expect(await ask("POST", path, { body: again })).toMatchObject({
      status: 400,
      body: { type: "CREDENTIAL_EXISTS", message: "there is a registry credential called twice already" },
    });
    const same = await ask("POST", path, { body: { login, registry: host, name: "else" } });
    expect(same).toMatchObject({ status: 400, body: { type: "CREDENTIAL_EXISTS" } });
    const third = await create({ registry: newHost() });
    const renamed = await ask("PUT", `${path}/${third.id}`, { body: { name: "twice" } });
    expect(renamed).toMatchObject({ status: 400, body: { type: "CREDENTIAL_EXISTS" } });
    await create({ registry: host, name: "twice" }, other);
    await ask("DELETE", `${path}/${made.id}`);
  });

  it.each([
    { registry: "corp" },
    { registry: "registry.corp", login: { type: "docker", username: "u" } },
    { registry: "registry.corp", login: { type: "gcr", jsonKey: "{}" } },
    { registry: "eu.gcr.io", login: { type: "gcr", jsonKey: "secret-not-json" } },
    { registry: "registry.corp", login: { type: "ecr", accessKeyId: "A", secretAccessKey: password } },
    { registry: "x.azurecr.io.evil.test", login: { ...login, type: "acr" } },
    { registry: "registry.corp", login: { type: "access-token", token: "two words" } },
    { registry: "registry.corp", caCertificate: "no pem" },
    { registry: "registry.corp", login: { type: password } },
  ])("are refused when they cannot be: %j", async (body) => {
    expect((await ask("POST", path, { body: { login, ...body } })).status).toBe(400);
  });

  it("are other teams' business: 404, and 403 without the permission", async () => {
    const made = await create({ registry: newHost() });
    const one = `${path}/${made.id}`;
    for (const method of ["GET", "DELETE"] as const) expect((await ask(method, one, { as: other })).status).toBe(404);
    expect((await ask("PUT", one, { as: other, body: { name: "mine" } })).status).toBe(404);
    expect((await ask("POST", `${one}/test`, { as: other, body: {} })).status).toBe(404);
    expect((await ask("GET", path, { as: other })).body.data).not.toContainEqual(made);
    for (const url of [path, one]) expect((await ask("GET", url, { as: reader })).status).toBe(403);
    expect((await ask("POST", path, { as: other, body: { login, registry: newHost(), teamId: team } })).status).toBe(
      403,
    );
    expect((await ask("GET", one, { as: admin })).body).toEqual(made);
  });

  it("of the whole installation are used by teams and changed by administrators alone", async () => {
    const made = await create({ registry: newHost() }, admin);
    expect(made.teamId).toBeNull();
    const one = `${path}/${made.id}`;
    expect((await ask("GET", one)).body).toEqual(made);
    expect(await ask("PUT", one, { body: { name: "x" } })).toMatchObject({
      status: 403,
      body: { type: "CREDENTIAL_SHARED" },
    });
    expect((await ask("DELETE", one)).status).toBe(403);
    expect((await ask("DELETE", one, { as: admin })).status).toBe(204);
  });

  it("cannot be pointed at another host, or at a looser connection, by who does not know the secret", async () => {
    const made = await create({ registry: newHost() });
    const one = `${path}/${made.id}`;
    for (const body of [{ registry: "evil.test" }, { skipTlsVerify: true }, { caCertificate: testCertificates.ca }]) {
      expect(await ask("PUT", one, { body })).toMatchObject({ status: 400, body: { type: "CREDENTIAL_INVALID" } });
      expect((await ask("PUT", one, { body: { ...body, login } })).status).toBe(200);
      await ask("PUT", one, { body: { registry: made.registry, skipTlsVerify: false, caCertificate: null, login } });
    }
  });

  it("are bound to their record: a row whose place was changed in the database does not open", async () => {
    const made = await create({ registry: newHost() });
    await server.services.pool.query("update registry_credential set registry = 'evil.test' where id = $1", [made.id]);
    const tested = await ask("POST", `${path}/${made.id}/test`, { body: {} });
    expect(tested).toMatchObject({ status: 500, body: { type: "SECRET_DAMAGED" } });
    expect((await ask("DELETE", `${path}/${made.id}`)).status).toBe(204);
    server.defects.length = 0;
  });
});

describe("trying a registry credential", () => {
  const image = imageOf([[{ path: "a", body: "b" }]]);
  const test = async (body: object) =>
    registryCredentialTest.parse((await ask("POST", `${path}/test`, { body: { login, ...body } })).body);

  it.each(["basic", "bearer"] as const)("tells good from bad: %s", async (mode) => {
    await using registry = await startTestRegistry({ auth: { mode, user: "robot", password } });
    const name = registry.push("team/app", "1", image);
    const ok = { outcome: "ok", hasLoggedIn: true, error: null };
    expect(await test({ registry: registry.host })).toEqual({ ...ok, digest: null });
    expect(await test({ registry: `${registry.host}/team`, image: name })).toEqual({
      ...ok,
      digest: image.manifest.digest,
    });
    const wrong = { ...login, password: "wrong-horse" };
    expect(await test({ registry: registry.host, name: "mine", login: wrong })).toMatchObject({
      outcome: "failed",
      error: {
        type: "REGISTRY_LOGIN_REFUSED",
        message: `${registry.host} refuses the registry credential mine for its images (status 401)`,
      },
    });
    const absent = await test({ registry: registry.host, image: `${registry.host}/team/app:none` });
    expect(absent.error).toMatchObject({ type: "IMAGE_NOT_FOUND" });
    const made = await create({ registry: `${registry.host}/team` });
    const kept = await ask("POST", `${path}/${made.id}/test`, { body: { image: name } });
    expect(kept).toMatchObject({ status: 200, body: { ...ok, digest: image.manifest.digest } });
    const beyond = await ask("POST", `${path}/${made.id}/test`, { body: { image: `${registry.host}/teams/app:1` } });
    expect(beyond).toMatchObject({ status: 400, body: { type: "CREDENTIAL_INVALID" } });
  });

  it("says when the login was not asked for, and when it is known but may not", async () => {
    await using registry = await startTestRegistry();
    expect(await test({ registry: registry.host })).toMatchObject({ outcome: "ok", hasLoggedIn: false });
    const name = registry.push("team/app", "1", image);
    registry.addFault({ match: /manifests/, kind: "status", status: 403 });
    expect((await test({ registry: registry.host, image: name })).error).toMatchObject({
      message: expect.stringContaining("(status 403)"),
    });
  });

  it("verifies certificates, by its own authority or not at all when told so", async () => {
    await using registry = await startTestRegistry({ tls: true });
    expect((await test({ registry: registry.host })).error).toMatchObject({ type: "REGISTRY_CERTIFICATE" });
    for (const trust of [{ caCertificate: testCertificates.ca }, { skipTlsVerify: true }]) {
      expect(await test({ registry: registry.host, ...trust })).toMatchObject({ outcome: "ok" });
    }
  });

  it.each([
    ["127.0.0.1:1", "HOST_UNREACHABLE", /connection refused/],
    ["nowhere.invalid", "HOST_UNREACHABLE", /no such host|cannot be looked up/],
    ["169.254.169.254", "ADDRESS_REFUSED", /metadata/],
    ["10.0.0.1:5000", "ADDRESS_REFUSED", /private network/],
    ["[::ffff:10.0.0.1]:5000", "ADDRESS_REFUSED", /private network/],
  ])("SSRF and silence: %s is %s", async (registry, type, message) => {
    expect(await test({ registry })).toMatchObject({
      outcome: "failed",
      error: { type, message: expect.stringMatching(message) },
    });
  });

  it("does not wait for a registry that says nothing", async () => {
    await using registry = await startTestRegistry();
    const name = registry.push("team/app", "1", image);
    registry.addFault({ match: /manifests/, kind: "slow", delayMs: 60_000 });
    const started = performance.now();
    const { error } = await test({ registry: registry.host, image: name });
    expect(error).toMatchObject({ type: expect.stringMatching(/TIMEOUT|REGISTRY_SILENT/) });
    expect(performance.now() - started).toBeLessThan(15_000);
  }, 30_000);
});

describe("the older form of registry credentials", () => {
  it("serves the client that there is", async () => {
    await using registry = await startTestRegistry({ auth: { mode: "basic", user: "robot", password } });
    const body = {
      registry: registry.host,
      registry_user: "robot",
      registry_pass: password,
      registry_type: "docker_v2",
    };
    const bad = await ask("POST", `${anchore}?validate=True`, { body: { ...body, registry_pass: "wrong-horse" } });
    expect(bad).toMatchObject({ status: 400, body: { type: "CREDENTIAL_INVALID" } });
    expect((await ask("GET", `${anchore}/${registry.host}`)).status).toBe(404);
    const made = await ask("POST", `${anchore}?validate=True`, { body });
    expect(made).toMatchObject({ status: 200, body: { registry: registry.host, registry_user: "robot" } });
    expect((await ask("GET", anchore)).body).toContainEqual(made.body);
    expect((await ask("GET", `${anchore}/${registry.host}`)).body).toEqual([made.body]);
    const insecure = { ...body, registry_verify: false };
    const changed = await ask("PUT", `${anchore}/${registry.host}?validate=False`, { body: insecure });
    expect(changed).toMatchObject({ status: 200, body: { registry_verify: false } });
    expect(await ask("DELETE", `${anchore}/${registry.host}`)).toEqual({ status: 200, body: {} });
    expect((await ask("POST", `${anchore}?validate=maybe`, { body })).status).toBe(400);
  });
});

it("tells no secret in any answer, audit or column that is not sealed", async () => {
  const { pool } = server.services;
  const { rows } = await pool.query(
    "select to_jsonb(a) as row from audit a union all select to_jsonb(c) - 'sealed' from registry_credential c",
  );
  const { rows: sealed } = await pool.query<{ sealed: Buffer }>("select sealed from registry_credential");
  expect(rows.length).toBeGreaterThan(10);
  expect(answers.length).toBeGreaterThan(40);
  for (const text of [...answers, JSON.stringify(rows), ...sealed.map((row) => row.sealed.toString("latin1"))]) {
    for (const word of [
      password,
      Buffer.from(`robot:${password}`).toString("base64"),
      "wrong-horse",
      "secret-not-json",
    ]) {
      expect(text).not.toContain(word);
    }
  }
});
