import type { PackageFact, Problem } from "@plimsoll/model";
import type { Facts } from "../cataloger.ts";
import { decodeText, isWord } from "../decode-text.ts";
import type { ModulePlace } from "./module-place.ts";

/**
 * The package a package.json names (npm "package.json" reference). Deeper ones count only when they name another
 * package with its version: bundlers copy whole packages into their own folder, most others are settings for Node.
 */
export function parsePackageJson(bytes: Uint8Array, place: ModulePlace): Facts {
  const manifest = readObject(bytes);
  if (manifest === null) return place.isModule ? { problems: [unreadable(place.folder)] } : {};
  const { name, version } = manifest;
  if (!place.isModule && !isCopy(manifest, place)) return {};
  // A folder without a name in its manifest is no package: npm itself says "invalid" and goes on.
  if (!isWord(name)) return {};
  const licenses = licensesOf(manifest);
  const fact: PackageFact = {
    ecosystem: "npm",
    name,
    version: isWord(version) ? version : "",
    ...(licenses.length > 0 && { licenses }),
    kind: "installed",
  };
  return { packages: [fact], ...(fact.version === "" && { problems: [unversioned(name)] }) };
}

function isCopy({ name, version, private: isPrivate }: Manifest, place: ModulePlace): boolean {
  if (!isWord(name) || !isWord(version) || isPrivate === true) return false;
  return place.unpackedIn === undefined ? name !== place.folder : isUnpacked(name, version, place.unpackedIn);
}

/** Folders that name a release: `NAME-VERSION`, `NAME-vVERSION`, `NAME@VERSION`, `NAME/VERSION`, `@scope/name`. */
function isUnpacked(name: string, version: string, folders: string): boolean {
  if (name.startsWith("@") && folders === name) return true;
  const plain = name.slice(name.lastIndexOf("/") + 1);
  const forms = ["-", "-v", "@", "/", "/v"].map((between) => `/${plain}${between}${version}`);
  return forms.some((form) => `/${folders}`.endsWith(form));
}

type Manifest = Readonly<Record<string, unknown>>;

function readObject(bytes: Uint8Array): Manifest | null {
  try {
    const value: unknown = JSON.parse(decodeText(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Manifest) : null;
  } catch {
    return null; // said by the caller, with the folder's name
  }
}

/** `license: "MIT"`, `license: {type}`, `licenses: [{type}]` (the last two are of old). */
function licensesOf({ license, licenses }: Manifest): string[] {
  const said = [license, ...(Array.isArray(licenses) ? licenses.slice(0, 20) : [licenses])].map((one) => {
    const name: unknown = typeof one === "object" && one !== null && "type" in one ? one.type : one;
    return typeof name === "string" ? name.trim().slice(0, 200) : "";
  });
  return [...new Set(said.filter((name) => name !== ""))].sort();
}

function unreadable(folder: string): Problem {
  return {
    level: "incomplete",
    code: "package-file-unreadable",
    message: "package.json is not a JSON object: this module's version is unknown",
    next: "install the module again",
    package: folder,
  };
}

function unversioned(name: string): Problem {
  return { level: "warning", code: "package-version-unknown", message: "package.json names no version", package: name };
}
