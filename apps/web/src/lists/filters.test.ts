import { describe, expect, it } from "vitest";
import { expressionOf, fieldsOf, filtersIn, quoted, viewOf, wordsOf } from "./filters.ts";

describe("an address", () => {
  it.each([
    ["pipeline", { severity: "high", fix: "yes" }, 'severity >= "high" and hasFix = true'],
    ["pipeline", { exploit: "no", policy: "noPolicy" }, 'hasExploit = false and policyStatus = "noPolicy"'],
    ["runtime", { inuse: "yes", type: "host" }, 'inUse = true and asset.type = "host"'],
    ["runtime", { cluster: "c1", "namespace!": "dev" }, 'cluster = "c1" and namespace != "dev"'],
    ["registry", { q: "shop", tag: "1.0" }, 'freeText in ("shop") and tag = "1.0"'],
    ["registry", { with: "medium" }, 'severity in ("medium", "unknown")'],
    ["registry", { "with!": "medium" }, 'severity not in ("medium", "unknown")'],
    ["registry", { complete: "no" }, "complete = false"],
    [
      "registry",
      { cve: "CVE-2024-3094", package: "pkg:apk/alpine/zlib" },
      'cve = "CVE-2024-3094" and package = "pkg:apk/alpine/zlib"',
    ],
    // What is no condition of this list is none.
    ["pipeline", { cluster: "c1", severity: "worst", sort: "name", "severity!": "high", unknown: "x", fix: "" }, ""],
  ] as const)("of %s with %j asks for %s", (stage, view, expression) => {
    expect(expressionOf(filtersIn(view, stage))).toBe(expression);
  });

  it.each([
    ["registry", { q: "a b", "repository!": "x/y", severity: "low", exploit: "yes" }],
    ["runtime", { workload: "=", "cluster!": "!", package: '"' }],
  ] as const)("of %s with %j comes back from its conditions", (stage, view) => {
    const back = Object.entries(viewOf(filtersIn(view, stage))).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(back)).toEqual(view);
  });

  it("forgets what is no longer a condition", () => {
    expect(viewOf([])).toMatchObject({ q: undefined, "cluster!": undefined });
  });
});

/** Reads a quoted value as the API does. */
function read(text: string): string | undefined {
  return /^"((?:[^"\\]|\\.)*)"$/.exec(text)?.[1]?.replace(/\\(.)/g, "$1");
}

describe("a quoted text", () => {
  it.each([
    '"',
    "\\",
    '\\"',
    '") or freeText in ("',
    "line\nbreak",
    "\\\n",
    "<img src=x onerror=alert(1)>",
    "\u202Eevil\u001B[31m",
    "'",
    "a and b",
    "x".repeat(10_000),
  ])("is one value: %j", (text) => {
    expect(read(quoted(text))).toBe(text);
  });

  it("has no NUL, which the API refuses", () => {
    expect(quoted("a\0b")).toBe('"ab"');
  });
});

describe("words", () => {
  it("say every condition", () => {
    const view = { q: "shop", severity: "high", fix: "no", "cluster!": "c1", complete: "no" };
    expect(filtersIn(view, "runtime").map(wordsOf)).toEqual([
      "Name: shop",
      "Severity at least high",
      "nothing has a fix",
      "incomplete",
      "Cluster is not c1",
    ]);
  });

  it("are of their own for each field of a list", () => {
    for (const stage of ["pipeline", "registry", "runtime"] as const) {
      const titles = fieldsOf(stage).map(({ title }) => title);
      expect(new Set(titles).size).toBe(titles.length);
    }
  });
});
