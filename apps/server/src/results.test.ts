import { pipelineResultsAnswer, registryResultsAnswer, reportV1, runtimeResultsAnswer } from "@plimsoll/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alpineWith, apk, sendScan } from "./testing/send-scan.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let headers: { readonly authorization: string };
let others: { readonly authorization: string };
let first: string;

const clean = alpineWith(apk("busybox", "99-r0"));
const bad = alpineWith(apk("zlib", "1.2.12-r0"), apk("expat", "2.4.1-r0"));

beforeAll(async () => {
  server = await startTestServer();
  const role = "ROLE_TEAM_EDIT";
  headers = await server.token({ team: await server.team(), role });
  others = await server.token({ team: await server.team(), role });
  for (let n = 0; n < 7; n++) {
    const { resultId } = await sendScan(server, headers, { sbom: n % 2 ? bad : clean, name: `shop/app:${n}` });
    if (n === 1) first = resultId;
  }
  await sendScan(server, others, { sbom: bad, name: "secret/app:1" });
  const registry = { "registry.vendor": "harbor", "registry.name": "r.example" };
  await sendScan(server, headers, { sbom: clean, name: "r.example/fine:1", stage: "registry", labels: registry });
  await sendScan(server, headers, { sbom: bad, name: "r.example/bad:1", stage: "registry", labels: registry });
  const workload = { "kubernetes.cluster.name": "c1", "kubernetes.namespace.name": "n1" };
  await sendScan(server, headers, { sbom: bad, name: "c1/n1/w", stage: "runtime", labels: workload });
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const base = "/secure/vulnerability/v1";

async function get(path: string, as = headers) {
  const answer = await server.app.inject({ url: path, headers: as });
  return { status: answer.statusCode, body: answer.json() };
}

const filter = (text: string) => `filter=${encodeURIComponent(text)}`;

describe("lists of results", () => {
  it("walks every row once, newest first, page by page", async () => {
    const names: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await get(`${base}/pipeline-results?limit=2${cursor}`);
      const { data, page } = pipelineResultsAnswer.parse(body);
      expect(page.total).toBe(7);
      names.push(...data.map(({ pullString }) => pullString));
      if (page.next === undefined) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(new Set(names)).toEqual(new Set(Array.from({ length: 7 }, (_, n) => `shop/app:${n}`)));
    expect(names).toHaveLength(7);
  });

  it("counts what the report counts", async () => {
    const { body } = await get(`${base}/pipeline-results?${filter('freeText in ("app:1")')}`);
    const { body: whole } = await get(`${base}/results/${first}`);
    const vulnerabilities: { severity: string }[] = Object.values(whole.vulnerabilities);
    expect(vulnerabilities.length).toBeGreaterThan(0);
    const counted = Object.groupBy(vulnerabilities, ({ severity }) => severity);
    for (const [severity, count] of Object.entries(body.data[0].vulnTotalBySeverity)) {
      expect([severity, counted[severity]?.length ?? 0]).toEqual([severity, count]);
    }
  });

  it("shows a team nothing of another's: not in lists, not by id, not by name", async () => {
    const { body } = await get(`${base}/pipeline-results`, others);
    expect(body.data.map(({ pullString }: { pullString: string }) => pullString)).toEqual(["secret/app:1"]);
    expect((await get(`${base}/results/${first}`, others)).status).toBe(404);
    expect((await get(`${base}/pipeline-results?${filter('freeText in ("shop")')}`, others)).body.page.total).toBe(0);
  });

  it("puts the worst image of a registry first, by what is known now", async () => {
    const { body } = await get(`${base}/registry-results?${filter('registry.vendor = "harbor"')}`);
    const { data } = registryResultsAnswer.parse(body);
    expect(data.map(({ pullString }) => pullString)).toEqual(["r.example/bad:1", "r.example/fine:1"]);
    expect(data[0]?.vendor).toBe("harbor");
  });

  it("gives a workload with its scope", async () => {
    const { body } = await get(
      `${base}/runtime-results?${filter('kubernetes.cluster.name in ("c1") and asset.type="workload"')}`,
    );
    const { data } = runtimeResultsAnswer.parse(body);
    expect(data).toHaveLength(1);
    expect(data[0]?.scope).toMatchObject({ "asset.type": "workload", "kubernetes.namespace.name": "n1" });
  });

  it("takes filters as Backstage sends them, with raw spaces and quotes", async () => {
    const { body } = await get(`${base}//pipeline-results?filter=freeText in ("app:3")`.replaceAll(" ", "%20"));
    expect(body.page.total).toBe(1);
  });

  it.each([
    ["an unknown label", filter('container.image.repo = "x"'), "UNKNOWN_FIELD"],
    ["half a filter", filter("a in ("), "BAD_FILTER"],
    ["a made-up cursor", "cursor=abc", "BAD_CURSOR"],
    ["no number of rows", "limit=0", "BAD_REQUEST"],
    ["far too many rows", "limit=100000", "BAD_REQUEST"],
  ])("refuses %s with 400", async (_, query, type) => {
    expect(await get(`${base}/runtime-results?${query}`)).toMatchObject({ status: 400, body: { type } });
  });

  it("refuses the cursor of another filter", async () => {
    const { body } = await get(`${base}/pipeline-results?limit=1`);
    const other = await get(`${base}/pipeline-results?limit=1&cursor=${body.page.next}&${filter('freeText in ("x")')}`);
    expect(other).toMatchObject({ status: 400, body: { type: "BAD_CURSOR" } });
  });

  it.each(["' or 1=1 --", "x'; drop table asset; --", "%", "_", "\\", "\u0000"])(
    "takes %j for what it is: a name that nothing has",
    async (text) => {
      const { status, body } = await get(`${base}/pipeline-results?${filter(`freeText in (${JSON.stringify(text)})`)}`);
      expect(status === 400 || body.page.total === 0).toBe(true);
      expect((await get(`${base}/pipeline-results`)).body.page.total).toBe(7);
    },
  );
});

describe("one result", () => {
  it("is the report v1 without what wraps it in a file", async () => {
    const { body } = await get(`${base}/results/${first}`);
    reportV1.shape.result.parse(body);
    expect(body.metadata.hostName).toBe("shop/app:1");
  });

  it("is wrapped, and in the older shape, where Harbor reads it", async () => {
    const { body } = await get(`/secure/vulnerability/v1beta1/results/${first}`);
    expect(body.result.packages.length).toBe(2);
    const list = await get("/secure/vulnerability/v1beta1/pipeline-results?limit=1");
    expect(list.body.data[0].mainAssetName).toMatch(/@sha256:[0-9a-f]{64}$/);
  });

  it.each(["", "x".repeat(32), "0".repeat(32), "../../etc/passwd", "0".repeat(300)])(
    "is not there by %j",
    async (id) => {
      expect((await get(`${base}/results/${encodeURIComponent(id)}`)).status).toBeGreaterThanOrEqual(400);
    },
  );
});
