import { type Finding, type Package, type Report, severities } from "@plimsoll/model";
import { type Fix, fixesFor } from "./fix-command.ts";
import { indexReport, type ReportIndex } from "./report-index.ts";
import { countSeverities, type SeverityCounts } from "./worst-packages.ts";

/** One thing worth doing: bring one package to one version. */
export interface Recommendation {
  readonly ecosystem: Package["ecosystem"];
  readonly name: string;
  /** Versions that are there now, sorted. */
  readonly versions: readonly string[];
  /** Version to bring it to: the lowest that clears everything fixable. */
  readonly to: string;
  /** How; the commands of one recommendation alone. */
  readonly fixes: readonly Fix[];
  /** Findings that go away with it. */
  readonly clears: SeverityCounts;
  /** Of those, with a public exploit or known to be exploited. */
  readonly exploitable: number;
  /** Findings of the package that no version fixes yet. */
  readonly left: number;
  /** Keys of the layers (report v1) that brought it. */
  readonly layers: readonly string[];
}

/** What to do first: upgrades by what they clear, worst first; the same package and version in several places is one. */
export function recommend(report: Report): Recommendation[] {
  const index = indexReport(report);
  const upgradable = [...index.fixOf.values()].flatMap(({ packageId, clearsAll }) => {
    const pkg = index.packages.get(packageId);
    return pkg === undefined || !index.findingsOf.has(packageId) ? [] : [{ pkg, to: clearsAll }];
  });
  const groups = Map.groupBy(upgradable, ({ pkg, to }) => JSON.stringify([pkg.ecosystem, pkg.name, pkg.role, to]));
  return [...groups.values()].flatMap((group) => recommendationOf(group, index)).sort(worstFirst);
}

function recommendationOf(
  group: readonly { readonly pkg: Package; readonly to: string }[],
  index: ReportIndex,
): Recommendation[] {
  const first = group[0];
  if (first === undefined) return [];
  const findings = group.flatMap(({ pkg }) => index.findingsOf.get(pkg.id) ?? []);
  const cleared = findings.filter(({ fixVersion }) => fixVersion !== undefined);
  const { ecosystem, name, role } = first.pkg;
  const upgrade = { ecosystem, name, version: first.to, isToolchain: role === "toolchain" };
  return [
    {
      ecosystem,
      name,
      versions: [...new Set(group.map(({ pkg }) => pkg.version))].sort(),
      to: first.to,
      fixes: fixesFor([upgrade], index.report.sbom.distro),
      clears: countSeverities(cleared),
      exploitable: cleared.filter(isExploitable).length,
      left: findings.length - cleared.length,
      layers: [...new Set(group.flatMap(({ pkg }) => index.layerOf(pkg.introducedIn)?.key ?? []))],
    },
  ];
}

function isExploitable({ exploit, kev }: Finding): boolean {
  return exploit !== null || kev !== null;
}

/** Exploits first, then severities in order, then the name, so that every list is the same. */
function worstFirst(a: Recommendation, b: Recommendation): number {
  if (a.exploitable !== b.exploitable) return b.exploitable - a.exploitable;
  const decisive = severities.find((severity) => a.clears[severity] !== b.clears[severity]);
  if (decisive !== undefined) return b.clears[decisive] - a.clears[decisive];
  const key = ({ ecosystem, name, to }: Recommendation): string => JSON.stringify([ecosystem, name, to]);
  return key(a) < key(b) ? -1 : 1;
}
