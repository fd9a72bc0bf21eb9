import { distroLabel, isIncomplete, isPresent, type Package, type Sbom, uuidOf } from "@plimsoll/model";
import type { SbomOptions } from "../format.ts";
import { instantOf } from "../wire-values.ts";
import { type ExtractedLicense, licenseExpression } from "./license-expression.ts";

const rootId = "SPDXRef-Source";
const distroRef = "SPDXRef-Distro";
/** Stated where nothing dates the content: an invented time would differ from run to run. */
const noTime = "1970-01-01T00:00:00Z";

/** Pages about vulnerabilities by package id. */
export type Advisories = ReadonlyMap<string, readonly string[]>;

/** The SBOM as an SPDX 2.3 document; removed packages are left out. The namespace follows from the content. */
export function spdxDocument(sbom: Sbom, options: SbomOptions, advisories: Advisories = new Map()) {
  const packages = sbom.packages.filter(isPresent);
  const body = {
    packages: [
      rootPackage(sbom, options),
      ...distroPackage(sbom),
      ...packages.map((pkg) => spdxPackage(pkg, advisories.get(pkg.id) ?? [])),
    ],
    ...extractedLicenses(packages),
    relationships: relationships(sbom, packages),
  };
  const comment = commentOf(sbom);
  return {
    SPDXID: "SPDXRef-DOCUMENT",
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    name: options.pullString ?? sbom.source.name,
    documentNamespace: `urn:uuid:${uuidOf(JSON.stringify([body, comment, options.tool]))}`,
    creationInfo: {
      creators: [`Tool: ${options.tool.name}-${options.tool.version}`],
      created: createdOf(sbom),
      comment: "created is the time of the content, so that the same content gives the same document",
    },
    ...(comment !== "" && { comment }),
    ...body,
  };
}

/** SPDX wants whole seconds in UTC (clause 6.9). */
function createdOf({ image }: Sbom): string {
  const instant = image?.created == null ? null : instantOf(image.created);
  return instant === null ? noTime : `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** What was not read belongs into the document: SPDX has no field of its own for it. */
function commentOf({ problems }: Sbom): string {
  const lines = problems.map(({ level, code, path, message }) =>
    [level, code, path, message].filter((part) => part !== undefined).join(": "),
  );
  const head = isIncomplete(problems) ? ["This document is incomplete."] : [];
  return [...head, ...lines].join("\n");
}

const unsaid = {
  downloadLocation: "NOASSERTION",
  filesAnalyzed: false,
  licenseConcluded: "NOASSERTION",
  copyrightText: "NOASSERTION",
} as const;

function rootPackage({ source, image }: Sbom, { pullString }: SbomOptions) {
  const version = image?.digest ?? image?.imageId;
  return {
    SPDXID: rootId,
    name: pullString ?? source.name,
    ...(version !== undefined && { versionInfo: version }),
    ...unsaid,
    licenseDeclared: "NOASSERTION",
    primaryPackagePurpose: { image: "CONTAINER", host: "DEVICE", directory: "SOURCE" }[source.kind],
    ...(image !== null && {
      comment: `image ${image.imageId}, ${[image.os, image.architecture, image.variant].filter(Boolean).join("/")}`,
    }),
  };
}

function distroPackage({ distro }: Sbom) {
  if (distro === null) return [];
  return [
    {
      SPDXID: distroRef,
      name: distro.id,
      ...(distro.versionId !== "" && { versionInfo: distro.versionId }),
      ...unsaid,
      licenseDeclared: "NOASSERTION",
      // The specification writes a dash, its published schema an underscore.
      primaryPackagePurpose: "OPERATING_SYSTEM",
      summary: distro.prettyName ?? distroLabel(distro),
    },
  ];
}

function spdxPackage(pkg: Package, advisories: readonly string[]) {
  const { expression } = licenseExpression(pkg.licenses ?? []);
  return {
    SPDXID: packageRef(pkg),
    name: pkg.name,
    ...(pkg.version !== "" && { versionInfo: pkg.version }),
    ...unsaid,
    licenseDeclared: expression,
    primaryPackagePurpose: pkg.role === "main" ? "APPLICATION" : "LIBRARY",
    sourceInfo: sourceInfo(pkg),
    externalRefs: [
      { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: pkg.purl },
      ...advisories.map((url) => ({ referenceCategory: "SECURITY", referenceType: "advisory", referenceLocator: url })),
    ],
  };
}

function sourceInfo({ foundBy, locations, introducedIn, source }: Package): string {
  return [
    `found by ${foundBy}`,
    ...locations.map(({ path }) => `at ${path}`),
    ...(introducedIn === null ? [] : [`in layer ${introducedIn}`]),
    ...(source === undefined ? [] : [`built from ${source.name}@${source.version}`]),
  ].join(", ");
}

/** Ids of packages are UUIDs of ours: always letters, digits and dashes (clause 3.2: also dots). */
function packageRef({ id }: Package): string {
  return `SPDXRef-Package-${id.replace(/[^A-Za-z0-9.-]/g, "-")}`;
}

function extractedLicenses(packages: readonly Package[]): { hasExtractedLicensingInfos?: ExtractedLicense[] } {
  const extracted = packages.flatMap(({ licenses }) => licenseExpression(licenses ?? []).extracted);
  const unique = new Map(extracted.map((license) => [license.licenseId, license]));
  const sorted = [...unique.values()].sort((a, b) => (a.licenseId < b.licenseId ? -1 : 1));
  return sorted.length === 0 ? {} : { hasExtractedLicensingInfos: sorted };
}

function relationships({ distro }: Sbom, packages: readonly Package[]) {
  const contained = [...(distro === null ? [] : [distroRef]), ...packages.map(packageRef)];
  return [
    { spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: rootId },
    ...contained.map((relatedSpdxElement) => {
      return { spdxElementId: rootId, relationshipType: "CONTAINS", relatedSpdxElement };
    }),
  ];
}
