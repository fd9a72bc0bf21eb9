import type { Finding, PolicyResult, Report, RuleResult, Violation } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { judgedNow, judgedThen, type PackageLine, reportSample } from "../../test/diff-samples.ts";
import { policySample } from "../../test/samples.ts";
import { applyBaseline } from "./apply-baseline.ts";
import { diffReports } from "./diff-reports.ts";

const policy = policySample(
  ["vulnSeverityAndThreats", { type: "vulnIsFixable", extra: {} }],
  ["imageConfigDefaultUser"],
);

/** A policy with those violations of its first and second rule. */
function judged(first: readonly Violation[], second: readonly Violation[] = []): PolicyResult {
  const [bundle] = policy.bundles;
  if (bundle === undefined) throw new TypeError("the sample has a bundle");
  const rules = bundle.rules.map((rule, place): RuleResult => {
    const violations = place === 0 ? first : second;
    const status = violations.length > 0 ? "failed" : "passed";
    return { rule, description: "", failureType: "pkgVulnFailure", status, violations };
  });
  const status = rules.some((rule) => rule.status === "failed") ? "failed" : "passed";
  return { policy, status, bundles: [{ bundle, rules }] };
}

function violationOf({ id, packageId }: Finding): Violation {
  return { kind: "finding", findingId: id, packageId, description: "" };
}

function userIsRoot(names: readonly string[] = []): Violation {
  const words = names.length === 0 ? {} : { secrets: names };
  return { kind: "config", remediation: "Set a user", arguments: words, description: "" };
}

/** A report whose every finding breaks the first rule. */
function failing(lines: readonly PackageLine[], config: readonly Violation[] = []): Report {
  const report = reportSample("ab", lines);
  const policies = [judged(report.findings.map(violationOf), config)];
  const status = policies[0]?.status === "failed" ? "failed" : "passed";
  return { ...report, policies, verdict: { ...report.verdict, status } };
}

const x = (version: string, ...numbers: number[]): PackageLine => ({
  name: "x",
  version,
  findings: numbers.map((number) => ({ vulnerability: `CVE-${number}` })),
});

function against(before: Report, after: Report): Report {
  return applyBaseline(diffReports(judgedNow(before), judgedNow(after)));
}

function violationsOf({ policies }: Report): string[] {
  return policies.flatMap(({ bundles }) =>
    bundles.flatMap(({ rules }) => rules.map(({ status, violations }) => `${status} ${violations.length}`)),
  );
}

describe("applyBaseline", () => {
  it("passes what the baseline had, keeps every finding, and counts what it left out", () => {
    const report = against(failing([x("1.0.0", 1, 2)]), failing([x("1.1.0", 1)]));
    expect(report.verdict.status).toBe("passed");
    expect(report.findings).toHaveLength(1);
    expect(violationsOf(report)).toEqual(["passed 0", "passed 0"]);
    expect(report.baseline).toMatchObject({ findings: 2, knownViolations: 1, states: { "f-0-0": "known" } });
    expect(report.baseline?.gone.map(({ finding }) => finding.vulnerability)).toEqual(["CVE-2"]);
  });

  it("fails what is new, and only that", () => {
    const report = against(failing([x("1.0.0", 1)]), failing([x("1.1.0", 1, 2)]));
    expect(report.verdict.status).toBe("failed");
    expect(violationsOf(report)).toEqual(["failed 1", "passed 0"]);
    expect(report.baseline?.states).toEqual({ "f-0-0": "known", "f-0-1": "new" });
  });

  it("fails what was known and has become worse", () => {
    const kev = { added: "2026-01-01", due: "2026-02-01", ransomware: false };
    const worse = { name: "x", findings: [{ vulnerability: "CVE-1", kev }] };
    const report = against(failing([x("1.0.0", 1)]), failing([worse]));
    expect(report.verdict.status).toBe("failed");
    expect(report.baseline?.states).toEqual({ "f-0-0": "worsened" });
  });

  it.each<[string, Violation, Violation | null, string]>([
    ["the same configuration fault", userIsRoot(), userIsRoot(), "passed"],
    ["a configuration fault that is new", userIsRoot(), null, "failed"],
    ["fewer secrets than before", userIsRoot(["A"]), userIsRoot(["A", "B"]), "passed"],
    ["one secret more", userIsRoot(["A", "B"]), userIsRoot(["A"]), "failed"],
  ])("%s", (...[, is, was, status]) => {
    const report = against(failing([], was === null ? [] : [was]), failing([], [is]));
    expect(report.verdict.status).toBe(status);
  });

  it("fails a denied package unless the baseline had it too, in whatever version", () => {
    const denied = (lines: readonly PackageLine[]): Report => {
      const report = reportSample("a", lines);
      const breaches = report.sbom.packages.map(
        ({ id }): Violation => ({ kind: "package", packageId: id, description: "" }),
      );
      return { ...report, policies: [judged(breaches)], verdict: { ...report.verdict, status: "failed" } };
    };
    expect(against(denied([x("1.0.0")]), denied([x("1.1.0")])).verdict.status).toBe("passed");
    expect(against(denied([x("1.0.0")]), denied([x("1.0.0"), { name: "y" }])).verdict.status).toBe("failed");
  });

  it("takes no rule for known that the baseline was not judged by", () => {
    const before = { ...failing([], [userIsRoot()]), policies: [] };
    expect(against(before, failing([], [userIsRoot()])).verdict.status).toBe("failed");
  });

  it("is incomplete against a baseline that was not read completely", () => {
    const problem = { level: "incomplete", code: "file-too-large", message: "a jar was too large" } as const;
    const before = { ...failing([x("1.0.0", 1)]), problems: [problem] };
    const report = against(before, failing([x("1.0.0", 1)]));
    expect(report.verdict).toMatchObject({ status: "passed", complete: false });
    expect(report.problems).toEqual([expect.objectContaining({ level: "incomplete", code: "baseline-incomplete" })]);
  });

  it("says with which knowledge the baseline was judged", () => {
    const before = judgedThen(failing([x("1.0.0", 1)]));
    const report = applyBaseline(diffReports(before, judgedNow(failing([x("1.0.0", 1)]))));
    expect(report.baseline).toMatchObject({ judged: "then", evaluatedAt: "2025-06-01T00:00:00.000Z", revision: "7" });
  });

  it("leaves a report against itself without any violation", () => {
    const report = failing([x("1.0.0", 1, 2)], [userIsRoot()]);
    expect(against(report, report)).toMatchObject({ verdict: { status: "passed", complete: true } });
  });
});
