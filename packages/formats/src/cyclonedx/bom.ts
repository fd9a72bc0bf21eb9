import { distroLabel, isIncomplete, isPresent, type Package, type Sbom } from "@plimsoll/model";
import type { SbomOptions } from "../format.ts";
import { type LicenseText, licenseText } from "../licenses.ts";
import type { BomProperty } from "./property.ts";
import type { BomVulnerability } from "./vulnerabilities.ts";

/** Versions of the specification that are written. The parts we use are the same in all of them. */
export type SpecVersion = "1.5" | "1.6" | "1.7";

/** A component (CycloneDX, `component`), as far as we write it. */
export interface BomComponent {
  readonly type: "application" | "container" | "device" | "library" | "operating-system";
  readonly "bom-ref": string;
  readonly group?: string;
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  readonly licenses?: readonly BomLicense[];
  readonly purl?: string;
  readonly properties?: readonly BomProperty[];
  readonly evidence?: { readonly occurrences: readonly { readonly location: string }[] };
}

export type BomLicense =
  | { readonly license: { readonly id: string } | { readonly name: string } }
  | { readonly expression: string };

/** A document without its serial number: what JSON and XML both write. */
export interface Bom {
  readonly metadata: {
    readonly timestamp?: string;
    readonly tools: { readonly components: readonly { type: "application"; name: string; version: string }[] };
    readonly component: BomComponent;
    readonly properties: readonly BomProperty[];
  };
  readonly components: readonly BomComponent[];
  readonly compositions?: readonly { readonly aggregate: "incomplete"; readonly assemblies: readonly string[] }[];
  readonly vulnerabilities?: readonly BomVulnerability[];
}

const rootRef = "source";

/** The SBOM as a bill of materials; removed packages are left out. */
export function bomOf(sbom: Sbom, options: SbomOptions): Bom {
  return {
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

function rootComponent({ source, image }: Sbom, { pullString }: SbomOptions): BomComponent {
  const platform = image === null ? null : [image.os, image.architecture, image.variant].filter(Boolean).join("/");
  const version = image?.digest ?? image?.imageId;
  return {
    type: ({ image: "container", host: "device", directory: "application" } as const)[source.kind],
    "bom-ref": rootRef,
    name: pullString ?? source.name,
    ...(version !== undefined && { version }),
    properties: [
      property("imageId", image?.imageId),
      property("digest", image?.digest),
      property("platform", platform),
      property("transport", source.transport),
      ...(source.attachments ?? []).map(({ kind, mediaType, digest }) =>
        property("attachment", `${kind} ${digest} ${mediaType}`),
      ),
      ...(image?.layers ?? []).map(({ diffId }) => property("layerDiffId", diffId)),
    ].flat(),
  };
}

function distroComponent({ distro }: Sbom): BomComponent[] {
  if (distro === null) return [];
  return [
    {
      type: "operating-system",
      "bom-ref": "distro",
      name: distro.id,
      ...(distro.versionId !== "" && { version: distro.versionId }),
      description: distro.prettyName ?? distroLabel(distro),
      properties: [property("codename", distro.codename), ...distro.idLike.map((id) => property("idLike", id))].flat(),
    },
  ];
}

function packageComponent(pkg: Package): BomComponent {
  const { group, name } = splitName(pkg);
  const licenses = bomLicenses(pkg.licenses ?? []);
  return {
    type: pkg.role === "main" ? "application" : "library",
    "bom-ref": pkg.id,
    ...(group !== null && { group }),
    name,
    version: pkg.version,
    ...(licenses.length > 0 && { licenses }),
    purl: pkg.purl,
    properties: [
      property("introducedIn", pkg.introducedIn),
      property("foundBy", pkg.foundBy),
      property("kind", pkg.kind),
      property("sourcePackage", pkg.source && `${pkg.source.name}@${pkg.source.version}`),
      property("vendor", pkg.vendor),
      property("role", pkg.role),
      property("ownedBy", pkg.ownedBy),
    ].flat(),
    evidence: { occurrences: pkg.locations.map(({ path }) => ({ location: path })) },
  };
}

/** The schema takes ids and names, or one expression alone. */
function bomLicenses(texts: readonly string[]): BomLicense[] {
  const licenses = texts.filter((text) => text.trim() !== "").map(licenseText);
  const [only] = licenses;
  if (licenses.length === 1 && only?.kind === "expression") return [{ expression: only.text }];
  return licenses.map(oneLicense);
}

function oneLicense({ kind, text }: LicenseText): BomLicense {
  return { license: kind === "id" ? { id: text } : { name: text } };
}

/** `group:artifact` and `@scope/name` have a field of their own here. */
function splitName({ ecosystem, name }: Package): { readonly group: string | null; readonly name: string } {
  const separator = ecosystem === "maven" ? ":" : ecosystem === "npm" && name.startsWith("@") ? "/" : null;
  const at = separator === null ? -1 : name.indexOf(separator);
  return at <= 0 || at === name.length - 1
    ? { group: null, name }
    : { group: name.slice(0, at), name: name.slice(at + 1) };
}

function property(name: string, value: string | null | undefined): BomProperty[] {
  return value === null || value === undefined || value === "" ? [] : [{ name: `plimsoll:${name}`, value }];
}
