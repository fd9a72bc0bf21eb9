import { readFileSync } from "node:fs";
import { join } from "node:path";
import { golden, sarifCheck, sharedData } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { findingOf, packageOf, policyOf, reportOf, ruleOf, sbomOf, writeOptions } from "../../test/builders.ts";
import { manyLayers, oneFinding, partial, sharedReports } from "../../test/reports.ts";
import { sarif } from "./report-format.ts";
import { parseSarifOptions } from "./sarif-options.ts";

const check = await sarifCheck();
const realLog = sharedData("reference-results", "sarif", "sarif-v1.json");

function runOf(text: string): Run {
  const [run] = (JSON.parse(text) as { readonly runs: readonly Run[] }).runs;
  if (run === undefined) throw new TypeError("a log has a run");
  return run;
}

const written = (report: typeof oneFinding, ...settings: readonly string[]): Run =>
  runOf(sarif.write(report, writeOptions({ sarif: parseSarifOptions(settings) })));

describe("sarif", () => {
  it.each(sharedReports)("writes %s as its golden file, valid by the published schema", (name, report) => {
    const text = sarif.write(report, writeOptions());
    expect(check(text)).toEqual([]);
    golden(join(import.meta.dirname, "testdata", `${name}.sarif`), text);
  });

  it.each(sharedReports)("writes %s grouped by package, valid by the published schema", (_, report) => {
    const text = sarif.write(report, writeOptions({ sarif: parseSarifOptions(["group-by-package"]) }));
    expect(check(text)).toEqual([]);
    const { results } = runOf(text);
    expect(results.length).toBe(new Set(results.map(({ ruleId }) => ruleId)).size);
  });

  it("is checked by a schema that can fail", () => {
    expect(check(sarif.write(oneFinding, writeOptions()).replace('"runs"', '"run"'))).not.toEqual([]);
  });

  it.each([[], ["group-by-package"]])("points every result at its rule (%s)", (...settings) => {
    const { tool, results } = written(manyLayers, ...settings);
    expect(results.map(({ ruleIndex }) => tool.driver.rules[ruleIndex]?.id)).toEqual(
      results.map(({ ruleId }) => ruleId),
    );
    expect(new Set(tool.driver.rules.map(({ id }) => id)).size).toBe(tool.driver.rules.length);
  });

  it("has a fingerprint for every result, the same after an upgrade that does not help", () => {
    const prints = (version: string): string[] => {
      const pkg = packageOf("npm", ["a", version]);
      const twin = packageOf("npm", ["a", `${version}.1`]);
      const report = reportOf(sbomOf({ packages: [pkg, twin] }), {
        findings: [findingOf(pkg, "CVE-1"), findingOf(twin, "CVE-1"), findingOf(pkg, "CVE-2")],
      });
      return written(report).results.map(({ partialFingerprints }) => partialFingerprints["plimsollFinding/v1"] ?? "");
    };
    expect(new Set(prints("1")).size).toBe(3);
    expect(prints("1")).toEqual(prints("2"));
  });

  it.each([
    [["min-severity=high"], 6],
    [["min-severity=any"], 23],
    [["type=java"], 5],
    [["type=golang,gem"], 4],
    [["not-type=os"], 15],
    [["path=/opt"], 5],
    [["path=app", "min-severity=medium"], 2],
  ])("keeps to %j", (settings, count) => {
    expect(written(manyLayers, ...settings).results).toHaveLength(count);
  });

  it.each(["min-severity=huge", "type=", "color=red", "group-by-package=maybe", "path"])("refuses %s", (setting) => {
    expect(() => parseSarifOptions([setting])).toThrow(expect.objectContaining({ code: "BAD_SARIF_SETTING" }));
  });

  it("marks accepted findings as suppressed, or leaves them out", () => {
    const packages = [packageOf("npm", ["a", "1"]), packageOf("npm", ["b", "1"])];
    const findings = packages.map((pkg) => findingOf(pkg, "CVE-1"));
    const violations = findings.slice(0, 1).map(({ id, packageId }) => {
      return { kind: "finding" as const, findingId: id, packageId, description: "" };
    });
    const policies = [policyOf([ruleOf("1", violations, { status: "accepted" })])];
    const report = reportOf(sbomOf({ packages }), { findings, policies });
    const marks = written(report).results.map(({ suppressions }) => suppressions?.length);
    expect(marks).toEqual([1, 0]);
    expect(check(sarif.write(report, writeOptions()))).toEqual([]);
    expect(written(report, "exclude-accepted").results).toHaveLength(1);
  });

  it("says what could not be read as notifications and that the run is incomplete", () => {
    const [invocation] = written(partial).invocations;
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications.map(({ level }) => level)).toEqual(["error", "error", "note"]);
  });

  it.skipIf(realLog === null)("has the members of the reference's own log (needs the shared reference results)", () => {
    const real = runOf(readFileSync(realLog ?? "", "utf8"));
    const ours = runOf(sarif.write(oneFinding, writeOptions()));
    const missing = (a: object | undefined, b: object | undefined) =>
      Object.keys(a ?? {}).filter((key) => !Object.hasOwn(b ?? {}, key));
    expect(missing(real, ours)).toEqual([]);
    expect(missing(real.tool.driver.rules[0], ours.tool.driver.rules[0])).toEqual([]);
    expect(missing(real.results[0], ours.results[0])).toEqual([]);
    // Links into the vendor's platform.
    expect(missing(real.properties, ours.properties)).toEqual(["resultId", "resultUrl"]);
  });
});

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly invocations: readonly {
    readonly executionSuccessful: boolean;
    readonly toolExecutionNotifications: readonly { readonly level: string }[];
  }[];
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly partialFingerprints: Readonly<Record<string, string>>;
    readonly suppressions?: readonly unknown[];
  }[];
  readonly properties: object;
}
