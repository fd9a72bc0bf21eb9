import { join } from "node:path";
import { golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { sharedReports } from "../../test/reports.ts";
import { csvLine } from "./csv-line.ts";
import { csv } from "./report-format.ts";

describe("csv", () => {
  it.each(sharedReports)("writes %s as its golden file, every row as wide as the head", (name, report) => {
    const text = csv.write(report);
    const widths = text
      .trimEnd()
      .split("\r\n")
      .map((line) => line.replace(/"(?:[^"]|"")*"/g, "").split(",").length);
    expect(new Set(widths)).toEqual(new Set([14]));
    golden(join(import.meta.dirname, "testdata", `${name}.csv`), text);
  });

  it("begins with the column that its readers look for", () => {
    expect(csv.write(sharedReports[0]?.[1] as never)).toMatch(/^CVE ID,CVE Severity,/);
  });
});

describe("csvLine", () => {
  it.each([
    ["plain", "plain"],
    ['a "b", c', '"a ""b"", c"'],
    ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
    ["+1+cmd|x", "'+1+cmd|x"],
    ["-1.5", "-1.5"],
    ["--global", "'--global"],
    ["@SUM(1)", "'@SUM(1)"],
    ["@acme/parser", "@acme/parser"],
    ["a\r\nb", "a\\u{d} b"],
    ["\u001b[31m", "\\u{1b}[31m"],
    [" x", '" x"'],
  ])("writes %j as %s", (value, text) => expect(csvLine([value])).toBe(`${text}\r\n`));
});
