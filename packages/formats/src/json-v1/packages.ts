import type { PackageV1 } from "@plimsoll/contract";
import { ecosystemOf, isPresent, type Package } from "@plimsoll/model";
import type { ReportIndex } from "../report-index.ts";
import { pathOf, versionOf } from "../wire-values.ts";

/** `result.packages`: every package by its id; removed ones are marked and name no vulnerability. */
export function packagesV1(index: ReportIndex, inUse?: ReadonlySet<string>): Record<string, PackageV1> {
  const { packages } = index.report.sbom;
  return Object.fromEntries(
    packages.map((pkg) => [pkg.id, { ...packageV1(pkg, index), isRunning: inUse?.has(pkg.id) ?? false }]),
  );
}

function packageV1(pkg: Package, index: ReportIndex): PackageV1 {
  const layer = index.layerOf(pkg.introducedIn ?? pkg.locations[0]?.layer ?? null);
  const fix = isPresent(pkg) ? index.fixOf.get(pkg.id) : undefined;
  const findings = index.findingsOf.get(pkg.id) ?? [];
  const license = (pkg.licenses ?? []).join(", ");
  return {
    name: pkg.name,
    version: versionOf(pkg),
    type: ecosystemOf(pkg.ecosystem).wireType,
    path: pathOf(pkg),
    ...(layer !== null && { layerRef: layer.key }),
    isRemoved: !isPresent(pkg),
    isRunning: false,
    ...(license !== "" && { license }),
    ...(fix !== undefined && { suggestedFix: fix.suggestedFix, clearsAll: fix.clearsAll }),
    vulnerabilitiesRefs: findings.length > 0 ? findings.map(({ id }) => id) : null,
    riskAcceptRefs: null,
    ecosystem: pkg.ecosystem,
    purl: pkg.purl,
  };
}
