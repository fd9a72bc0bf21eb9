import {
  type Distro,
  distroFamilyOf,
  ecosystemOf,
  formatPurl,
  type PackageFact,
  type PurlParts,
} from "@plimsoll/model";

/**
 * The package URL of a fact (purl-spec, types). OS packages carry the distro as namespace and `arch`, `distro`, `epoch`
 * and `upstream` (source package) qualifiers, as SBOM tools write them; the distro qualifier names the release its
 * advisories are sorted by (`debian-12`, `alpine-3.18`).
 */
export function toPurl(fact: PackageFact, distro: Distro | null): string {
  const type = ecosystemOf(fact.ecosystem).purlType;
  return formatPurl(ecosystemOf(fact.ecosystem).os ? osParts(fact, { type, distro }) : languageParts(fact, type));
}

function osParts(fact: PackageFact, { type, distro }: { type: string; distro: Distro | null }): PurlParts {
  const { epoch, version } =
    fact.ecosystem === "rpm" ? withoutEpoch(fact.version) : { epoch: "", version: fact.version };
  const qualifiers = {
    ...fact.qualifiers,
    epoch,
    arch: fact.arch ?? "",
    distro: distro === null ? "" : releaseOf(distro),
    upstream: upstreamOf(fact),
  };
  const namespace = distro?.id ?? "";
  return { type, name: fact.name, version, qualifiers, ...(namespace !== "" && { namespace }) };
}

/** purl-spec, rpm: the epoch is a qualifier, not part of the version (for deb it is part). */
function withoutEpoch(version: string): { epoch: string; version: string } {
  const colon = version.indexOf(":");
  return { epoch: version.slice(0, Math.max(0, colon)), version: version.slice(colon + 1) };
}

function releaseOf(distro: Distro): string {
  const release = distroFamilyOf(distro)?.release(distro) ?? distro.versionId;
  return release === "" ? distro.id : `${distro.id}-${release}`;
}

function upstreamOf({ source, version }: PackageFact): string {
  if (source === undefined) return "";
  return source.version === version ? source.name : `${source.name}@${source.version}`;
}

function languageParts(fact: PackageFact, type: string): PurlParts {
  const { namespace, name } = splitName(fact);
  const qualifiers = { ...fact.qualifiers, ...(fact.arch !== undefined && { arch: fact.arch }) };
  return { type, name, version: fact.version, qualifiers, ...(namespace !== "" && { namespace }) };
}

function splitName({ ecosystem, name, role }: PackageFact): { namespace: string; name: string } {
  switch (ecosystem) {
    case "maven":
      return cut(name, name.indexOf(":"));
    case "golang":
      return role === "toolchain" ? { namespace: "", name: "stdlib" } : cut(name, name.lastIndexOf("/"));
    case "npm":
    case "composer":
      return cut(name, name.indexOf("/"));
    case "pypi":
      // purl-spec, pypi: lower case, underscores as dashes.
      return { namespace: "", name: name.toLowerCase().replaceAll("_", "-") };
    default:
      return { namespace: "", name };
  }
}

function cut(name: string, at: number): { namespace: string; name: string } {
  return at === -1 ? { namespace: "", name } : { namespace: name.slice(0, at), name: name.slice(at + 1) };
}
