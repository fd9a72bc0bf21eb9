import { join } from "node:path";
import { golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { findingOf, packageOf, reportOf, sbomOf, writeOptions } from "../../test/builders.ts";
import { hostile, sharedReports } from "../../test/reports.ts";
import { markdown } from "./report-format.ts";

describe("markdown", () => {
  it.each(sharedReports)("writes %s as its golden file", (name, report) => {
    golden(join(import.meta.dirname, "testdata", `${name}.md`), markdown.write(report, writeOptions()));
  });

  it("has tables whose rows are as wide as their heads", () => {
    for (const [name, report] of sharedReports) {
      const blocks = markdown.write(report, writeOptions()).split("\n\n");
      for (const block of blocks) {
        const rows = block.split("\n").filter((line) => line.startsWith("|"));
        expect(new Set(rows.map((row) => row.split("|").length)).size, name).toBeLessThanOrEqual(1);
      }
    }
  });

  it("lets nothing from outside be markup, a link or a mention", () => {
    const pkg = packageOf("npm", ["</code><img src=x onerror=y> @all `|` [a](javascript:b)", "#1 **b**"]);
    const report = reportOf(sbomOf({ packages: [pkg] }), { findings: [findingOf(pkg, "CVE-2024-1](http://evil)")] });
    const text = markdown.write(report, writeOptions());
    expect(text).not.toMatch(/<img|@all|\]\(javascript|http:|\*\*b|`/);
    expect(markdown.write(hostile, writeOptions())).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e\u2028]/);
  });

  it("stays below what a comment may hold and counts what it leaves out", () => {
    const packages = Array.from({ length: 3000 }, (_, index) => packageOf("npm", [`package-${index}`, "1.0.0"]));
    const findings = packages.map((pkg) => findingOf(pkg, "CVE-2024-1"));
    const text = markdown.write(reportOf(sbomOf({ packages }), { findings }), writeOptions());
    expect(text.length).toBeLessThan(65_000);
    expect(text).toMatch(/and \d+ more/);
    expect(text).toContain("</details>");
  });
});
