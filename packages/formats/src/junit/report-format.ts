import { plainText } from "@plimsoll/kit";
import type { Finding, PolicyResult, Report, RuleResult, Violation } from "@plimsoll/model";
import { onlyNew } from "../against-baseline.ts";
import type { ReportFormat, WriteOptions } from "../format.ts";
import { indexReport, type ReportIndex } from "../report-index.ts";
import { countText } from "../sizes.ts";
import { instantOf } from "../wire-values.ts";
import { worstPackages } from "../worst-packages.ts";
import { xmlDocument } from "../xml.ts";
import { type Suite, suitesElement, type TestCase } from "./suite.ts";

/** Violations told of one rule; a report has them all. */
const toldViolations = 1000;

/**
 * JUnit XML: a suite per policy with a test case per rule; without policies a suite per affected package with a test
 * case per vulnerability, only new and worsened ones where a baseline was applied. A last suite fails with an error when
 * a clean answer could be false; a scan that could not be done is an error alone.
 */
export const junit = {
  name: "junit",
  mediaType: "application/xml",
  extension: "junit.xml",
  write: (report, options) => {
    const index = indexReport(onlyNew(report));
    const verdicts = report.policies.map((policy) => policySuite(policy, index));
    const suites = [...(verdicts.length > 0 ? verdicts : packageSuites(index)), completeness(report)];
    return documentOf(suites, options);
  },
  writeFailure: ({ source, code, message, next }, options) => {
    const text = plainText(`${source}: ${message} [${code}]; ${next}`, 2000);
    const scan: TestCase = { name: "the scan was done", classname: "scan", outcome: "error", message, text };
    return documentOf([{ name: "Scan", cases: [scan] }], options);
  },
} satisfies ReportFormat;

function documentOf(suites: readonly Suite[], { scanTime, scanDurationMs }: WriteOptions): string {
  const timestamp = (instantOf(scanTime) ?? "1970-01-01T00:00:00Z").slice(0, 19);
  return xmlDocument(suitesElement(suites, { timestamp, seconds: scanDurationMs / 1000 }));
}

function policySuite({ policy, bundles }: PolicyResult, index: ReportIndex): Suite {
  return {
    name: `Policy ${policy.name}`,
    cases: bundles.flatMap(({ bundle, rules }) => rules.map((rule) => ruleCase(rule, bundle.name, index))),
  };
}

function ruleCase({ rule, description, status, violations }: RuleResult, bundle: string, index: ReportIndex): TestCase {
  const name = description === "" ? rule.ruleType : description;
  const base = { name: `${name} (rule ${rule.id})`, classname: bundle };
  if (status === "accepted" || status === "notApplicable") {
    return { ...base, outcome: "skipped", message: status === "accepted" ? "accepted" : "not applicable", text: "" };
  }
  if (status === "passed") return { ...base, outcome: "passed", message: "", text: "" };
  const lines = violations.slice(0, toldViolations).map((violation) => violationText(violation, index));
  const more = violations.length > toldViolations ? [`and ${violations.length - toldViolations} more`] : [];
  return {
    ...base,
    outcome: "failure",
    message: countText(violations.length, "violation"),
    text: [...lines, ...more].join("\n"),
  };
}

function violationText(violation: Violation, index: ReportIndex): string {
  if (violation.kind === "config") return plainText(violation.remediation, 500);
  const pkg = index.packages.get(violation.packageId);
  const name = plainText(pkg === undefined ? "unknown package" : `${pkg.name} ${pkg.version}`, 400);
  const finding = violation.kind === "finding" ? index.findingById.get(violation.findingId) : undefined;
  return finding === undefined ? name : `${findingText(finding)} in ${name}`;
}

function findingText({ vulnerability, severity, fixVersion }: Finding): string {
  const rating = severity === "unknown" ? "unrated" : severity;
  const fix = fixVersion === undefined ? "no fix known" : `fixed in ${fixVersion}`;
  return plainText(`${vulnerability} ${rating}, ${fix}`, 400);
}

function packageSuites(index: ReportIndex): Suite[] {
  return worstPackages(index).map((pkg) => ({
    name: `${pkg.name} ${pkg.version}`,
    cases: (index.findingsOf.get(pkg.id) ?? []).map((finding) => ({
      name: finding.vulnerability,
      classname: pkg.purl,
      outcome: "failure",
      message: finding.title ?? finding.vulnerability,
      text: findingText(finding),
    })),
  }));
}

function completeness({ problems }: Report): Suite {
  const unread = problems.filter(({ level }) => level === "incomplete");
  const lines = unread.map(({ message, path }) => plainText(path === undefined ? message : `${path}: ${message}`, 600));
  const found: Pick<TestCase, "outcome" | "message" | "text"> =
    unread.length === 0
      ? { outcome: "passed", message: "", text: "" }
      : { outcome: "error", message: "a clean answer could be false", text: lines.join("\n") };
  return { name: "Completeness", cases: [{ name: "everything was read and judged", classname: "scan", ...found }] };
}
