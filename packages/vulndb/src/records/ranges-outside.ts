import type { AffectedRange, VersionScheme } from "@plimsoll/model";
import { complement, parseConstraint } from "@plimsoll/versions";

/** The versions that none of the requirements for good ones names; `null` when a requirement cannot be read. */
export function rangesOutside(scheme: VersionScheme, requirements: readonly string[]): AffectedRange[] | null {
  const good: AffectedRange[] = [];
  for (const requirement of requirements) {
    const ranges = parseConstraint(scheme, requirement);
    if (ranges === null) return null;
    good.push(...ranges);
  }
  return complement(scheme, good);
}
