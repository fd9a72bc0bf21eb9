import type { Affected, AffectedRange, FixState, Severity } from "@plimsoll/model";
import { compareVersions } from "@plimsoll/versions";

/** "Builds of this package below `fixed` have the flaw." */
export interface RpmFix {
  readonly ecosystem: string;
  readonly name: string;
  /** `[epoch:]version-release` of the fixed build. */
  readonly fixed: string;
  readonly nameKind?: Affected["nameKind"];
  /** First version of the line that the fix is for. */
  readonly introduced?: string;
  readonly module?: string;
  readonly severity?: Severity;
}

/**
 * Rows of an erratum. Builds of one version differ by architecture and module build number (`.module+el8.5.0+706+…`),
 * and errata do not say which is whose: each is a fixed one, so the lowest is the bound. Sorted.
 */
export function fixedRows(fixes: Iterable<RpmFix>): Affected[] {
  const lowest = new Map<string, RpmFix>();
  for (const fix of fixes) {
    const version = fix.fixed.replace(/\.module[_+].*/, "");
    const key = [fix.ecosystem, fix.name, fix.nameKind ?? "", fix.module ?? "", fix.introduced ?? "", version].join(
      "\0",
    );
    const known = lowest.get(key);
    if (known === undefined || (compareVersions("rpm", fix.fixed, known.fixed) ?? 0) < 0) lowest.set(key, fix);
  }
  return [...lowest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fix]) => rowOf(fix));
}

function rowOf({ introduced, fixed, ...fix }: RpmFix): Affected {
  const range = introduced === undefined ? { fixed } : { introduced, fixed };
  return rpmRow(fix, { ranges: [range], fixState: "fixed" });
}

/** A row about a package that has no fix: every version is affected unless `ranges` says which. */
export function openRow(
  place: Omit<RpmFix, "fixed" | "introduced">,
  fixState: Exclude<FixState, "fixed">,
  ranges: readonly AffectedRange[] = [{}],
): Affected {
  return rpmRow(place, { ranges, fixState });
}

function rpmRow(
  { ecosystem, name, nameKind = "binary", module, severity }: Omit<RpmFix, "fixed" | "introduced">,
  said: Pick<Affected, "ranges" | "fixState">,
): Affected {
  return {
    ecosystem,
    name,
    nameKind,
    scheme: "rpm",
    ...said,
    ...(severity !== undefined && { severity }),
    ...(module !== undefined && { module }),
  };
}
