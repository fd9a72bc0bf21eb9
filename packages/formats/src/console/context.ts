import { plainText } from "@plimsoll/kit";
import type { Finding, Package, Severity } from "@plimsoll/model";
import type { WriteOptions } from "../format.ts";
import type { ReportIndex } from "../report-index.ts";
import { wrap } from "./display-width.ts";
import type { Paint } from "./paint.ts";

/** What every section of the text report works with. */
export interface Scene {
  readonly index: ReportIndex;
  readonly options: WriteOptions;
  readonly paint: Paint;
  /** Cells of a line. */
  readonly columns: number;
}

/** Prose and tables beyond this width are harder to read, not easier. */
const readable = 160;

/** Cells to use of the given width. */
export function usableColumns(columns: number): number {
  return Math.min(Math.max(40, Math.floor(columns)), readable);
}

/** A name, version or path from outside, safe for a terminal and cut to what a person reads. */
export function nameText(text: string, limit = 160): string {
  return plainText(text, limit);
}

/** Prose in lines under an indent; the first line may start with other text of the same width. */
export function prose(
  text: string,
  { columns, indent }: { readonly columns: number; readonly indent: string },
): string[] {
  const lines = wrap(text, Math.min(columns, 110) - indent.length);
  return lines.map((line) => `${indent}${line}`.trimEnd());
}

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
