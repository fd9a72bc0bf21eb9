import type { ComparedSide, Finding, FindingChange, Layer, LayerChange, Package, PackageChange } from "@plimsoll/model";
import type { DiffFormat } from "../diff-format.ts";
import { jsonText } from "../json-text.ts";

/** The difference for programs, schema version 1 (docs/formats.md). Unchanged packages and findings are counted, not listed. */
export const diffJson = {
  name: "json",
  mediaType: "application/vnd.plimsoll.diff.v1+json",
  extension: "json",
  write: (difference, { scanner }) => {
    const { before, after, sameKnowledge, packages, findings, layers, policies, counts } = difference;
    return jsonText({
      schemaVersion: 1,
      scanner,
      before: sideOf(before),
      after: sideOf(after),
      sameKnowledge,
      counts,
      packagesUnchanged: packages.filter(({ state }) => state === "unchanged").length,
      findings: findings.filter(({ state }) => state !== "unchanged").map(findingOf),
      packages: packages.filter(({ state }) => state !== "unchanged").map(packageOf),
      layers: layers.map(layerChangeOf),
      policies,
    } satisfies Readonly<Record<string, unknown>>);
  },
} satisfies DiffFormat;

function sideOf({ report, judged }: ComparedSide) {
  const { sbom, evaluatedAt, knowledge, verdict, problems } = report;
  return {
    source: sbom.source,
    imageId: sbom.image?.imageId ?? null,
    digest: sbom.image?.digest ?? null,
    distro: sbom.distro,
    judged,
    evaluatedAt,
    knowledge,
    verdict,
    problems,
  };
}

function findingOf({ state, cause, before, after, aspects, package: change }: FindingChange) {
  return {
    state,
    cause,
    vulnerability: (after ?? before)?.vulnerability ?? "",
    package: packageOf(change),
    before: before === null ? null : ratedOf(before),
    after: after === null ? null : ratedOf(after),
    changes: aspects,
  };
}

function ratedOf({ aliases, severity, cvss, fixState, fixVersion, exploit, kev, epss }: Finding) {
  return {
    aliases,
    severity,
    cvss,
    fixState,
    ...(fixVersion !== undefined && { fixVersion }),
    exploitable: exploit !== null,
    kev,
    epss,
  };
}

function packageOf({ state, before, after, beforeLayer, afterLayer }: PackageChange) {
  const pkg = after ?? before;
  return {
    state,
    ecosystem: pkg?.ecosystem ?? null,
    name: pkg?.name ?? "",
    before: before === null ? null : versionOf(before),
    after: after === null ? null : versionOf(after),
    beforeLayer: layerOf(beforeLayer),
    afterLayer: layerOf(afterLayer),
  };
}

function versionOf({ version, purl, arch, locations }: Package) {
  return { version, purl, ...(arch !== undefined && { arch }), path: locations[0]?.path ?? null };
}

function layerOf(layer: Layer | null) {
  if (layer === null) return null;
  const { index, command, diffId, digest } = layer;
  return { index, command, diffId, digest };
}

function layerChangeOf({ state, before, after, added, fixed }: LayerChange) {
  return { state, before: layerOf(before), after: layerOf(after), added, fixed };
}
