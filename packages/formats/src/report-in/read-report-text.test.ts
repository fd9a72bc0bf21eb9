import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { diffReports } from "@plimsoll/evaluate";
import { PlimsollError } from "@plimsoll/kit";
import type { Report } from "@plimsoll/model";
import { sharedData } from "@plimsoll/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeOptions } from "../../test/builders.ts";
import { oneFinding, sharedReports } from "../../test/reports.ts";
import { jsonV0 } from "../json-v0/report-format.ts";
import { jsonV1 } from "../json-v1/report-format.ts";
import { isDeeperThan, reportLimits } from "./document.ts";
import { looksLikeReport, readReportText } from "./read-report-text.ts";

const good = jsonV1.write(oneFinding, writeOptions());
const older = jsonV0.write(oneFinding, writeOptions({ layers: true }));

function differs(before: Report, after: Report): string[] {
  const { findings, packages } = diffReports({ report: before, judged: "then" }, { report: after, judged: "now" });
  return [...findings, ...packages].flatMap(({ state }) => (state === "unchanged" ? [] : [state]));
}

describe("readReportText", () => {
  it.each(sharedReports)("reads v1 of %s back without a difference to what was written", (_, report) => {
    const read = readReportText(jsonV1.write(report, writeOptions()));
    expect(differs(read, report)).toEqual([]);
    expect(read.verdict.status).toBe(report.verdict.status);
    expect(read.knowledge).toEqual(report.knowledge);
    const layers = (one: Report) => one.sbom.image?.layers.map(({ index, diffId }) => [index, diffId]);
    expect(layers(read)).toEqual(layers(report));
  });

  it("reads v0 back: findings of packages that are there", () => {
    const read = readReportText(older);
    expect(differs(read, oneFinding)).toEqual([]);
    expect(read.findings[0]).toMatchObject({ vulnerability: "CVE-2024-5535", severity: "critical" });
    expect(read.sbom.packages[0]?.introducedIn).toBe(oneFinding.sbom.packages[0]?.introducedIn);
  });

  it("keeps what broke a rule, so that it is known", () => {
    const [rule] = readReportText(good).policies[0]?.bundles[0]?.rules ?? [];
    expect(rule).toMatchObject({ status: "failed", violations: [{ kind: "finding" }] });
  });

  it("keeps a report incomplete that calls itself so", () => {
    const read = readReportText(good.replace('"complete": true', '"complete": false'));
    expect(read.verdict.complete).toBe(false);
    expect(read.problems).toEqual([expect.objectContaining({ level: "incomplete", code: "report-incomplete" })]);
  });

  it.each([
    ["nothing", "", "it is not JSON"],
    ["half a report", good.slice(0, 900), "it is not JSON"],
    ["a list", "[]", "report is not an object"],
    ["another document", "{}", "it has no result"],
    ["no packages", '{"result":{"metadata":{}}}', "report.result.packages is missing"],
    ["no findings", good.replace('"vulnerabilities":', '"others":'), "vulnerabilities is missing"],
    ["packages that are a text", good.replace(/"packages": \{/, '"packages": "", "x": {'), "packages is not an object"],
    ["an unknown severity", good.replace('"severity": "critical"', '"severity": "grave"'), "severity is not one of"],
    ["a finding of no package", good.replace(/"packageRef": "[^"]+"/, '"packageRef": "x"'), "names no package"],
    [
      "an unknown package type",
      good.replace('"type": "os"', '"type": "odd"').replace('"ecosystem": "deb"', '"ecosystem": "odd"'),
      "type is not a package type",
    ],
    [
      "a package type that every object has",
      good.replace('"type": "os"', '"type": "constructor"').replace('"ecosystem": "deb"', '"ecosystem": "odd"'),
      "type is not a package type",
    ],
    ["no time", good.replace(/"scanTime": "[^"]+"/, '"scanTime": "yesterday"'), "scanTime is not a time"],
    ["a v0 severity that is none", older.replace('"value": "Critical"', '"value": "Grave"'), "value is not a severity"],
  ])("refuses %s", (...[, text, words]) => {
    expect(() => readReportText(text)).toThrow(
      expect.objectContaining({ code: "BAD_REPORT", message: expect.stringContaining(words) }),
    );
  });

  it("survives any change of a document with an error of its own or a report", () => {
    const place = fc.record({ at: fc.nat(good.length), drop: fc.nat(40), insert: fc.string({ maxLength: 8 }) });
    fc.assert(
      fc.property(fc.constantFrom(good, older), place, (text, { at, drop, insert }) => {
        try {
          readReportText(text.slice(0, at) + insert + text.slice(at + drop));
        } catch (error) {
          expect(error).toBeInstanceOf(PlimsollError);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("looks at nesting before it parses, at the limit and one beyond", () => {
    const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    expect(isDeeperThan(nested(reportLimits.depth), reportLimits.depth)).toBe(false);
    expect(isDeeperThan(nested(reportLimits.depth + 1), reportLimits.depth)).toBe(true);
    expect(isDeeperThan(JSON.stringify([`\\"${"[".repeat(100)}`, "["]), 2)).toBe(false);
    expect(() => readReportText(nested(reportLimits.depth + 1))).toThrow("nested too deeply");
  });

  it("knows a report from an SBOM by its beginning", () => {
    expect([good, older].map(looksLikeReport)).toEqual([true, true]);
    expect(['{"bomFormat":"CycloneDX"}', '{"schemaVersion":1}', "<bom/>", ""].some(looksLikeReport)).toBe(false);
  });
});

const folders = [sharedData("reference-results", "v1"), sharedData("reference-results", "v0")];
const real = folders.flatMap((folder) =>
  folder === null ? [] : readdirSync(folder).map((name): [string, string] => [name, join(folder, name)]),
);

describe.skipIf(real.length === 0)("the reference's own reports (skipped without ../shared/data)", () => {
  it.each(real)("%s is read whole", (_, path) => {
    const text = readFileSync(path, "utf8");
    const { result } = JSON.parse(text) as { result: { vulnerabilities?: object; packages: { vulns?: object[] }[] } };
    const expected =
      result.vulnerabilities === undefined
        ? result.packages.flatMap(({ vulns = [] }) => vulns).length
        : Object.keys(result.vulnerabilities).length;
    const read = readReportText(text);
    expect(read.findings).toHaveLength(expected);
    expect(expected).toBeGreaterThan(0);
    expect(read.sbom.packages.length).toBeGreaterThan(10);
    expect(differs(read, read)).toEqual([]);
  });
});
