import { formatReference, type ImageReference, readReference } from "@plimsoll/model";
import { sourceError } from "../errors.ts";
import type { RegistryRule } from "./registries-conf.ts";

/** Where an image is asked for. */
export interface RegistryPlace {
  readonly registry: string;
  readonly repository: string;
  /** http and untrusted certificates are allowed. */
  readonly isInsecure: boolean;
  /** Not the registry itself: credentials given for that are none of its business. */
  readonly isMirror: boolean;
}

/**
 * Where to ask for an image, in this order: mirrors, then its registry (containers-registries.conf(5); rules for a
 * single tag are not followed). Throws REGISTRY_BLOCKED, REGISTRIES_CONF_INVALID.
 */
export function placesOf(reference: ImageReference, rules: readonly RegistryRule[]): readonly RegistryPlace[] {
  const { registry, repository } = reference;
  const own = { registry, repository, isInsecure: false, isMirror: false };
  const rule = ruleFor(reference, rules);
  if (rule === null) return [own];
  if (rule.isBlocked) throw sourceError("REGISTRY_BLOCKED", { fields: { name: formatReference(reference) } });
  const kind = reference.digest === null ? "tag" : "digest";
  const rest = restOf(reference, rule);
  const mirrors = rule.mirrors
    .filter(({ serves }) => serves === "all" || serves === kind)
    .map(({ location, isInsecure }) => ({ ...placeAt(location, rest), isInsecure, isMirror: true }));
  const main = rule.location === "" ? own : placeAt(rule.location, rest);
  return [...mirrors, { ...main, isInsecure: rule.isInsecure, isMirror: false }];
}

/** The rule with the longest prefix; any that names the host beats a wildcard. */
function ruleFor({ registry, repository }: ImageReference, rules: readonly RegistryRule[]): RegistryRule | null {
  const name = `${registry}/${repository}`;
  const host = registry.replace(/:\d+$/, "");
  const fits = ({ prefix }: RegistryRule): boolean =>
    isWildcard(prefix) ? host.endsWith(prefix.slice(1)) : name === prefix || name.startsWith(`${prefix}/`);
  const rank = ({ prefix }: RegistryRule): number => prefix.length - (isWildcard(prefix) ? 10_000 : 0);
  return rules.filter(fits).toSorted((a, b) => rank(b) - rank(a))[0] ?? null;
}

function isWildcard(prefix: string): boolean {
  return prefix.startsWith("*.");
}

/** The name behind the prefix. */
function restOf({ registry, repository }: ImageReference, { prefix }: RegistryRule): string {
  return isWildcard(prefix) ? repository : `${registry}/${repository}`.slice(prefix.length + 1);
}

function placeAt(location: string, rest: string): Pick<RegistryPlace, "registry" | "repository"> {
  const name = rest === "" ? location : `${location}/${rest}`;
  const slash = name.indexOf("/");
  // The first part of a location is a host, also one that no reference could name.
  const registry = name.slice(0, slash);
  const read = isHost(registry) ? readReference(`host.invalid/${name.slice(slash + 1)}`) : null;
  if (read === null || typeof read === "string") {
    const fields = { path: "registries.conf", reason: `${location.slice(0, 200)} is no place for images` };
    throw sourceError("REGISTRIES_CONF_INVALID", { fields });
  }
  return { registry, repository: read.repository };
}

/** Whether an address can be made of it that leads there and nowhere else: no user, no port beyond 65,535. */
function isHost(text: string): boolean {
  const url = URL.parse(`https://${text}`);
  return url !== null && url.href === `https://${url.host}/` && !/\s/.test(text);
}
