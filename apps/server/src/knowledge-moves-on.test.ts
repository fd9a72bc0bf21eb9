import { DatabaseSync } from "node:sqlite";
import { fullResultAnswer, resultNowAnswer, resultV1 } from "@plimsoll/contract";
import type { Sbom } from "@plimsoll/model";
import { faultsOfReportV1 } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alpineWith, apk, sendScan } from "./testing/send-scan.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let headers: { readonly authorization: string };
/** Results by what they are of, and the frozen one's body as it was answered first. */
const ids = { pipeline: "", registry: "", workload: "" };
let answeredFirst: string;

const before: Sbom = alpineWith(apk("zlib", "1.2.12-r0"), apk("expat", "2.4.1-r0"), apk("busybox", "99-r0"));
const base = "/secure/vulnerability/v1";

const inject = (path: string) => server.app.inject({ url: path, headers });

beforeAll(async () => {
  server = await startTestServer();
  headers = await server.token({ role: "ROLE_ADMIN" });
  const send = async (name: string, stage: string, labels: object) =>
    String((await sendScan(server, headers, { sbom: before, name, stage, labels })).resultId);
  ids.pipeline = await send("shop/app:1", "pipeline", {});
  ids.registry = await send("r.example/app:1", "registry", { "registry.vendor": "harbor" });
  ids.workload = await send("c1/n1/app", "runtime", { "kubernetes.cluster.name": "c1" });
  answeredFirst = (await inject(`${base}/results/${ids.pipeline}`)).body;
  learn(server.database);
  await server.services.knowledge.reload();
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

/** What stands around a result in a file. */
const wrapping = {
  info: { scanTime: "2026-11-22T12:00:00Z", scanDuration: "1s" },
  scanner: { name: "plimsoll", version: "0" },
};

/** A later revision: nobody speaks of zlib any more, and what expat has is rated negligible. */
function learn(path: string): void {
  using db = new DatabaseSync(path);
  db.exec("update meta set value = '99990101000000' where key = 'revision'");
  db.exec("delete from affected where package in (select id from package where name = 'zlib')");
  db.exec(`insert into word (id, body) select max(id) + 1, 'negligible' from word
    having not exists (select 1 from word where body = 'negligible')`);
  db.exec(`update affected set severity = (select id from word where body = 'negligible')
    where package in (select id from package where name = 'expat')`);
  db.exec("delete from rating");
}

interface Whole {
  readonly vulnerabilities: Readonly<
    Record<string, { readonly name: string; readonly severity: string; readonly packageRef: string }>
  >;
  readonly packages: Readonly<Record<string, { readonly name: string }>>;
}

const packagesWithFlaws = ({ vulnerabilities, packages }: Whole) =>
  [...new Set(Object.values(vulnerabilities).map(({ packageRef }) => packages[packageRef]?.name))].sort();

describe("after knowledge has changed", () => {
  it("a pipeline's result is byte for byte what was answered, and a header says that there is a newer view", async () => {
    const answer = await inject(`${base}/results/${ids.pipeline}`);
    expect(answer.body).toBe(answeredFirst);
    expect(answer.headers.link).toBe(`<${base}/results/${ids.pipeline}/now>; rel="latest-version"`);
    const whole = fullResultAnswer.parse(answer.json());
    expect(whole.isFrozen).toBe(true);
    expect(packagesWithFlaws(whole)).toEqual(["expat", "zlib"]);
  });

  it.each(["registry", "workload"] as const)("a %s's result shows what is known now", async (kind) => {
    const answer = await inject(`${base}/results/${ids[kind]}`);
    const whole = fullResultAnswer.parse(answer.json());
    const faults = faultsOfReportV1({ ...wrapping, result: answer.json() });
    expect(faults).toEqual([]);
    expect([whole.isFrozen, answer.headers.link]).toEqual([false, undefined]);
    expect(packagesWithFlaws(whole)).toEqual(["expat"]);
    expect(whole.knowledge?.revision).toBe("99990101000000");
    expect(whole.stage).toBe(kind === "registry" ? "registry" : "runtime");
  });

  it("lists and results say the same", async () => {
    for (const [list, kind] of [
      ["registry-results", "registry"],
      ["runtime-results", "workload"],
    ] as const) {
      const [row] = (await inject(`${base}/${list}`)).json().data;
      expect(row.resultId).toBe(ids[kind]);
      const { vulnerabilities } = resultV1.parse((await inject(`${base}/results/${ids[kind]}`)).json());
      const counted = Object.groupBy(Object.values(vulnerabilities), ({ severity }) => severity);
      for (const [severity, count] of Object.entries(row.vulnTotalBySeverity)) {
        const found = Object.entries(counted).find(([word]) => word === severity)?.[1]?.length ?? 0;
        expect([severity, found]).toEqual([severity, count]);
      }
    }
  });

  it("the view of now shows today's report, what it was, and what went, eased and stayed", async () => {
    const now = resultNowAnswer.parse((await inject(`${base}/results/${ids.pipeline}/now`)).json());
    expect(packagesWithFlaws(now)).toEqual(["expat"]);
    expect(now.answeredThen.knowledge.revision).not.toBe(now.knowledge?.revision);
    const { findings, sameKnowledge, packages } = now.changes;
    expect([sameKnowledge, packages]).toEqual([false, []]);
    const states = Object.groupBy(findings, ({ state }) => state);
    expect(Object.keys(states).sort()).toEqual(["eased", "fixed"]);
    expect(new Set(states.fixed?.map((change) => change.package.name))).toEqual(new Set(["zlib"]));
    expect(new Set(states.eased?.map((change) => change.package.name))).toEqual(new Set(["expat"]));
    expect(findings.every(({ cause }) => cause === "knowledge-changed")).toBe(true);
    expect(states.eased?.[0]?.changes[0]).toMatchObject({ aspect: "severity", after: "negligible", isWorse: false });
  });

  it("what is asked of nobody's result is not there", async () => {
    for (const path of [`results/${"0".repeat(32)}/now`, `results/${ids.pipeline}/diff/${"0".repeat(32)}`]) {
      expect((await inject(`${base}/${path}`)).statusCode).toBe(404);
    }
  });
});
