import {
  type ComparedSide,
  type Difference,
  type DiffId,
  type Finding,
  type FindingChange,
  type FindingState,
  findingStates,
  type Layer,
  type PackageChange,
  type Report,
  type Sbom,
  type Severity,
  severities,
  severityRank,
  type Tallies,
} from "@plimsoll/model";
import { presentFindings } from "../evaluate.ts";
import { compareFinding } from "./compare-finding.ts";
import { compareLayers } from "./compare-layers.ts";
import { comparePolicies } from "./compare-policies.ts";
import { pairFindings } from "./pair-findings.ts";
import { type PackagePair, pairPackages } from "./pair-packages.ts";

/**
 * What differs between two reports. Pure; the same reports give the same difference, a report against itself gives none,
 * and swapped sides give the mirror image: added and fixed, worsened and eased change places.
 */
export function diffReports(before: ComparedSide, after: ComparedSide): Difference {
  const sameKnowledge = knowTheSame(before, after);
  const packages = withLayers(
    pairPackages(before.report.sbom, after.report.sbom),
    before.report.sbom,
    after.report.sbom,
  );
  const earlier = Map.groupBy(presentFindings(before.report), ({ packageId }) => packageId);
  const later = Map.groupBy(presentFindings(after.report), ({ packageId }) => packageId);
  const ofPackage = (findings: ReadonlyMap<string, readonly Finding[]>, id: string | undefined) =>
    (id === undefined ? undefined : findings.get(id)) ?? [];
  const findings = packages
    .flatMap((change) =>
      pairFindings(ofPackage(earlier, change.before?.id), ofPackage(later, change.after?.id)).map((pair) =>
        compareFinding(pair, change, sameKnowledge),
      ),
    )
    .map((change) => ({ change, key: orderOf(change) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ change }) => change);
  return {
    before,
    after,
    sameKnowledge,
    packages,
    findings,
    layers: compareLayers(before.report.sbom.image, after.report.sbom.image, findings),
    policies: comparePolicies(before.report.policies, after.report.policies),
    counts: countsOf(findings),
  };
}

function knowTheSame(before: ComparedSide, after: ComparedSide): boolean {
  if (before.judged === "now" && after.judged === "now") return true;
  const keyOf = ({ evaluatedAt, knowledge }: Report) => JSON.stringify([evaluatedAt, knowledge.revision]);
  return before.report.knowledge.revision !== "" && keyOf(before.report) === keyOf(after.report);
}

function withLayers(pairs: readonly PackagePair[], before: Sbom, after: Sbom): PackageChange[] {
  const [earlier, later] = [layersIn(before), layersIn(after)];
  return pairs.map((pair) => ({
    ...pair,
    beforeLayer: pair.before === null ? earlier.tookAway(pair.after) : earlier.brought(pair.before.introducedIn),
    afterLayer: pair.after === null ? later.tookAway(pair.before) : later.brought(pair.after.introducedIn),
  }));
}

function layersIn({ image, packages }: Sbom) {
  const layers = new Map<DiffId | null, Layer>(
    (image?.layers ?? []).toReversed().map((layer) => [layer.diffId, layer]),
  );
  const brought = (diffId: DiffId | null | undefined): Layer | null =>
    diffId === null || diffId === undefined ? null : (layers.get(diffId) ?? null);
  const keyOf = ({ ecosystem, name, version, locations }: Sbom["packages"][number]): string =>
    JSON.stringify([ecosystem, name, version, locations[0]?.path ?? ""]);
  const removed = new Map(
    packages.flatMap((pkg) => (pkg.removedIn === undefined ? [] : [[keyOf(pkg), pkg.removedIn] as const])),
  );
  return {
    brought,
    /** The layer that took the other side's package away here. */
    tookAway: (other: Sbom["packages"][number] | null) => (other === null ? null : brought(removed.get(keyOf(other)))),
  };
}

/** By state, then worst first, then by flaw and package. */
function orderOf({ state, before, after, package: { before: was, after: is } }: FindingChange): string {
  const finding = after ?? before;
  const pkg = is ?? was;
  return JSON.stringify([
    findingStates.indexOf(state),
    9 - severityRank(finding?.severity ?? "unknown"),
    finding?.kev == null ? 1 : 0,
    finding?.exploit == null ? 1 : 0,
    (10 - (finding?.cvss?.score ?? 0)).toFixed(1).padStart(4, "0"),
    finding?.vulnerability ?? "",
    pkg?.name ?? "",
    pkg?.version ?? "",
    pkg?.locations[0]?.path ?? "",
    finding?.id ?? "",
  ]);
}

function countsOf(findings: readonly FindingChange[]): Difference["counts"] {
  const byState = Map.groupBy(findings, ({ state }) => state);
  const entries = findingStates.map((state) => [state, tallyOf(byState.get(state) ?? [])] as const);
  return Object.fromEntries(entries) as Record<FindingState, Tallies>;
}

function tallyOf(changes: readonly FindingChange[]): Tallies {
  const tallies = Object.fromEntries(severities.map((severity) => [severity, { total: 0, fixable: 0 }])) as Record<
    Severity,
    { total: number; fixable: number }
  >;
  for (const { before, after } of changes) {
    const finding = after ?? before;
    if (finding === null) continue;
    tallies[finding.severity].total += 1;
    if (finding.fixVersion !== undefined) tallies[finding.severity].fixable += 1;
  }
  return tallies;
}
