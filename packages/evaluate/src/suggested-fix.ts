import {
  ecosystemOf,
  type Finding,
  type Package,
  type RatedSeverity,
  ratedSeverities,
  type Severity,
  type SuggestedFix,
  type VersionScheme,
} from "@plimsoll/model";
import { compareVersions, maxVersion } from "@plimsoll/versions";
import { judgedSeverity } from "./policy/rules/severity.ts";

/** What the algorithm reads of a finding. */
export type FixableFinding = Pick<Finding, "packageId" | "severity" | "fixVersion">;

/** A suggestion for every package with a fixable finding, in the packages' order. */
export function suggestFixes(packages: readonly Package[], findings: readonly FixableFinding[]): SuggestedFix[] {
  const fixable = Map.groupBy(
    findings.filter(({ fixVersion }) => fixVersion !== undefined),
    ({ packageId }) => packageId,
  );
  return packages.flatMap((pkg) => {
    const own = fixable.get(pkg.id) ?? [];
    const { scheme } = ecosystemOf(pkg.ecosystem);
    const suggestedFix = suggestFix(own, scheme);
    if (suggestedFix === null) return [];
    return [{ packageId: pkg.id, suggestedFix, clearsAll: clearsAll(own, scheme) ?? suggestedFix }];
  });
}

/**
 * The version that clears most criticals, then most highs, and so on, counting only findings that name exactly that
 * version; on a tie the lower one (spec 20a, as the reference does). `null` when nothing is fixable.
 */
export function suggestFix(findings: readonly FixableFinding[], scheme: VersionScheme): string | null {
  const groups = Map.groupBy(findings, ({ fixVersion }) => fixVersion);
  const tallies = [...groups].flatMap(([version, cleared]) =>
    version === undefined ? [] : [{ version, counts: countsOf(cleared) }],
  );
  const [best] = tallies.sort((a, b) => byCounts(a.counts, b.counts) || byVersion(scheme, a.version, b.version));
  return best?.version ?? null;
}

/** The lowest known version that clears everything fixable: the latest of all fix versions; `null` when they cannot be ordered. */
export function clearsAll(findings: readonly FixableFinding[], scheme: VersionScheme): string | null {
  return maxVersion(
    scheme,
    findings.flatMap(({ fixVersion }) => fixVersion ?? []),
  );
}

const worstFirst: readonly RatedSeverity[] = ratedSeverities.toReversed();

function countsOf(findings: readonly { severity: Severity }[]): number[] {
  return worstFirst.map((level) => findings.filter(({ severity }) => judgedSeverity(severity) === level).length);
}

function byCounts(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((count, index) => count !== b[index]);
  return (b[place] ?? 0) - (a[place] ?? 0);
}

function byVersion(scheme: VersionScheme, a: string, b: string): number {
  return compareVersions(scheme, a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
