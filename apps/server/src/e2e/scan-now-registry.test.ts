/** Scan Now against a real docker-registry: TLS with an authority of its own, htpasswd, and what the command line finds there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobAnswer } from "@plimsoll/contract";
import { readResult, startWorkers, theServer } from "@plimsoll/platform";
import {
  alpineLayer,
  imageOf,
  missingCommands,
  openDockerRegistry,
  robot,
  runChild,
  testCertificates,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { now, startTestServer, type TestServer } from "../testing/test-server.ts";

const missing = missingCommands("docker-registry", "skopeo");
const { user, password } = robot;

const image = imageOf([
  alpineLayer("zlib 1.2.12-r0", "expat 2.4.1-r0", "openssl 3.1.0-r0"),
  [{ path: "srv/node_modules/lodash/package.json", body: '{"name":"lodash","version":"4.17.20"}' }],
]);

const stack = new AsyncDisposableStack();
let server: TestServer;
let folder: string;
let name: string;
let admin: { readonly authorization: string };

beforeAll(async () => {
  if (missing.length > 0) return;
  folder = mkdtempSync(join(tmpdir(), "plimsoll-scan-now-"));
  server = stack.use(await startTestServer());
  stack.use(await startWorkers(server.services, { beatMs: 100 }));
  admin = await server.token({ role: "ROLE_ADMIN" });
  const registry = stack.use(await openDockerRegistry({ isLocked: true }));
  name = registry.push("team/app:1", image);
}, 60_000);
afterAll(async () => {
  if (missing.length > 0) return;
  expect(server.defects).toEqual([]);
  await stack.disposeAsync();
  rmSync(folder, { recursive: true, force: true });
});

const base = "/secure/vulnerability/v1";
async function post(path: string, payload: object) {
  return (await server.app.inject({ method: "POST", url: `${base}${path}`, headers: admin, payload })).json();
}

async function scanned() {
  const { jobId } = await post("/scan-now", { image: name, platform: "linux/amd64" });
  const followed = await server.app.inject({ url: `${base}/jobs/${jobId}?wait=30`, headers: admin });
  return jobAnswer.parse(followed.json());
}

describe.skipIf(missing.length > 0)(
  `Scan Now with docker-registry${missing.length > 0 ? `: ${missing} missing` : ""}`,
  () => {
    const login = { type: "docker", username: user, password };

    it("says step by step what is still wrong", async () => {
      const registry = `${name.split("/")[0]}/team`;
      expect((await scanned()).error).toMatchObject({ type: "REGISTRY_CERTIFICATE" });
      const trusting = { name: "one", registry, caCertificate: testCertificates.ca };
      const made = await post("/registry-credentials", { ...trusting, login: { ...login, password: "wrong-horse" } });
      expect((await scanned()).error).toMatchObject({ type: "REGISTRY_LOGIN_REFUSED" });
      const url = `${base}/registry-credentials/${made.id}`;
      await server.app.inject({ method: "PUT", url, headers: admin, payload: { login } });
      expect(await post(`/registry-credentials/${made.id}/test`, { image: name })).toEqual({
        ...{ outcome: "ok", hasLoggedIn: true, error: null },
        digest: expect.stringMatching(/^sha256:/),
      });
      expect((await scanned()).state).toBe("done");
    }, 60_000);

    it("finds what the command line finds, byte for byte", async () => {
      const { resultId } = await scanned();
      const kept = await readResult(server.services, theServer, resultId ?? "");
      const env = {
        SOURCE_DATE_EPOCH: String(now / 1000),
        REGISTRY_USER: user,
        REGISTRY_PASSWORD: password,
        SSL_CERT_FILE: writeCa(),
      };
      const run = (...args: readonly string[]) => runChild({ args: [...args, "--platform", "linux/amd64"], env });
      const sbom = await run("sbom", `pull://${name}`, "--output", "plimsoll-json");
      expect(JSON.stringify(kept.report.sbom)).toBe(JSON.stringify(JSON.parse(sbom.stdout)));
      const local = ["--standalone", "--dbpath", server.database, "--output", "json-v1"];
      const report = await run("scan", `pull://${name}`, ...local);
      const { packages, vulnerabilities, layers } = JSON.parse(report.stdout).result;
      const answer = await server.app.inject({ url: `${base}/results/${resultId}`, headers: admin });
      const { packages: p, vulnerabilities: v, layers: l } = answer.json();
      expect(Object.keys(vulnerabilities).length).toBeGreaterThan(3);
      expect(JSON.stringify({ p, v, l })).toBe(JSON.stringify({ p: packages, v: vulnerabilities, l: layers }));
    }, 60_000);
  },
);

function writeCa(): string {
  const file = join(folder, "ca.pem");
  writeFileSync(file, testCertificates.ca);
  return file;
}
