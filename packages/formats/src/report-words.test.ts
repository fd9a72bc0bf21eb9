import { describe, expect, it } from "vitest";
import { emptyReport, manyLayers, oneFinding, partial, unratedAndRemoved } from "../test/reports.ts";
import { indexReport } from "./report-index.ts";
import { knowledgeWords, problemWords, verdictWords, violationWords } from "./report-words.ts";

describe("a report in words", () => {
  it.each([
    [emptyReport, "Passed"],
    [oneFinding, "Failed"],
    [partial, "Passed, but incomplete"],
    [{ ...partial, verdict: { ...partial.verdict, status: "failed" as const } }, "Failed, and incomplete"],
  ])("says its verdict", (report, text) => expect(verdictWords(report).text).toBe(text));

  it("never says more than was known", () => {
    expect(knowledgeWords(partial)).toEqual([
      "No packages judged by Debian OVAL of 2023-07-14.",
      "1 package could not be judged.",
      "This is the starter knowledge shipped with the program, not today's.",
    ]);
    expect(knowledgeWords(unratedAndRemoved)).toContain("1 finding rated by nobody.");
    expect(knowledgeWords(oneFinding).at(-1)).toBe("This answer holds until 2026-02-01 at most.");
  });

  it("names the place of a problem and the package of a violation", () => {
    expect(partial.problems[0] && problemWords(partial.problems[0])).toMatch(/^opt\/app\/huge\.jar: a file of 220 MB/);
    const violations = manyLayers.policies.flatMap(({ bundles }) =>
      bundles.flatMap(({ rules }) => rules.flatMap((rule) => rule.violations)),
    );
    const words = violations.map((violation) => violationWords(violation, indexReport(manyLayers)));
    expect(words.at(0)).toBe("CVE-2020-1000 in libc6 2.36-9+deb12u3, fixed in 2.36-9+deb12u3.1");
    expect(words.at(-1)).toBe("Set a user other than root in the image configuration");
  });
});
