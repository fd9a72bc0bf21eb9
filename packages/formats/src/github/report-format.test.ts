import { join } from "node:path";
import { golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { writeOptions } from "../../test/builders.ts";
import { sharedReports } from "../../test/reports.ts";
import { annotationLine } from "./annotation-line.ts";
import { github } from "./report-format.ts";

describe("github", () => {
  it.each(sharedReports)("writes %s as its golden file, nothing but commands", (name, report) => {
    const text = github.write(report, writeOptions());
    for (const line of text.trimEnd().split("\n"))
      expect(line).toMatch(/^::(error|warning|notice) title=[^:,]*::[^:]?/);
    golden(join(import.meta.dirname, "testdata", `${name}.txt`), text);
  });

  it("lets nothing begin a command of its own", () => {
    const line = annotationLine({
      level: "error",
      title: "a,b::c\n::stop",
      message: "x\r::set-env name=A::b\n100%\n::debug::y",
    });
    expect(line).toBe("::error title=a%2Cb%3A%3Ac %3A%3Astop::x\\u{d}::set-env name=A::b%0A100%25%0A::debug::y\n");
  });
});
