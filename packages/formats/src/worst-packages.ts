import type { Finding, Package, Severity } from "@plimsoll/model";
import type { ReportIndex } from "./report-index.ts";

/** Packages with findings, worst first: by their counts from critical down, then by name. */
export function worstPackages({ packages, findingsOf }: ReportIndex): Package[] {
  const affected = [...findingsOf.keys()].flatMap((id) => packages.get(id) ?? []);
  const keyed = affected.map((pkg) => ({ pkg, counts: countSeverities(findingsOf.get(pkg.id) ?? []) }));
  return keyed.sort((a, b) => compareCounts(b.counts, a.counts) || compareNames(a.pkg, b.pkg)).map(({ pkg }) => pkg);
}

/** Findings by severity. */
export type SeverityCounts = Readonly<Record<Severity, number>>;

export function countSeverities(findings: readonly Finding[]): SeverityCounts {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

function compareCounts(a: SeverityCounts, b: SeverityCounts): number {
  for (const severity of ["critical", "high", "medium", "unknown", "low", "negligible"] as const) {
    if (a[severity] !== b[severity]) return a[severity] - b[severity];
  }
  return 0;
}

function compareNames(a: Package, b: Package): number {
  const key = ({ name, version, id }: Package): string => JSON.stringify([name, version, id]);
  return key(a) < key(b) ? -1 : 1;
}
