import { isWord } from "../decode-text.ts";
import type { ZipEntry } from "../zip-file.ts";
import { partsOfFileName } from "./archive-name.ts";
import type { Coordinates } from "./coordinates.ts";
import { knownGroup } from "./known-groups.ts";
import type { Manifest } from "./manifest.ts";

/** Coordinates of a jar without Maven files, from its manifest, its file name and the Java packages in it. */
export function coordinatesWithoutPom(path: string, manifest: Manifest, entries: readonly ZipEntry[]): Coordinates {
  const file = partsOfFileName(path);
  const artifact = artifactOf(file, manifest);
  const version = versionOf(file.version, manifest);
  const known = knownGroup(artifact, version, (folder) => entries.some(({ name }) => name.startsWith(folder)));
  return { group: known ?? groupOf(artifact, manifest), artifact, version };
}

/** `name-1.2.jar` is how repositories name files, so the name is the artifact; else what the manifest says. */
function artifactOf(file: { artifact: string; version: string }, manifest: Manifest): string {
  if (file.version !== "") return safe(file.artifact);
  const title = manifest.get("implementation-title") ?? "";
  const symbolic = symbolicName(manifest);
  if (/^[\w.-]{1,200}$/.test(title)) return title;
  return symbolic === "" ? safe(file.artifact) : lastOf(symbolic, ".");
}

/**
 * Manifest before file name; but builds like to decorate Implementation-Version (`1.9.0-release-358`), so that where
 * one starts with the other the file's, which is the repository's, stands.
 */
function versionOf(inName: string, manifest: Manifest): string {
  const said = ["implementation-version", "bundle-version", "specification-version"]
    .map((name) => (manifest.get(name) ?? "").split(/\s/, 1)[0] ?? "")
    .find((text) => /^v?\d[\w.+~-]{0,100}$/.test(text));
  if (said === undefined || said === inName) return inName;
  return inName !== "" && (said.startsWith(inName) || inName.startsWith(said) || isOsgiOf(said, inName))
    ? inName
    : said;
}

/** OSGi writes `31.1-jre` as `31.1.0.jre`. */
function isOsgiOf(said: string, inName: string): boolean {
  const numbers = (text: string): string =>
    text
      .split(/[.-]/)
      .filter((part) => /^\d+$/.test(part) && part !== "0")
      .join(".");
  return numbers(said) === numbers(inName);
}

function groupOf(artifact: string, manifest: Manifest): string {
  const vendor = manifest.get("implementation-vendor-id") ?? "";
  if (isGroup(vendor)) return vendor;
  const symbolic = [symbolicName(manifest), manifest.get("automatic-module-name") ?? ""].find(isGroup);
  return symbolic === undefined ? artifact : withoutArtifact(symbolic, artifact);
}

function symbolicName(manifest: Manifest): string {
  const name = (manifest.get("bundle-symbolicname") ?? "").split(";", 1)[0]?.trim() ?? "";
  return isWord(name) ? name : "";
}

function isGroup(text: string): boolean {
  return text.length <= 200 && /^[a-zA-Z][\w-]*(?:\.[\w-]+)+$/.test(text);
}

/** `com.squareup.okio` of `okio` → `com.squareup`; one segment stays when nothing else would. */
function withoutArtifact(symbolic: string, artifact: string): string {
  const words = new Set(artifact.toLowerCase().split(/[-_.]/));
  const segments = symbolic.split(".");
  while (segments.length > 2 && words.has((segments.at(-1) ?? "").toLowerCase())) segments.pop();
  return segments.join(".");
}

function lastOf(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}

function safe(name: string): string {
  const plain = name.slice(0, 200).replace(/[\s\p{Cc}]+/gu, "-");
  return plain === "" ? "unknown" : plain;
}
