import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { golden } from "@plimsoll/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findingOf, imageOf, packageOf, plainText80, reportOf, sbomOf, writeOptions } from "../../test/builders.ts";
import { emptyReport, hostile, manyLayers, oneFinding, partial, sharedReports } from "../../test/reports.ts";
import type { TextOptions } from "../format.ts";
import { displayWidth } from "./display-width.ts";
import { consoleText } from "./report-format.ts";

function write(report: Parameters<typeof consoleText.write>[0], text: Partial<TextOptions> = {}): string {
  return consoleText.write(report, writeOptions({ text: { ...plainText80, ...text } }));
}

function goldenText(name: string, text: string): void {
  golden(join(import.meta.dirname, "testdata", `${name}.txt`), text);
}

describe("console", () => {
  it.each(sharedReports)("writes the report %s at 80 columns as its golden file", (name, report) => {
    goldenText(`${name}-80`, write(report));
  });

  it.each([
    ["many-layers-200", { columns: 200 }],
    ["many-layers-120-every-finding", { columns: 120, everyFinding: true }],
    ["many-layers-80-every-rule", { everyRule: true }],
    ["many-layers-100-by-layer", { columns: 100, groupBy: "layer" }],
    ["many-layers-100-by-image", { columns: 100, groupBy: "image" }],
    ["many-layers-120-reference", { columns: 120, reference: true }],
    ["many-layers-120-colors", { columns: 120, colors: true }],
  ] as const)("writes the variant %s as its golden file", (name, text) => {
    goldenText(name, write(manyLayers, text));
  });

  it.each([81, 90, 100, 120, 200])("keeps every line within %d columns, digests and commands aside", (columns) => {
    for (const [, report] of sharedReports) {
      for (const line of write(report, { columns }).split("\n")) {
        if (/sha256:|^ {2}(apt-get|apk|npm|pip) |^ {4}\S+$/.test(line)) continue;
        expect(displayWidth(line), line).toBeLessThanOrEqual(Math.max(columns, 81));
      }
    }
  });

  it("says the same with colours as without", () => {
    for (const [, report] of sharedReports) {
      expect(stripVTControlCharacters(write(report, { colors: true }))).toBe(write(report));
    }
  });

  it("lets no control character, line break or direction mark of a name reach the terminal", () => {
    for (const text of [
      {},
      { everyFinding: true, everyRule: true },
      { groupBy: "layer" },
      { groupBy: "image" },
      { reference: true },
    ] as const) {
      expect(write(hostile, text)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    }
  });

  it("shows what makes the answer incomplete before any count", () => {
    const text = write(partial);
    expect(text).toContain("PASSED, BUT INCOMPLETE");
    expect(text.indexOf("Incomplete:")).toBeLessThan(text.indexOf("none of them judged"));
    expect(text).toContain("starter knowledge");
  });

  it("never calls a source without packages clean", () => {
    expect(write(emptyReport)).toContain("No packages found");
    expect(write(emptyReport)).not.toContain("No known vulnerability");
  });

  it("brings counts, exploit and fix of one finding on one screen", () => {
    const text = write(oneFinding);
    for (const words of [
      "FAILED",
      "1 vulnerability in 1 package of 2",
      "CVE-2024-5535 exploited",
      "libssl3=3.0.14-1~deb12u2",
    ]) {
      expect(text).toContain(words);
    }
    expect(text.split("\n").length).toBeLessThan(40);
  });

  it("does not count removed packages", () => {
    const report = reportOf(sbomOf({ packages: [packageOf("deb", ["bash", "5"])] }));
    expect(write(report)).toContain("No known vulnerability in 1 package");
  });

  it("writes thousands of findings quickly", () => {
    const packages = Array.from({ length: 3000 }, (_, index) => packageOf("npm", [`p${index}`, "1.0.0"]));
    const findings = packages.flatMap((pkg) => [findingOf(pkg, "CVE-2024-1"), findingOf(pkg, "CVE-2024-2")]);
    const report = reportOf(sbomOf({ image: imageOf([]), packages }), { findings });
    const started = performance.now();
    write(report, { everyFinding: true });
    write(report);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("survives any names", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (name, version) => {
        const pkg = packageOf("npm", [name, version], { path: name });
        const report = reportOf(sbomOf({ packages: [pkg] }), { findings: [findingOf(pkg, version)] });
        expect(write(report, { everyFinding: true })).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      }),
      { numRuns: 60 },
    );
  });
});
