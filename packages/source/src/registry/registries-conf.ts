import { join } from "node:path";
import { messageOf } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import { itemsOf, type JsonObject, objectOf, textOf, textsOf } from "../image/json.ts";
import { namesIn, readSettings } from "./settings-file.ts";

/** One `[[registry]]` of registries.conf. */
export interface RegistryRule {
  /** `host[:port][/path…]` or `*.host` */
  readonly prefix: string;
  /** What stands instead of the prefix; `""`: the name stays. */
  readonly location: string;
  readonly isInsecure: boolean;
  readonly isBlocked: boolean;
  /** In the order in which they are tried. */
  readonly mirrors: readonly Mirror[];
}

export interface Mirror {
  readonly location: string;
  readonly isInsecure: boolean;
  /** For which references it serves. */
  readonly serves: "all" | "digest" | "tag";
}

const longest = 1024 * 1024;

/**
 * Reads containers' registries.conf (version 2) and the files of the folder `PATH.d` behind it, of which the later wins
 * for a prefix (containers-registries.conf.d(5)). What does not exist is empty. Throws REGISTRIES_CONF_INVALID.
 */
export async function readRegistriesConf(path: string): Promise<readonly RegistryRule[]> {
  const folder = `${path}.d`;
  const names = (namesIn(folder) ?? []).filter((name) => name.endsWith(".conf"));
  const paths = [path, ...names.map((name) => join(folder, name))];
  const rules = new Map<string, RegistryRule>();
  for (const one of paths) for (const rule of await readOne(one)) rules.set(rule.prefix, rule);
  return [...rules.values()];
}

async function readOne(path: string): Promise<readonly RegistryRule[]> {
  const text = await readSmall(path);
  // Most files name no registry, and the reader of TOML need not be loaded for them.
  if (!/^[ \t]*\[\[[ \t]*["']?registry/m.test(text)) return [];
  const { parse } = await import("smol-toml");
  try {
    return registryRulesOf(parse(text));
  } catch (cause) {
    throw invalid(path, messageOf(cause).split("\n", 1)[0] ?? "", cause);
  }
}

/** The rules of a parsed registries.conf; tables without prefix and location are left out. */
export function registryRulesOf(document: JsonObject): readonly RegistryRule[] {
  return itemsOf(document.registry).flatMap((item) => {
    const table = objectOf(item) ?? {};
    const location = trimmed(table.location);
    const prefix = trimmed(table.prefix) || location;
    const byDigest = table["mirror-by-digest-only"] === true;
    const mirrors = itemsOf(table.mirror).flatMap((mirror) => mirrorOf(objectOf(mirror) ?? {}, byDigest));
    const isInsecure = table.insecure === true;
    return prefix === "" ? [] : [{ prefix, location, isInsecure, isBlocked: table.blocked === true, mirrors }];
  });
}

function mirrorOf(table: JsonObject, byDigest: boolean): readonly Mirror[] {
  const location = trimmed(table.location);
  const told = textOf(table["pull-from-mirror"]);
  const serves = byDigest || told === "digest-only" ? "digest" : told === "tag-only" ? "tag" : "all";
  return location === "" ? [] : [{ location, isInsecure: table.insecure === true, serves }];
}

/** Without slashes at the end. */
function trimmed(value: unknown): string {
  return textOf(value).replace(/(?<!\/)\/+$/, "");
}

/** docker's daemon.json: `registry-mirrors` serve Docker Hub, `insecure-registries` need no certificate. What does not exist is empty. Throws REGISTRIES_CONF_INVALID. */
export async function readDaemonJson(path: string): Promise<readonly RegistryRule[]> {
  const text = await readSmall(path);
  if (text.trim() === "") return [];
  try {
    return daemonRulesOf(objectOf(JSON.parse(text)) ?? {});
  } catch (cause) {
    throw invalid(path, "it is not JSON", cause);
  }
}

/** The rules of a parsed daemon.json. */
export function daemonRulesOf(document: JsonObject): readonly RegistryRule[] {
  const mirrors = textsOf(document["registry-mirrors"]).flatMap((address): Mirror[] => {
    const url = URL.parse(address);
    const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
    if (url === null || !isWeb) return [];
    const location = trimmed(`${url.host}${url.pathname}`);
    return [{ location, isInsecure: url.protocol === "http:", serves: "all" }];
  });
  const hub = { prefix: "docker.io", location: "docker.io", isInsecure: false, isBlocked: false, mirrors };
  const insecure = textsOf(document["insecure-registries"]).filter((host) => !host.includes("/"));
  return [
    ...(mirrors.length > 0 ? [hub] : []),
    ...insecure.map((host) => ({ prefix: host, location: host, isInsecure: true, isBlocked: false, mirrors: [] })),
  ];
}

/** The text of a file; `""` when there is none, or none that we may read. */
async function readSmall(path: string): Promise<string> {
  try {
    const bytes = await readSettings(path, longest);
    if (bytes.length > longest) throw invalid(path, `it has more than ${longest} bytes`);
    return bytes.toString("utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(code)) return "";
    if (code === "REGISTRIES_CONF_INVALID") throw cause;
    throw invalid(path, messageOf(cause), cause);
  }
}

function invalid(path: string, reason: string, cause?: unknown): Error {
  return sourceError("REGISTRIES_CONF_INVALID", { fields: { path, reason }, cause });
}
