import type { AppliedBaseline, BaselineState, Finding, Report } from "@plimsoll/model";
import type { ReportIndex } from "./report-index.ts";

/** The report with those findings alone that a baseline leaves to policy, new and worsened; the report itself when none was applied. */
export function onlyNew(report: Report): Report {
  const { baseline, findings, suggestedFixes } = report;
  if (baseline === undefined) return report;
  const told = findings.filter((finding) => {
    const state = baselineStateOf(finding, report);
    return state === "new" || state === "worsened";
  });
  const packages = new Set(told.map(({ packageId }) => packageId));
  return {
    ...report,
    findings: told,
    suggestedFixes: suggestedFixes.filter(({ packageId }) => packages.has(packageId)),
  };
}

/** How a finding stands to the baseline; `null` when none was applied. */
export function baselineStateOf({ id }: Finding, { baseline }: Report): BaselineState | null {
  return baseline?.states[id] ?? null;
}

/** Findings by how they stand. */
function baselineCounts({ states }: AppliedBaseline): Readonly<Record<BaselineState, number>> {
  const counts = { new: 0, worsened: 0, known: 0 };
  for (const state of Object.values(states)) counts[state] += 1;
  return counts;
}

/** What JSON documents say of it. */
export function baselineFacts(baseline: AppliedBaseline) {
  const { name, judged, evaluatedAt, revision, gone, knownViolations } = baseline;
  return {
    name,
    judged,
    evaluatedAt,
    revision,
    ...baselineCounts(baseline),
    knownViolations,
    gone: gone.map(({ finding, package: pkg }) => ({
      vulnerability: finding.vulnerability,
      severity: finding.severity,
      package: pkg.name,
      version: pkg.version,
      purl: pkg.purl,
    })),
  };
}

/** Which baseline was applied and what it covers, in words that are not yet escaped; none when there was none. */
export function baselineWords({ baseline }: Report): string[] {
  if (baseline === undefined) return [];
  const { name, judged, evaluatedAt, revision, gone } = baseline;
  const counts = baselineCounts(baseline);
  const knowledge = revision === "" ? "knowledge that its report does not name" : `knowledge ${revision}`;
  const how =
    judged === "now" ? "judged now with the same knowledge" : `judged on ${evaluatedAt.slice(0, 10)} with ${knowledge}`;
  return [
    `Against the baseline ${name} (${how}): ${counts.new} new, ${counts.worsened} worsened, ${counts.known} known in it, ${gone.length} gone since.`,
    "Policies judge only what is new or worsened.",
  ];
}

/** What to say where nothing is told: never that nothing is known. */
export function nothingNew({ report }: ReportIndex): string | null {
  return report.baseline === undefined ? null : "Nothing new against the baseline";
}
