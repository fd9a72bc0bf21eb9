import type { Difference, Finding, FindingChange } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { judgedNow, judgedThen, type PackageLine, reportSample } from "../../test/diff-samples.ts";
import { diffReports } from "./diff-reports.ts";

function differ(before: readonly PackageLine[], after: readonly PackageLine[]): Difference {
  return diffReports(judgedNow(reportSample("ab", before)), judgedNow(reportSample("ab", after)));
}

function told({ state, cause, before, after, package: change }: FindingChange): string {
  const pkg = change.after ?? change.before;
  return [state, cause, (after ?? before)?.vulnerability, pkg?.name].join(" ");
}

function moves({ packages }: Difference): string[] {
  return packages.map(({ state, before, after }) => {
    const at = (pkg: typeof before) => (pkg === null ? "" : `${pkg.version}@${pkg.locations[0]?.path}`);
    return `${state} ${at(before)} → ${at(after)}`.replaceAll("app/x", "x").trim();
  });
}

const cve = (number: number, rest: Partial<Finding> = {}): Partial<Finding> => ({
  vulnerability: `CVE-${number}`,
  ...rest,
});
const kev = { added: "2026-01-01", due: "2026-02-01", ransomware: false };

describe("packages", () => {
  const x = (version: string, path = "app/x"): PackageLine => ({ name: "x", version, path });
  it.each<[string, PackageLine[], PackageLine[], string[]]>([
    ["the same", [x("1.0.0")], [x("1.0.0")], ["unchanged 1.0.0@x → 1.0.0@x"]],
    ["moved to another path", [x("1.0.0")], [x("1.0.0", "opt/x")], ["unchanged 1.0.0@x → 1.0.0@opt/x"]],
    ["upgraded", [x("1.9.0")], [x("1.10.0")], ["upgraded 1.9.0@x → 1.10.0@x"]],
    ["downgraded", [x("2.0.0")], [x("1.10.0")], ["downgraded 2.0.0@x → 1.10.0@x"]],
    ["a version nobody can order", [x("1.0.0")], [x("")], ["changed 1.0.0@x → @x"]],
    ["added", [], [x("1.0.0")], ["added  → 1.0.0@x"]],
    ["removed", [x("1.0.0")], [], ["removed 1.0.0@x →"]],
    [
      "one copy of two upgraded",
      [x("1.0.0", "p"), x("1.0.0", "q")],
      [x("1.0.0", "q"), x("1.1.0", "p")],
      ["unchanged 1.0.0@q → 1.0.0@q", "upgraded 1.0.0@p → 1.1.0@p"],
    ],
    [
      "a copy more",
      [x("1.0.0", "p")],
      [x("1.0.0", "p"), x("1.0.0", "q")],
      ["unchanged 1.0.0@p → 1.0.0@p", "added  → 1.0.0@q"],
    ],
    [
      "copies at other paths, lowest with lowest",
      [x("2.0.0", "p"), x("1.0.0", "q")],
      [x("1.1.0", "r"), x("2.1.0", "s")],
      ["upgraded 1.0.0@q → 1.1.0@r", "upgraded 2.0.0@p → 2.1.0@s"],
    ],
    [
      "a path that names the version, before one that only looks near",
      [x("1.0.0", "lib/x-1.0.0.jar"), x("1.0.1", "old/x-1.0.1.jar")],
      [x("2.0.0", "old/x-2.0.0.jar"), x("3.0.0", "lib/x-3.0.0.jar")],
      [
        "upgraded 1.0.0@lib/x-1.0.0.jar → 3.0.0@lib/x-3.0.0.jar",
        "upgraded 1.0.1@old/x-1.0.1.jar → 2.0.0@old/x-2.0.0.jar",
      ],
    ],
  ])("%s", (...[, before, after, expected]) => {
    expect(moves(differ(before, after))).toEqual(expected);
  });

  it("does not pair ecosystems, nor what a layer removed", () => {
    const removed = {
      name: "x",
      more: { removedIn: reportSample("b", []).sbom.image?.layers[0]?.diffId ?? undefined },
    };
    const { packages } = differ([{ name: "x", more: { ecosystem: "gem" } }], [{ name: "x" }, removed as PackageLine]);
    expect(packages.map(({ state }) => state)).toEqual(["removed", "added"]);
  });

  it("pairs a hundred thousand copies of one name in seconds", () => {
    const many = (from: number) =>
      Array.from({ length: 100_000 }, (_, index) => ({
        name: "x",
        version: `1.0.${from + index}`,
        path: `p/${index}`,
      }));
    const started = performance.now();
    expect(differ(many(0), many(5)).packages).toHaveLength(100_000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe("findings", () => {
  it.each<[string, PackageLine[], PackageLine[], string[]]>([
    ["came with a package", [], [{ name: "x", findings: [cve(1)] }], ["added package-added CVE-1 x"]],
    ["went with a package", [{ name: "x", findings: [cve(1)] }], [], ["fixed package-removed CVE-1 x"]],
    [
      "fixed and brought by an upgrade",
      [{ name: "x", findings: [cve(1), cve(2)] }],
      [{ name: "x", version: "1.1.0", findings: [cve(2), cve(3)] }],
      ["added package-changed CVE-3 x", "fixed package-changed CVE-1 x", "unchanged  CVE-2 x"],
    ],
    [
      "the same package judged otherwise by what is around it",
      [{ name: "x" }],
      [{ name: "x", findings: [cve(1)] }],
      ["added context-changed CVE-1 x"],
    ],
    [
      "a flaw that got its CVE in between",
      [{ name: "x", findings: [{ vulnerability: "GHSA-1" }] }],
      [{ name: "x", findings: [cve(1, { aliases: ["GHSA-1"] })] }],
      ["unchanged  CVE-1 x"],
    ],
    [
      "one in another copy is another",
      [{ name: "x", path: "p", findings: [cve(1)] }],
      [
        { name: "x", path: "p", findings: [cve(1)] },
        { name: "x", path: "q", findings: [cve(1)] },
      ],
      ["added package-added CVE-1 x", "unchanged  CVE-1 x"],
    ],
  ])("%s", (...[, before, after, expected]) => {
    expect(differ(before, after).findings.map(told)).toEqual(expected);
  });

  it.each<[string, Partial<Finding>, Partial<Finding>, string, string[]]>([
    ["a severity that rose", { severity: "low" }, { severity: "high" }, "worsened", ["severity low→high"]],
    ["a severity that fell", { severity: "high" }, { severity: "low" }, "eased", ["severity high→low"]],
    ["rated where nobody did, as a rule judged it", { severity: "unknown" }, { severity: "medium" }, "unchanged", []],
    [
      "rated worse than a rule judged it",
      { severity: "unknown" },
      { severity: "high" },
      "worsened",
      ["severity unknown→high"],
    ],
    ["known to be exploited", {}, { kev }, "worsened", ["known-exploited none→2026-01-01"]],
    ["a public exploit", {}, { exploit: { count: 1, links: [] } }, "worsened", ["exploit none→public"]],
    ["a fix", {}, { fixVersion: "2" }, "worsened", ["fix none→2"]],
    ["another fix", { fixVersion: "2" }, { fixVersion: "3" }, "unchanged", []],
    ["a fix that was withdrawn", { fixVersion: "2" }, {}, "eased", ["fix 2→none"]],
    [
      "better and worse",
      { severity: "high" },
      { severity: "low", kev },
      "worsened",
      ["severity high→low", "known-exploited none→2026-01-01"],
    ],
  ])("%s", (...[, was, is, state, aspects]) => {
    const [change] = differ([{ name: "x", findings: [cve(1, was)] }], [{ name: "x", findings: [cve(1, is)] }]).findings;
    expect(change?.state).toBe(state);
    expect(change?.aspects.map(({ aspect, before, after }) => `${aspect} ${before}→${after}`)).toEqual(aspects);
  });

  it("tells what newer knowledge brought from what the image brought", () => {
    const before = [{ name: "x" }, { name: "y", findings: [cve(3, { severity: "low" })] }, { name: "z" }];
    const after = [
      { name: "w", findings: [cve(1)] },
      { name: "x", findings: [cve(2)] },
      { name: "y", findings: [cve(3)] },
      { name: "z", version: "2.0.0", findings: [cve(4)] },
    ];
    const difference = diffReports(judgedThen(reportSample("a", before)), judgedNow(reportSample("a", after)));
    expect(difference.sameKnowledge).toBe(false);
    expect(difference.findings.map(told)).toEqual([
      "added package-added CVE-1 w",
      "added knowledge-changed CVE-2 x",
      "added package-changed CVE-4 z",
      "worsened knowledge-changed CVE-3 y",
    ]);
  });

  it("counts by state and severity, fixable apart", () => {
    const { counts } = differ(
      [{ name: "x", findings: [cve(1, { severity: "critical", fixVersion: "2" })] }],
      [{ name: "y", findings: [cve(2, { severity: "low" }), cve(3, { severity: "low", fixVersion: "2" })] }],
    );
    expect(counts.fixed.critical).toEqual({ total: 1, fixable: 1 });
    expect(counts.added.low).toEqual({ total: 2, fixable: 1 });
    expect(counts.unchanged.low).toEqual({ total: 0, fixable: 0 });
  });
});

describe("layers", () => {
  it("shares a base, tells what moved, came and went, and who brought what", () => {
    const before = reportSample("abc", [
      { name: "x", layer: "a", findings: [cve(1)] },
      { name: "y", layer: "b", findings: [cve(2)] },
    ]);
    const after = reportSample("adc", [
      { name: "x", layer: "a", findings: [cve(1)] },
      { name: "z", layer: "d", findings: [cve(3), cve(4)] },
    ]);
    const rows = diffReports(judgedNow(before), judgedNow(after)).layers.map(
      ({ state, before: was, after: is, added, fixed }) => {
        return `${state} ${(is ?? was)?.command} +${added} -${fixed}`;
      },
    );
    expect(rows).toEqual(["shared RUN a +0 -0", "added RUN d +2 -0", "moved RUN c +0 -0", "removed RUN b +0 -1"]);
  });

  it("shares nothing above the first difference, and nothing where there is no image", () => {
    const states = (before: string, after: string) =>
      diffReports(judgedNow(reportSample(before, [])), judgedNow(reportSample(after, []))).layers.map(
        ({ state }) => state,
      );
    expect(states("ab", "ab")).toEqual(["shared", "shared"]);
    expect(states("ab", "cb")).toEqual(["added", "moved", "removed"]);
    expect(states("ab", "a")).toEqual(["shared", "removed"]);
    expect(states("", "a")).toEqual(["added"]);
    expect(states("aa", "aaa")).toEqual(["shared", "shared", "added"]);
  });

  it("names the layer that took a package away", () => {
    const before = reportSample("a", [{ name: "x", layer: "a", findings: [cve(1)] }]);
    const removed = { removedIn: reportSample("b", []).sbom.image?.layers[0]?.diffId ?? null };
    const line = { name: "x", layer: "a", more: removed } as PackageLine;
    const [change] = diffReports(judgedNow(before), judgedNow(reportSample("ab", [line]))).findings;
    expect(change?.package.beforeLayer?.command).toBe("RUN a");
    expect(change?.package.afterLayer?.command).toBe("RUN b");
  });
});
