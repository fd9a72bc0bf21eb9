/** Three images by the command line and one by Scan Now, as the API tells of them: each field against the contract's people. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobAnswer, registryCredential, reportV0 } from "@plimsoll/contract";
import { startWorkers } from "@plimsoll/platform";
import {
  alpineLayer,
  dockerArchiveOf,
  imageOf,
  missingCommands,
  openDockerRegistry,
  runChild,
  sharedData,
  zipOf,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { people } from "../testing/contract-people.ts";
import * as contract from "../testing/contract-types.ts";
import { alpineWith, apk, sendScan } from "../testing/send-scan.ts";
import { now, startTestServer, type TestServer } from "../testing/test-server.ts";

const missing = missingCommands("docker-registry", "skopeo");
const v1 = "/secure/vulnerability/v1";
const v1beta1 = "/secure/vulnerability/v1beta1";

const { ApiError, declared, met, ScanResultResponse } = contract;
const { PipelineResultsResponse, RegistryResultsResponse, RuntimeResultsResponse } = contract;
const stack = new AsyncDisposableStack();
let server: TestServer;
let admin: { readonly authorization: string };
let folder: string;

const lodash = [{ path: "srv/node_modules/lodash/package.json", body: '{"name":"lodash","version":"4.17.20"}' }];
const pom = "META-INF/maven/org.apache.logging.log4j/log4j-core/pom.properties";
const properties = "groupId=org.apache.logging.log4j\nartifactId=log4j-core\nversion=2.14.0\n";
const log4j = [{ path: "srv/log4j-core-2.14.0.jar", body: zipOf([{ path: pom, body: properties }]) }];
const config = { Env: ["PATH=/bin"], Labels: { "org.example.team": "shop" }, User: "root" };
const images = {
  "shop/alpine:1": imageOf([alpineLayer("zlib 1.2.12-r0", "expat 2.4.1-r0", "openssl 3.1.0-r0")]),
  "shop/web:1": imageOf([alpineLayer("zlib 1.2.12-r0"), lodash], { config, createdBy: ["ADD rootfs", "ADD app /srv"] }),
  "shop/jars:1": imageOf([log4j], { architecture: "arm64" }),
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "plimsoll-contract-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  server = stack.use(await startTestServer());
  admin = await server.token({ role: "ROLE_ADMIN" });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const env = { SOURCE_DATE_EPOCH: `${now / 1000}`, SECURE_API_TOKEN: admin.authorization.replace("Bearer ", "") };
  for (const [name, image] of Object.entries(images)) {
    const file = join(folder, "image.tar");
    writeFileSync(file, dockerArchiveOf([{ ...image, tags: [name] }]));
    const child = await runChild({
      args: [file, "--apiurl", url, "--override-pullstring", name, "--policy", "PCI DSS v4.0"],
      env,
    });
    expect([0, 1]).toContain(child.code);
  }
  const labels = { "kubernetes.cluster.name": "prod", "kubernetes.workload.name": "cart" };
  const sbom = alpineWith(apk("zlib", "1.2.12-r0"));
  await sendScan(server, admin, { sbom, name: "cart", stage: "runtime", labels });
}, 120_000);
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await stack.disposeAsync();
});

async function ask(method: "GET" | "POST" | "PUT" | "DELETE", url: string, body?: object) {
  const answer = await server.app.inject({ method, url, headers: admin, ...(body && { payload: body }) });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body === "" ? null : answer.json() };
}

/** Reads an answer as its type; what is wrong is told with its place. */
async function checked(type: z.ZodType, url: string) {
  const { status, body } = await ask("GET", url);
  expect([url, status]).toEqual([url, 200]);
  expect(problemsOf(type, body)).toEqual([]);
  return body;
}

function problemsOf(type: z.ZodType, value: unknown): readonly string[] {
  const read = type.safeParse(value);
  return read.success ? [] : read.error.issues.map((issue) => `${issue.path.join("/")}: ${JSON.stringify(issue)}`);
}

describe("the types, held against the reference's own files", () => {
  const file = (...path: readonly string[]) => sharedData("reference-results", ...path);
  it.skipIf(file() === null)("read its reports", () => {
    for (const name of [
      "postgres_13",
      "ubuntu_22.04",
      "ubuntu_24.04",
      "dummy-vuln-app_latest_accepted_risk_in_image",
    ]) {
      const { result } = JSON.parse(readFileSync(file("v1", `${name}.json`) ?? "", "utf8"));
      expect([name, problemsOf(ScanResultResponse, result)]).toEqual([name, []]);
    }
  });
  it.skipIf(file() === null)("read its pages of lists, but for times that are blanks there", () => {
    for (const [name, type] of [
      ["pipeline_page1", PipelineResultsResponse],
      ["pipeline_page2", PipelineResultsResponse],
      ["runtime_page1", RuntimeResultsResponse],
      ["runtime_page2", RuntimeResultsResponse],
    ] as const) {
      const text = readFileSync(file("api", `${name}.json`) ?? "", "utf8").replace(
        /\{\{[A-Z0-9_]+\}\}/g,
        "2026-01-01T00:00:00Z",
      );
      expect([name, problemsOf(type, JSON.parse(text))]).toEqual([name, []]);
    }
  });
});

describe("results", () => {
  // What the reference's files have says nothing of ours.
  beforeAll(() => met.clear());

  it("of pipelines: the list, each whole result, the older form, the SBOM", async () => {
    const { data, page } = await checked(PipelineResultsResponse, `${v1}/pipeline-results`);
    expect(page).toEqual({ total: 3 });
    expect(data.map((row: { pullString: string }) => row.pullString).sort()).toEqual(Object.keys(images).sort());
    const first = await checked(PipelineResultsResponse, `${v1}/pipeline-results?limit=1`);
    expect(first.page.next).toEqual(expect.any(String));
    for (const { resultId, imageId, vulnTotalBySeverity } of data) {
      const whole = await checked(ScanResultResponse, `${v1}/results/${resultId}`);
      expect(countsOf(whole.vulnerabilities)).toEqual(vulnTotalBySeverity);
      expectJoined(whole);
      const older = await ask("GET", `${v1beta1}/results/${resultId}`);
      expect(Object.keys(older.body)).toEqual(["result"]);
      expect(problemsOf(reportV0.shape.result, older.body.result)).toEqual([]);
      expect(older.body.result.vulnTotalBySeverity).toEqual(vulnTotalBySeverity);
      const sbom = await checked(
        people.Sbom,
        `${v1beta1}/sboms?assetType=container-image&assetId=${encodeURIComponent(imageId)}`,
      );
      expect(sbom.specVersion).toBe("1.5");
    }
  });

  it("of runtime: the list and the whole result", async () => {
    const { data } = await checked(RuntimeResultsResponse, `${v1}/runtime-results`);
    expect(data).toHaveLength(1);
    await checked(ScanResultResponse, `${v1}/results/${data[0].resultId}`);
    await checked(people.Sbom, `${v1beta1}/sboms?bomIdentifier=${data[0].sbomId}`);
  });

  it.skipIf(missing.length > 0)(
    `of Scan Now in a real registry${missing.length > 0 ? `: ${missing} missing` : ""}`,
    async () => {
      await using workers = await startWorkers(server.services, { beatMs: 100 });
      await using registry = await openDockerRegistry({ isLocked: false });
      const pushed = registry.push("team/web:1", images["shop/web:1"]);
      expect(workers).toBeDefined();
      const login = { type: "docker", username: "robot", password: "any" };
      const wanted = { name: "one", registry: registry.host, login, skipTlsVerify: true };
      const credential = await ask("POST", `${v1}/registry-credentials`, wanted);
      expect(problemsOf(registryCredential.strict(), credential.body)).toEqual([]);
      expect(JSON.stringify(credential.body)).not.toContain('"any"');
      const asked = await ask("POST", `${v1}/scan-now`, { image: pushed, platform: "linux/amd64" });
      const { body: job } = await ask("GET", `${v1}/jobs/${asked.body.jobId}?wait=30`);
      expect(problemsOf(jobAnswer.strict(), job)).toEqual([]);
      expect(job).toMatchObject({ state: "done", error: null });
      const { data } = await checked(RegistryResultsResponse, `${v1}/registry-results`);
      expect(data[0]).toMatchObject({
        resultId: job.resultId,
        pullString: pushed,
        imageId: images["shop/web:1"].imageId,
      });
      const whole = await checked(ScanResultResponse, `${v1}/results/${job.resultId}`);
      expect(countsOf(whole.vulnerabilities)).toEqual(data[0].vulnTotalBySeverity);
      expectJoined(whole);
      await checked(people.Sbom, `${v1beta1}/sboms?bomIdentifier=${data[0].sbomId}`);
    },
    60_000,
  );
});

describe("people and places", () => {
  it("teams, users, members, roles, permissions", async () => {
    const made = await ask("POST", "/platform/v1/teams", { name: "ops", product: "secure", description: "d" });
    expect([made.status, problemsOf(people.Team, made.body)]).toEqual([201, []]);
    const user = await ask("POST", "/platform/v1/users", { email: "ann@example.org", firstName: "Ann", lastName: "T" });
    expect([user.status, problemsOf(people.User, user.body)]).toEqual([201, []]);
    const role = await ask("POST", "/platform/v1/roles", { name: "auditor", securePermissions: ["results.read"] });
    expect([role.status, problemsOf(people.Role, role.body)]).toEqual([201, []]);
    const member = `/platform/v1/teams/${made.body.id}/users`;
    await ask("PUT", `${member}/${user.body.id}`, { standardTeamRole: "ROLE_TEAM_READ" });
    await checked(people.TeamUsers, member);
    const scopes = [{ type: "HOST_CONTAINER", expression: 'container.image.repo = "a"' }];
    await ask("POST", "/platform/v1/teams", { name: "dev", product: "secure", scopes, customTeamRoleId: role.body.id });
    await ask("PUT", `${member}/${user.body.id}`, { customTeamRoleId: role.body.id });
    await checked(people.TeamUsers, member);
    await checked(people.Teams, "/platform/v1/teams");
    await checked(people.Teams, "/platform/v1/teams?limit=1&offset=1");
    await checked(people.Users, "/platform/v1/users");
    await checked(people.Roles, "/platform/v1/roles");
    await checked(people.Permissions, "/platform/v1/permissions");
    const expirationDate = now + 86_400_000;
    const accounts = `/platform/v1/teams/${made.body.id}/service-accounts`;
    const account = await ask("POST", accounts, { name: "robot", teamRole: "ROLE_TEAM_READ", expirationDate });
    expect([account.status, problemsOf(people.ServiceAccountWithKey, account.body)]).toEqual([201, []]);
    await checked(people.ServiceAccounts, accounts);
  });

  it("zones", async () => {
    const scopes = [{ targetType: "kubernetes", rules: 'clusterId = "prod"' }];
    const made = await ask("POST", "/platform/v1/zones", { name: "prod", description: "d", scopes });
    expect(problemsOf(people.Zone, made.body)).toEqual([]);
    await checked(people.Zones, "/platform/v1/zones?limit=1");
  });
});

describe("errors", () => {
  it.each([
    ["GET", `${v1}/results/${"f".repeat(32)}`, 404],
    ["GET", `${v1}/pipeline-results?filter=nonsense`, 400],
    ["GET", `${v1beta1}/sboms`, 400],
    ["GET", `${v1beta1}/sboms?bomIdentifier=3e671687-395b-41f5-a30f-a58921a69b79`, 404],
    ["GET", "/platform/v1/zones/999", 404],
    ["POST", "/platform/v1/roles", 400],
    ["GET", "/platform/jira/v1/integrations", 501],
  ] as const)("%s %s: %i", async (method, url, status) => {
    const answer = await ask(method, url, method === "POST" ? {} : undefined);
    expect([answer.status, problemsOf(ApiError, answer.body)]).toEqual([status, []]);
  });
});

describe("every field of the contract", () => {
  it.skipIf(missing.length > 0)("was met with a value, but for those with a reason", () => {
    expect([...declared].filter((field) => !met.has(field)).sort()).toEqual(Object.keys(withoutValue).sort());
  });
});

const noRisks = "risks are not accepted here yet";
const ofPackages = "a configuration is of no package";
/** What no answer here can have, and why. */
const withoutValue: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      "context",
      "createdAt",
      "description",
      "entityType",
      "entityValue",
      "expirationDate",
      "id",
      "reason",
      "status",
      "updatedAt",
    ].map((field) => [`RiskAcceptanceDefinition.${field}`, noRisks]),
  ),
  "ImageConfigFailure.riskAcceptRefs": noRisks,
  "PkgVulnFailure.riskAcceptRefs": noRisks,
  "Package.riskAcceptRefs": noRisks,
  "Vulnerability.riskAcceptRefs": noRisks,
  "ImageConfigFailure.description": ofPackages,
  "ImageConfigFailure.packageRef": ofPackages,
  "ImageConfigFailure.vulnerabilityRef": ofPackages,
  "HostMetadata.architecture": "a folder has none",
  "Layer.baseImagesRef": "none of the images is known as a base",
  "Package.license": "the packages tell none",
  "SbomResultResponse.compositions": "all was read: nothing is said",
  "SbomResultResponse.dependencies": "the packages depend on nothing",
  "ServiceAccountResponseV1.lastUsed": "the account was not used",
  "ServiceAccountWithKeyResponseV1.lastUsed": "the account is new",
};

type Counted = Readonly<Record<string, { readonly severity: string }>>;

/** As lists count: findings, by severity. */
function countsOf(vulnerabilities: Counted): Record<string, number> {
  const counts: Record<string, number> = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0 };
  for (const { severity } of Object.values(vulnerabilities)) counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
}

interface Whole {
  readonly packages: Readonly<
    Record<string, { readonly layerRef?: string; readonly vulnerabilitiesRefs: readonly string[] | null }>
  >;
  readonly vulnerabilities: Readonly<Record<string, { readonly packageRef: string }>>;
  readonly layers: Readonly<Record<string, { readonly baseImagesRef?: readonly string[] }>>;
  readonly baseImages: object;
}

/** Each reference leads somewhere: clients follow them without looking. */
function expectJoined({ packages, vulnerabilities, layers, baseImages }: Whole): void {
  for (const [key, { layerRef, vulnerabilitiesRefs }] of Object.entries(packages)) {
    if (layerRef !== undefined) expect(layers).toHaveProperty([layerRef]);
    for (const ref of vulnerabilitiesRefs ?? []) expect(vulnerabilities[ref]?.packageRef).toBe(key);
  }
  for (const { packageRef } of Object.values(vulnerabilities)) expect(packages).toHaveProperty([packageRef]);
  for (const { baseImagesRef = [] } of Object.values(layers)) {
    for (const ref of baseImagesRef) expect(baseImages).toHaveProperty([ref]);
  }
}
