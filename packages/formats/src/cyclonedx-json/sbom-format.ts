import { distroLabel, isIncomplete, isPresent, type Package, type Sbom, uuidOf } from "@plimsoll/model";
import type { SbomFormat, SbomOptions } from "../format.ts";

/** CycloneDX 1.6 JSON (ECMA-424). The serial number follows from the content, so the same SBOM gives the same bytes. */
export const cyclonedxJson = {
  name: "cyclonedx-json",
  mediaType: "application/vnd.cyclonedx+json; version=1.6",
  extension: "cdx.json",
  write: (sbom, options) => {
    const body = bomBody(sbom, options);
    const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(body))}`;
    const { bomFormat, specVersion, $schema, ...rest } = body;
    return `${JSON.stringify({ $schema, bomFormat, specVersion, serialNumber, ...rest }, null, 2)}\n`;
  },
} satisfies SbomFormat;

const rootRef = "source";

interface Property {
  readonly name: string;
  readonly value: string;
}

function bomBody(sbom: Sbom, options: SbomOptions) {
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      tools: { components: [{ type: "application", name: options.tool.name, version: options.tool.version }] },
      component: rootComponent(sbom, options),
      properties: sbom.problems.map(({ level, code, path, message }) => {
        return { name: `plimsoll:problem:${level}`, value: [code, path, message].filter(Boolean).join(": ") };
      }),
    },
    components: [...distroComponent(sbom), ...sbom.packages.filter(isPresent).map(packageComponent)],
    // "incomplete" is said where it is known; completeness is never claimed.
    ...(isIncomplete(sbom.problems) && { compositions: [{ aggregate: "incomplete", assemblies: [rootRef] }] }),
  };
}

function rootComponent({ source, image }: Sbom, { pullString }: SbomOptions) {
  const properties = [
    property("imageId", image?.imageId),
    property("digest", image?.digest),
    property(
      "platform",
      image === null ? null : [image.os, image.architecture, image.variant].filter(Boolean).join("/"),
    ),
    property("transport", source.transport),
    ...(image?.layers ?? []).map(({ diffId }) => property("layerDiffId", diffId)),
  ].flat();
  const version = image?.digest ?? image?.imageId;
  return {
    "bom-ref": rootRef,
    type: { image: "container", host: "device", directory: "application" }[source.kind],
    name: pullString ?? source.name,
    ...(version !== undefined && { version }),
    properties,
  };
}

function distroComponent({ distro }: Sbom) {
  if (distro === null) return [];
  return [
    {
      "bom-ref": "distro",
      type: "operating-system",
      name: distro.id,
      ...(distro.versionId !== "" && { version: distro.versionId }),
      description: distro.prettyName ?? distroLabel(distro),
    },
  ];
}

function packageComponent(pkg: Package) {
  const { group, name } = splitName(pkg);
  return {
    "bom-ref": pkg.id,
    type: pkg.role === "main" ? "application" : "library",
    ...(group !== null && { group }),
    name,
    version: pkg.version,
    ...((pkg.licenses?.length ?? 0) > 0 && {
      licenses: pkg.licenses?.map((license) => ({ license: { name: license } })),
    }),
    purl: pkg.purl,
    evidence: { occurrences: pkg.locations.map(({ path }) => ({ location: path })) },
    properties: [
      property("introducedIn", pkg.introducedIn),
      property("foundBy", pkg.foundBy),
      property("kind", pkg.kind),
      property("sourcePackage", pkg.source && `${pkg.source.name}@${pkg.source.version}`),
      property("ownedBy", pkg.ownedBy),
    ].flat(),
  };
}

/** `group:artifact` and `@scope/name` have a field of their own here. */
function splitName({ ecosystem, name }: Package): { readonly group: string | null; readonly name: string } {
  const separator = ecosystem === "maven" ? ":" : ecosystem === "npm" && name.startsWith("@") ? "/" : null;
  const at = separator === null ? -1 : name.indexOf(separator);
  return at <= 0 || at === name.length - 1
    ? { group: null, name }
    : { group: name.slice(0, at), name: name.slice(at + 1) };
}

function property(name: string, value: string | null | undefined): Property[] {
  return value === null || value === undefined || value === "" ? [] : [{ name: `plimsoll:${name}`, value }];
}
