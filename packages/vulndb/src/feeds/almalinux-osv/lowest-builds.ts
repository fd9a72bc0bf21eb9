import type { Affected } from "@plimsoll/model";
import { compareVersions } from "@plimsoll/versions";

/**
 * One row of each package where an erratum lists several builds of one version: modules are built for each architecture
 * on its own (`…module_el8.5.0+235…`, `…+2610…`) and the document does not say which build is whose. Each is a fixed
 * one, so the lowest is the bound.
 */
export function lowestBuilds(affected: readonly Affected[]): Affected[] {
  const rows = new Map<string, Affected>();
  for (const row of affected) {
    const key = `${row.ecosystem} ${row.name} ${fixOf(row).replace(/\.module_.*/, "")}`;
    const known = rows.get(key);
    if (known === undefined || (compareVersions("rpm", fixOf(row), fixOf(known)) ?? 0) < 0) rows.set(key, row);
  }
  return [...rows.values()];
}

function fixOf(row: Affected): string {
  return row.ranges[0]?.fixed ?? "";
}
