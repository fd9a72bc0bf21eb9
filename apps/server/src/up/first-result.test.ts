import { describe, expect, it } from "vitest";
import { firstResultText } from "./first-result.ts";
import { paintFor } from "./screen.ts";

const plain = paintFor({}, false);

const finding = (name: string, severity: string, more: object = {}) => ({
  name,
  severity,
  packageRef: "p",
  exploitable: false,
  fixVersion: null,
  ...more,
});

function report(found: readonly object[], more: object = {}): string {
  const vulnerabilities = Object.fromEntries(found.map((one, at) => [String(at), one]));
  const result = {
    complete: true,
    packages: { p: { name: "zlib", version: "1.2" } },
    vulnerabilities,
    policies: { globalEvaluation: found.length > 0 ? "failed" : "passed" },
    ...more,
  };
  return JSON.stringify({ result });
}

describe("a first result", () => {
  it("says verdict, numbers and the worst, exploited ones first", () => {
    const found = [
      finding("CVE-1", "critical", { fixVersion: "2" }),
      finding("CVE-2", "high", { exploitable: true, fixVersion: "3" }),
      finding("CVE-2", "high", { exploitable: true }),
      finding("CVE-3", "low"),
      finding("CVE-4", "medium", { unrated: true }),
    ];
    expect(firstResultText(report(found, { complete: false }), "shop/web:2", plain)).toBe(
      [
        "  FAILED (incomplete)  shop/web:2: 1 package, 5 findings",
        "          1 critical, 2 high, 1 low, 1 unrated, 2 with an exploit, 2 with a fix",
        "  worst   CVE-2 (high, exploited) in zlib 1.2 -> 3",
        "          CVE-1 (critical) in zlib 1.2 -> 2",
        "          CVE-3 (low) in zlib 1.2, no fix yet",
        "",
      ].join("\n"),
    );
  });

  it("says that nothing is known", () => {
    expect(firstResultText(report([]), "x", plain)).toBe(
      "  PASSED  x: 1 package, no findings\n          nothing known\n",
    );
  });

  it("shows no control characters, and has colours where they are wanted", () => {
    const hostile = report([finding("CVE-\u001b[2J", "high")], {
      packages: { p: { name: "a\u202eb", version: "\n" } },
    });
    expect(firstResultText(hostile, "x\u0007", plain).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(firstResultText(report([]), "x", paintFor({ FORCE_COLOR: "1" }, false))).toContain(
      "\u001b[32mPASSED\u001b[0m",
    );
  });

  it.each(["", "{}", "<html>", '{"result":{}}'])("refuses %j", (text) => {
    expect(() => firstResultText(text, "x", plain)).toThrow();
  });
});

describe("colours", () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ TERM: "dumb" }, true, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "0" }, true, false],
  ])("%j on a terminal (%s): %s", (env, isTerminal, expected) => {
    expect(paintFor(env, isTerminal)("red", "x") !== "x").toBe(expected);
  });
});
