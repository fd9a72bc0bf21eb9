import { readFileSync } from "node:fs";
import { type PurlParts, parsePurl } from "../../packages/model/src/index.ts";

/** One package as a tool's inventory has it, in words that are the same for all tools. */
export interface Listed {
  /** `deb`, `npm`, …: the type of its package URL. */
  readonly type: string;
  /** Name as its ecosystem compares it, with its namespace unless it is an OS package. */
  readonly name: string;
  /** "" when the tool does not know. */
  readonly version: string;
  readonly paths: readonly string[];
}

/** What is told apart when inventories are compared: a package in two places counts once. */
export function keyOf({ type, name, version }: Listed): string {
  return `${type} ${name} ${version}`;
}

/** Packages of a CycloneDX JSON file by any tool, ours included; components without a package URL are left out. */
export function readInventory(path: string): Map<string, Listed> {
  const document = JSON.parse(readFileSync(path, "utf8")) as { components?: Component[] };
  const listed = (document.components ?? []).flatMap((component) => {
    const parts = parsePurl(component.purl ?? "");
    return parts === null || isGone(component) ? [] : [{ ...normalised(parts), paths: pathsOf(component) }];
  });
  return new Map([...Map.groupBy(listed, keyOf)].map(([key, same]) => [key, merged(same)]));
}

interface Component {
  readonly purl?: string;
  readonly properties?: readonly { readonly name: string; readonly value?: string }[];
  readonly evidence?: { readonly occurrences?: readonly { readonly location: string }[] };
}

/** Our layered inventories also list what a later layer removed. */
function isGone({ properties = [] }: Component): boolean {
  return properties.some(({ name }) => name === "plimsoll:removedIn");
}

function merged(same: readonly Listed[]): Listed {
  const [first = { type: "", name: "", version: "" }] = same;
  return { ...first, paths: [...new Set(same.flatMap(({ paths }) => paths))].sort() };
}

function pathsOf({ properties = [], evidence }: Component): string[] {
  const told = properties.filter(({ name }) => /^(?:aquasecurity:trivy:FilePath|syft:location:\d+:path)$/.test(name));
  const places = [...told.map(({ value = "" }) => value), ...(evidence?.occurrences ?? []).map((one) => one.location)];
  return places.map((place) => place.replace(/^\/+/, ""));
}

/** The purl-spec's own rules where tools differ in keeping them: case, epochs, subpaths, the toolchain's name. */
function normalised({ type, namespace = "", name, version = "", qualifiers = {}, subpath = "" }: PurlParts) {
  const whole = [namespace, name, subpath].filter((part) => part !== "").join("/");
  switch (type) {
    case "deb":
    case "apk":
    case "rpm":
      return { type, name, version: withEpoch(version, qualifiers.epoch) };
    case "pypi":
      return { type, name: whole.toLowerCase().replace(/[-_.]+/g, "-"), version };
    case "golang":
      return { type, name: whole.toLowerCase(), version: goVersion(version) };
    default:
      return { type, name: whole, version };
  }
}

function withEpoch(version: string, epoch = "0"): string {
  return epoch === "0" || version.includes(":") ? version : `${epoch}:${version}`;
}

/** `go1.22.1`, `v1.22.1`, `(devel)`, `UNKNOWN`. */
function goVersion(version: string): string {
  return /^(?:\(devel\)|devel.*|UNKNOWN)$/.test(version) ? "" : version.replace(/^(?:go|v)(?=\d)/, "");
}
