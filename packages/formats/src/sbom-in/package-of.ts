import {
  type EcosystemId,
  ecosystemOf,
  ecosystems,
  formatPurl,
  type Package,
  type PurlParts,
  uuidOf,
} from "@plimsoll/model";
import type { ForeignComponent } from "./foreign.ts";

/** The ecosystem of a purl type; `null` when it is none of ours. `alpine` is what older tools wrote for apk. */
export function ecosystemOfPurl(type: string): EcosystemId | null {
  const known = type === "alpine" ? "apk" : type;
  return ecosystems.find(({ purlType }) => purlType === known)?.id ?? null;
}

/** The package that a purl and its component describe. */
export function packageOf(parts: PurlParts, ecosystem: EcosystemId, component: ForeignComponent): Package {
  const role = roleOf(ecosystem, parts, component);
  const name = role === "toolchain" ? "Go" : nameOf(parts, ecosystem);
  const version = versionOf(parts, ecosystem);
  const arch = ecosystemOf(ecosystem).os ? parts.qualifiers?.arch : undefined;
  const paths = component.paths.map((path) => path.replace(/^\/+/, ""));
  const source = sourceOf(parts, component, { ecosystem, name, version });
  const vendor = component.properties.get("plimsoll:vendor");
  return {
    id: uuidOf(ecosystem, name, version, arch ?? "", paths[0] ?? "", ""),
    ecosystem,
    name,
    version,
    ...(arch !== undefined && { arch }),
    ...(source !== null && { source }),
    ...(component.licenses.length > 0 && { licenses: component.licenses.toSorted() }),
    ...(vendor !== undefined && { vendor }),
    kind: component.properties.get("plimsoll:kind") === "declared" ? "declared" : "installed",
    ...qualifiersOf(parts, component),
    ...(role !== null && { role }),
    purl: formatPurl(parts),
    locations: paths.map((path) => ({ path, layer: component.layer })),
    introducedIn: component.layer,
    ...(component.ownedBy !== null && { ownedBy: component.ownedBy }),
    foundBy: component.properties.get("plimsoll:foundBy") ?? component.properties.get("syft:package:foundBy") ?? "sbom",
  };
}

/** As the ecosystem writes it: `group:artifact`, `@scope/name`, a Go module's whole path (Syft puts its end into the subpath). */
function nameOf({ namespace = "", name, subpath = "" }: PurlParts, ecosystem: EcosystemId): string {
  if (ecosystem === "maven") return namespace === "" ? name : `${namespace}:${name}`;
  if (ecosystem === "npm" || ecosystem === "composer") return namespace === "" ? name : `${namespace}/${name}`;
  if (ecosystem !== "golang") return name;
  return [namespace, name, subpath].filter((part) => part !== "").join("/");
}

/** purl-spec keeps the epoch of rpm in a qualifier; Trivy does so for deb too. Go's own release has no letters in front. */
function versionOf({ name, version = "", qualifiers = {} }: PurlParts, ecosystem: EcosystemId): string {
  if (ecosystem === "golang" && name === toolchain) return version.replace(/^(?:go|v)(?=\d)/, "");
  const epoch = qualifiers.epoch ?? "";
  if ((ecosystem !== "rpm" && ecosystem !== "deb") || !/^[1-9]\d*$/.test(epoch) || /^\d+:/.test(version))
    return version;
  return `${epoch}:${version}`;
}

interface Identity {
  readonly ecosystem: EcosystemId;
  readonly name: string;
  readonly version: string;
}

/** The source package where it differs: the component's own word, else the qualifier `upstream` (`openssl@3.0`, `bash-4.4-1.el8.src.rpm`). */
function sourceOf(
  parts: PurlParts,
  component: ForeignComponent,
  { ecosystem, name, version }: Identity,
): NonNullable<Package["source"]> | null {
  if (!ecosystemOf(ecosystem).os) return null;
  const found = component.sourcePackage ?? upstreamOf(parts.qualifiers?.upstream ?? "", version);
  return found === null || (found.name === name && found.version === version) ? null : found;
}

function upstreamOf(upstream: string, version: string): { readonly name: string; readonly version: string } | null {
  if (upstream === "") return null;
  const rpm = /^(.+)-([^-]+-[^-]+)\.src\.rpm$/.exec(upstream);
  // A file name has no epoch; the binary package's is nearly always the source's.
  if (rpm !== null) return { name: rpm[1] ?? "", version: `${/^\d+:/.exec(version)?.[0] ?? ""}${rpm[2] ?? ""}` };
  const at = upstream.lastIndexOf("@");
  if (at <= 0) return { name: upstream, version };
  return { name: upstream.slice(0, at), version: upstream.slice(at + 1) };
}

/** Modules of rpm decide which advisories hold; Syft tells them in a property of CycloneDX (and not at all in SPDX). */
function qualifiersOf(
  { qualifiers = {} }: PurlParts,
  { properties }: ForeignComponent,
): { readonly qualifiers?: Readonly<Record<string, string>> } {
  const told = properties.get("syft:metadata:modularityLabel") ?? "";
  const rpmmod = qualifiers.rpmmod ?? qualifiers.modularitylabel ?? (told.includes(":") ? told : undefined);
  return rpmmod === undefined ? {} : { qualifiers: { rpmmod } };
}

/** What purls call Go's toolchain. */
const toolchain = "stdlib";

function roleOf(
  ecosystem: EcosystemId,
  { namespace = "", name }: PurlParts,
  { properties }: ForeignComponent,
): "main" | "toolchain" | null {
  const own = properties.get("plimsoll:role");
  if (own === "main" || own === "toolchain") return own;
  return ecosystem === "golang" && namespace === "" && name === toolchain ? "toolchain" : null;
}
