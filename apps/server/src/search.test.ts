import {
  assetsFoundAnswer,
  packageReachAnswer,
  packagesFoundAnswer,
  pipelineResultsAnswer,
  registryResultsAnswer,
  revisionReachAnswer,
  searchAnswer,
  vulnerabilitiesFoundAnswer,
  vulnerabilityReachAnswer,
} from "@plimsoll/contract";
import { rematch } from "@plimsoll/platform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alpineWith, apk, sendScan } from "./testing/send-scan.ts";
import { now, startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let headers: { readonly authorization: string };
let others: { readonly authorization: string };
let flaw: string;

const zlib = apk("zlib", "1.2.12-r0");
const expat = apk("expat", "2.4.1-r0");
const busybox = apk("busybox", "99-r0");

beforeAll(async () => {
  server = await startTestServer();
  const role = "ROLE_TEAM_EDIT";
  headers = await server.token({ team: await server.team(), role });
  others = await server.token({ team: await server.team(), role });
  const harbor = { "registry.vendor": "harbor", "registry.name": "r.example", "repository.name": "shop/app" };
  const images = [[zlib], [zlib, expat], [busybox], [expat], [zlib, busybox]];
  for (const [n, packages] of images.entries()) {
    const sbom = alpineWith(...packages);
    await sendScan(server, headers, { sbom, name: `r.example/shop/app:${n}`, stage: "registry", labels: harbor });
    await sendScan(server, headers, { sbom, name: `shop/app:${n}` });
  }
  const labels = { "kubernetes.cluster.name": "c1", "kubernetes.namespace.name": "n1" };
  await sendScan(server, headers, { sbom: alpineWith(zlib), name: "c1/n1/deployment/w", stage: "runtime", labels });
  await sendScan(server, others, { sbom: alpineWith(apk("openssl", "1.1.1-r0")), name: "secret/app:1" });
  const { body } = await get("/search/vulnerabilities?q=CVE-2022-37434");
  flaw = body.data[0].name;
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

async function get(path: string, as = headers) {
  const answer = await server.app.inject({ url: `/secure/vulnerability/v1${path}`, headers: as });
  return { status: answer.statusCode, body: answer.json() };
}

const filter = (text: string) => `filter=${encodeURIComponent(text)}`;

interface Counted {
  readonly vulnTotalBySeverity: Readonly<Record<string, number>>;
  readonly pullString: string;
  readonly createdAt: string;
}

const bySeverity = ({ vulnTotalBySeverity: { critical, high, medium, low, negligible } }: Counted): string =>
  [critical, high, medium, low, negligible].map((count) => String(count).padStart(6, "0")).join();

/** All rows of a list by pages of two. */
async function walked(list: "pipeline-results" | "registry-results", query: string): Promise<Counted[]> {
  const rows: Counted[] = [];
  for (let cursor = ""; ; ) {
    const { body } = await get(`/${list}?${query}&limit=2${cursor}`);
    const { data, page } = (list === "pipeline-results" ? pipelineResultsAnswer : registryResultsAnswer).parse(body);
    expect(page).toMatchObject({ total: 5 });
    rows.push(...data);
    if (page.next === undefined) return rows;
    cursor = `&cursor=${page.next}`;
  }
}

describe("the order of a list", () => {
  it.each(
    (["pipeline-results", "registry-results"] as const).flatMap((list) =>
      ["risk", "vulnTotalBySeverity", "name", "createdAt"].flatMap((sort) => [
        [list, sort, "asc"] as const,
        [list, sort, "desc"] as const,
      ]),
    ),
  )("%s by %s %s: every row once, in order, page by page", async (list, sort, order) => {
    const rows = await walked(list, `sort=${sort}&order=${order}`);
    const { data: assets } = assetsFoundAnswer.parse((await get("/search/assets")).body);
    const exploits = (row: Counted) => assets.find(({ name }) => name === row.pullString)?.exploitable ?? 0;
    const byRisk = (row: Counted) => `${String(exploits(row)).padStart(6, "0")} ${bySeverity(row)}`;
    const key =
      { risk: byRisk, name: (row: Counted) => row.pullString, createdAt: (row: Counted) => row.createdAt }[sort] ??
      bySeverity;
    const keys = rows.map(key);
    expect(keys).toEqual(order === "asc" ? keys.toSorted() : keys.toSorted().reverse());
    if (key === bySeverity || key === byRisk) expect(new Set(keys).size).toBeGreaterThan(2);
  });

  it("is bound into its cursors: another order refuses them", async () => {
    const { body } = await get("/registry-results?limit=1&sort=risk");
    const answer = await get(`/registry-results?limit=1&sort=name&cursor=${body.page.next}`);
    expect(answer).toMatchObject({ status: 400, body: { type: "BAD_CURSOR" } });
  });

  it("refuses cursors that somebody wrote with keys of other kinds", async () => {
    const { body } = await get("/registry-results?limit=1&sort=risk");
    const parts: unknown[] = JSON.parse(Buffer.from(body.page.next, "base64url").toString());
    for (const key of ["x", "99999999999999999999", "1; drop table asset", ""]) {
      const forged = Buffer.from(JSON.stringify([...parts.slice(0, 3), key, ...parts.slice(4)])).toString("base64url");
      expect((await get(`/registry-results?limit=1&sort=risk&cursor=${forged}`)).status).toBe(400);
    }
  });
});

describe("filters", () => {
  const all = [0, 1, 2, 3, 4];
  it.each([
    ['severity >= "negligible"', [0, 1, 3, 4]],
    ['severity in ("critical","high","medium","low","negligible","unknown")', [0, 1, 3, 4]],
    ["hasFix = true", [0, 1, 3, 4]],
    ["hasFix != true", [2]],
    ['hasFix = false and name contains "app"', [2]],
    ["inUse = true", []],
    ['tag = "3"', [3]],
    ['tag != "3"', [0, 1, 2, 4]],
    ['tag startsWith "1"', [1]],
    ['package.name = "expat"', [1, 3]],
    ['package = "zlib@1.2.12-r0"', [0, 1, 4]],
    ['package = "zlib@1"', []],
    ['package = "pkg:apk/alpine/zlib@1.2.12-r0"', [0, 1, 4]],
    ['package = "pkg:npm/zlib"', []],
    ['package startsWith "z"', [0, 1, 4]],
    ['package != "zlib"', [2, 3]],
    ['cve = "cve-2022-37434"', [0, 1, 4]],
    ['vulnerability = "CVE-2022-37434" or tag = "2"', [0, 1, 2, 4]],
    ['vulnerability = "CVE-1999-9999"', []],
    ['pullString startsWith "r.example"', all],
    ['policyStatus in ("passed","failed","noPolicy")', all],
    ['repository = "shop/app" and registry = "r.example" and vendor = "harbor"', all],
    ['image.digest startsWith "zz"', []],
  ])("%s", async (text, numbers) => {
    const { status, body } = await get(`/registry-results?sort=name&order=asc&${filter(text)}`);
    expect([status, body.message]).toEqual([200, undefined]);
    expect(body.data.map(({ pullString }: Counted) => Number(pullString.at(-1)))).toEqual(numbers);
    expect(body.page.total).toBe(numbers.length);
  });

  it.each([
    'severity >= "bad"',
    "hasFix = maybe",
    "hasFix contains t",
    'cve contains "2022"',
    'name >= "a"',
    'constructor = "x"',
  ])("refuses %s with 400", async (text) => {
    expect((await get(`/registry-results?${filter(text)}`)).status).toBe(400);
  });

  it("of frozen results go by what was counted then", async () => {
    const { body } = await get(`/pipeline-results?${filter('hasFix = true and severity >= "low"')}`);
    expect(body.page.total).toBe(4);
  });
});

describe("search", () => {
  it("finds some of everything", async () => {
    const { body } = await get("/search?q=zlib");
    const found = searchAnswer.parse(body);
    expect(found.packages).toEqual([
      { ecosystem: "alpine:3.18", name: "zlib", versions: ["1.2.12-r0"], versionCount: 1 },
    ]);
    expect(searchAnswer.parse((await get("/search?q=SHOP%2Fapp%3A3")).body).images.map(({ name }) => name)).toEqual([
      "r.example/shop/app:3",
      "shop/app:3",
    ]);
    expect((await get("/search?q=deployment")).body.workloads).toHaveLength(1);
  });

  it("finds flaws by any beginning, in any letters, page by page", async () => {
    const names: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await get(`/search/vulnerabilities?q=cve-2&limit=3${cursor}`);
      const { data, page } = vulnerabilitiesFoundAnswer.parse(body);
      names.push(...data.map(({ name }) => name));
      if (page.next === undefined) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(names).toContain(flaw);
    expect(names).toEqual([...new Set(names)].sort());
  });

  it("finds an image by the beginning of its digest", async () => {
    const { imageId } = (await get("/registry-results?limit=1")).body.data[0];
    expect((await get(`/search?q=${imageId.slice(0, 30)}`)).body.images.length).toBeGreaterThan(0);
  });

  it("lists packages with their versions", async () => {
    const { data } = packagesFoundAnswer.parse((await get("/search/packages?q=e")).body);
    expect(data.map(({ name }) => name)).toEqual(["expat"]);
  });

  it("lists whatever has a flaw, of every kind", async () => {
    const { body } = await get(`/search/assets?sort=name&order=asc&${filter(`vulnerability = "${flaw}"`)}`);
    const { data } = assetsFoundAnswer.parse(body);
    expect(data.map(({ kind }) => kind).sort()).toEqual([
      ...Array(3).fill("pipeline"),
      ...Array(3).fill("registry"),
      "workload",
    ]);
  });

  it("tells nobody of what only others have", async () => {
    for (const path of ["/search?q=openssl", "/search/packages?q=openssl", "/search?q=secret"]) {
      expect(JSON.stringify((await get(path)).body)).not.toMatch(/openssl|secret/);
      expect(JSON.stringify((await get(path, others)).body)).toMatch(/openssl|secret/);
    }
    expect((await get(`/search?q=${flaw}`, others)).body.vulnerabilities).toEqual([]);
    expect((await get(`/search/vulnerabilities?q=${flaw}`, others)).body.data).toEqual([]);
    expect((await get(`/blast-radius/vulnerabilities/${flaw}`, others)).status).toBe(404);
    expect((await get("/blast-radius/packages?package=zlib", others)).status).toBe(404);
  });

  it.each(["%", "_", "'", "\\", "a'; drop table asset; --", "pkg:", "pkg:npm/%zz", "@", "x@", "\u0000"])(
    "takes %j for a text",
    async (text) => {
      const { status, body } = await get(`/search?q=${encodeURIComponent(text)}`);
      expect(status === 400 || body.packages.length === 0).toBe(true);
    },
  );
});

describe("blast radius", () => {
  it("of a flaw: how many of what, how bad, and from where", async () => {
    const { body } = await get(`/blast-radius/vulnerabilities/${flaw.toLowerCase()}`);
    const reach = vulnerabilityReachAnswer.parse(body);
    // Directories without layers: the SBOM of one tree scanned twice is one image.
    expect(reach).toMatchObject({
      name: flaw,
      assets: 7,
      workloads: 1,
      pipelines: 3,
      registryImages: 3,
      registries: 1,
      clusters: 1,
      teams: 1,
    });
    expect(reach.bySeverity.reduce((sum, { assets }) => sum + assets, 0)).toBe(7);
    expect(reach.broughtBy.reduce((sum, { assets }) => sum + assets, 0)).toBe(7);
  });

  it("of a package, by purl", async () => {
    const { body } = await get(`/blast-radius/packages?package=${encodeURIComponent("pkg:apk/alpine/expat@2.4.1-r0")}`);
    expect(packageReachAnswer.parse(body)).toMatchObject({ assets: 4, workloads: 0 });
  });

  it("of nothing is not there", async () => {
    expect((await get("/blast-radius/vulnerabilities/CVE-1999-9999")).status).toBe(404);
    expect((await get("/blast-radius/packages?package=nothing")).status).toBe(404);
  });

  it("of a revision: what it changed, for how many", async () => {
    const { pool } = server.services;
    const changed = [{ ecosystem: "alpine:3.18", name: "expat" }];
    const builtAt = new Date(now).toISOString();
    await rematch(pool, { revision: "no more expat", builtAt, changed, findingsOf: () => [] }, now);
    const reach = revisionReachAnswer.parse((await get("/blast-radius/revisions/newest")).body);
    expect(reach).toMatchObject({ assets: 4 });
    expect(reach.vulnerabilities.every(({ assets }) => assets === 4)).toBe(true);
    expect((await get("/blast-radius/revisions/newest", others)).body).toMatchObject({
      assets: 0,
      vulnerabilities: [],
    });
    expect((await get("/blast-radius/revisions/99999")).status).toBe(404);
  });
});
