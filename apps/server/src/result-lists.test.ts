import {
  pipelineResultsAnswer,
  registryResultsAnswer,
  resultGroupsAnswer,
  runtimeResultsAnswer,
} from "@plimsoll/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alpineWith, apk, sendScan } from "./testing/send-scan.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let headers: { readonly authorization: string };
let others: { readonly authorization: string };

const clean = alpineWith(apk("busybox", "99-r0"));
const bad = alpineWith(apk("zlib", "1.2.12-r0"), apk("expat", "2.4.1-r0"));
const unread = { ...bad, problems: [{ code: "UNREADABLE_PACKAGE_DB", level: "incomplete", message: "?" }] } as never;

beforeAll(async () => {
  server = await startTestServer();
  headers = await server.token({ team: await server.team(), role: "ROLE_TEAM_EDIT" });
  others = await server.token({ team: await server.team(), role: "ROLE_TEAM_EDIT" });
  for (let n = 0; n < 5; n++) await sendScan(server, headers, { sbom: n % 2 ? bad : clean, name: `shop/app:${n}` });
  await sendScan(server, headers, { sbom: bad, name: '=HYPERLINK("http://x")\r\n,"y"' });
  await sendScan(server, headers, { sbom: unread, name: "shop/unread:1" });
  await sendScan(server, others, { sbom: bad, name: "secret/app:1" });
  const registry = (name: string, repository: string) => ({ "registry.name": name, "repository.name": repository });
  const images = [
    ["r1.example", "shop/app", clean],
    ["r1.example", "shop/db", bad],
    ["r2.example", "shop/app", clean],
  ] as const;
  for (const [host, repository, sbom] of images) {
    const labels = registry(host, repository);
    await sendScan(server, headers, { sbom, name: `${host}/${repository}:1`, stage: "registry", labels });
  }
  for (const [cluster, workload] of [
    ["c1", "w1"],
    ["c1", "w2"],
    ["c2", "w3"],
  ]) {
    const labels = { "kubernetes.cluster.name": cluster, "kubernetes.workload.name": workload };
    await sendScan(server, headers, { sbom: bad, name: `${cluster}/n/${workload}`, stage: "runtime", labels });
  }
}, 60_000);
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const base = "/secure/vulnerability/v1";
const filter = (text: string) => `filter=${encodeURIComponent(text)}`;

async function get(path: string, as = headers) {
  const answer = await server.app.inject({ url: `${base}${path}`, headers: as });
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`);
  return answer;
}

describe("rows", () => {
  it("say how many findings have an exploit or a fix, in every list", async () => {
    const pipeline = pipelineResultsAnswer.parse((await get(`/pipeline-results?${filter('tag = "1"')}`)).json());
    const registry = registryResultsAnswer.parse(
      (await get(`/registry-results?${filter('repository = "shop/db"')}`)).json(),
    );
    const runtime = runtimeResultsAnswer.parse((await get(`/runtime-results?${filter('cluster = "c2"')}`)).json());
    for (const { data } of [pipeline, registry, runtime]) {
      expect(data[0]?.fixable).toBeGreaterThan(0);
      expect(data[0]?.exploitable).toBeTypeOf("number");
    }
  });

  it("can be asked for by whether their verdict could be wrong", async () => {
    await server.services.pool.query(
      "update verdict v set complete = asset.name <> 'shop/unread:1' from asset where asset.id = v.asset_id",
    );
    const named = async (text: string): Promise<string[]> => {
      const { data } = pipelineResultsAnswer.parse((await get(`/pipeline-results?${filter(text)}`)).json());
      return data.map(({ pullString }) => pullString);
    };
    expect(await named("complete = false")).toEqual(["shop/unread:1"]);
    expect(await named("complete = true")).toHaveLength(6);
  });

  it("without a policy are found by that", async () => {
    const { page } = (
      await get(`/registry-results?${filter('policyStatus in ("noPolicy", "passed", "failed")')}`)
    ).json();
    expect(page.total).toBe(3);
  });

  it("that no policy judged have not passed", async () => {
    const { data } = registryResultsAnswer.parse((await get("/registry-results")).json());
    expect(data.map(({ policyEvaluationResult }) => policyEvaluationResult)).toEqual(Array(3).fill("noPolicy"));
    for (const [status, total] of [
      ["noPolicy", 3],
      ["passed", 0],
    ]) {
      const { page } = (await get(`/registry-results?${filter(`policyStatus = "${status}"`)}`)).json();
      expect([status, page.total]).toEqual([status, total]);
    }
  });
});

describe("groups", () => {
  it("count rows, each as a filter for it does", async () => {
    for (const stage of ["pipeline", "registry", "runtime"]) {
      const { whole } = resultGroupsAnswer.parse((await get(`/result-groups?stage=${stage}`)).json());
      const asked = {
        "": whole.rows,
        "hasFix = true": whole.fixable,
        "hasExploit = true": whole.exploitable,
        'severity = "critical"': whole.rowsBySeverity.critical,
        'severity = "high"': whole.rowsBySeverity.high,
        'severity in ("medium", "unknown")': whole.rowsBySeverity.medium,
        'policyStatus = "failed"': whole.failed,
        "complete = false": whole.incomplete,
      };
      for (const [text, count] of Object.entries(asked)) {
        const { page } = (await get(`/${stage}-results?${filter(text)}`)).json();
        expect([stage, text, count]).toEqual([stage, text, page.total]);
      }
    }
  });

  it("put the worst first, and add up", async () => {
    const { data, whole, groups } = (await get("/result-groups?stage=registry&by=registry")).json();
    expect(data.map(({ value, rows }: { value: string; rows: number }) => [value, rows])).toEqual([
      ["r1.example", 2],
      ["r2.example", 1],
    ]);
    expect([whole.rows, groups]).toEqual([3, 2]);
    const within = (
      await get(`/result-groups?stage=registry&by=repository&limit=1&${filter('registry = "r1.example"')}`)
    ).json();
    expect([within.data[0].value, within.data.length, within.groups]).toEqual(["shop/db", 1, 2]);
    const clusters = (await get("/result-groups?stage=runtime&by=cluster&like=C1")).json();
    expect(clusters.data.map(({ value }: { value: string }) => value)).toEqual(["c1"]);
  });

  it("count nothing of another team's", async () => {
    expect((await get("/result-groups?stage=pipeline&by=tag", others)).json().whole.rows).toBe(1);
    expect((await get("/result-groups?stage=runtime&by=cluster", others)).json().data.length).toBeLessThanOrEqual(2);
  });

  it.each(["'; drop table asset; --", "%", "\\"])("take %j for what it is", async (text) => {
    const { data } = (await get(`/result-groups?stage=registry&by=registry&like=${encodeURIComponent(text)}`)).json();
    expect(data).toEqual([]);
  });
});

describe("lists as CSV", () => {
  it("have exactly the rows of the list, in its order, harmless to spreadsheets", async () => {
    const query = `sort=name&order=asc&${filter('severity >= "negligible"')}`;
    const list = (await get(`/pipeline-results?${query}`)).json();
    const answer = await get(`/pipeline-results/csv?${query}`);
    expect(answer.headers["content-type"]).toContain("text/csv");
    expect(answer.headers["content-disposition"]).toBe('attachment; filename="pipeline-results.csv"');
    const [head, ...lines] = answer.body.trimEnd().split("\r\n");
    expect(head).toMatch(/^Image,Critical,High,/);
    const ids = lines.map((line) => line.slice(line.lastIndexOf(",") + 1));
    expect(ids).toEqual(list.data.map(({ resultId }: { resultId: string }) => resultId));
    expect(answer.body).toContain("\"'=HYPERLINK(");
    expect(answer.body).not.toContain("secret");
  });

  it("tell labels, and refuse a filter that is none before they begin", async () => {
    expect((await get("/registry-results/csv")).body).toContain("r1.example,shop/db,");
    expect((await get(`/runtime-results/csv?${filter('cluster = "c2"')}`)).body.trimEnd().split("\r\n")).toHaveLength(
      2,
    );
    const answer = await server.app.inject({ url: `${base}/runtime-results/csv?${filter("a in (")}`, headers });
    expect([answer.statusCode, answer.json().type]).toEqual([400, "BAD_FILTER"]);
  });
});
