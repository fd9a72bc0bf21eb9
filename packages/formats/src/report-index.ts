import { createHash } from "node:crypto";
import {
  type DiffId,
  type Finding,
  isPresent,
  type Layer,
  type Package,
  type Report,
  type SuggestedFix,
} from "@plimsoll/model";

/** A layer with its key on the wire. */
export interface KeyedLayer {
  /** 16 hex characters, the same for the same layer in the same place. */
  readonly key: string;
  readonly layer: Layer;
}

/** A report with what every writer looks up in it. Findings of removed or unknown packages are not in it: those are never counted. */
export interface ReportIndex {
  readonly report: Report;
  /** Image history, lowest first; empty for hosts and directories. */
  readonly layers: readonly KeyedLayer[];
  readonly packages: ReadonlyMap<string, Package>;
  readonly findings: readonly Finding[];
  /** Package id → its findings, in the report's order (worst first). */
  readonly findingsOf: ReadonlyMap<string, readonly Finding[]>;
  readonly findingById: ReadonlyMap<string, Finding>;
  readonly fixOf: ReadonlyMap<string, SuggestedFix>;
  layerOf(diffId: DiffId | null): KeyedLayer | null;
}

/** Prepares a report for writing. */
export function indexReport(report: Report): ReportIndex {
  const packages = new Map(report.sbom.packages.map((pkg) => [pkg.id, pkg]));
  const findings = report.findings.filter(({ packageId }) => {
    const pkg = packages.get(packageId);
    return pkg !== undefined && isPresent(pkg);
  });
  const layers = keyLayers(report.sbom.image?.layers ?? []);
  const firstOf = new Map(layers.toReversed().map((keyed) => [keyed.layer.diffId, keyed]));
  return {
    report,
    layers,
    packages,
    findings,
    findingsOf: Map.groupBy(findings, ({ packageId }) => packageId),
    findingById: new Map(findings.map((finding) => [finding.id, finding])),
    fixOf: new Map(report.suggestedFixes.map((fix) => [fix.packageId, fix])),
    layerOf: (diffId) => (diffId === null ? null : (firstOf.get(diffId) ?? null)),
  };
}

/** A history row is itself by what lies below it, its place and its command. */
function keyLayers(layers: readonly Layer[]): KeyedLayer[] {
  let below = "";
  return layers.map((layer) => {
    below = layer.chainId ?? below;
    const identity = JSON.stringify([below, layer.diffId ?? "", layer.index, layer.command]);
    return { key: createHash("sha256").update(identity).digest("hex").slice(0, 16), layer };
  });
}
