import type { VersionScheme } from "@plimsoll/model";
import { apk } from "./apk.ts";
import { composer } from "./composer.ts";
import { deb } from "./deb.ts";
import { gem } from "./gem.ts";
import { generic } from "./generic.ts";
import { go } from "./go.ts";
import { maven } from "./maven.ts";
import { nuget } from "./nuget.ts";
import { pep440 } from "./pep440.ts";
import { rpm } from "./rpm.ts";
import type { ParsedVersion, SchemeModule } from "./scheme.ts";
import { semver } from "./semver.ts";

/** The one table of version schemes. */
const byScheme = {
  deb,
  rpm,
  apk,
  semver,
  go,
  pep440,
  gem,
  maven,
  nuget,
  composer,
  generic,
} as const satisfies Readonly<Record<VersionScheme, SchemeModule>>;

/** Every version scheme's module. */
export const schemeModules: readonly SchemeModule[] = Object.values(byScheme);

/** The module of a scheme. */
export function schemeModule(scheme: VersionScheme): SchemeModule {
  return byScheme[scheme];
}

/** Reads a version once for many comparisons; `null` when the scheme cannot read it (over 1024 characters included). */
export function parseVersion(scheme: VersionScheme, text: string): ParsedVersion | null {
  return byScheme[scheme].parse(text);
}

/** Total order of two versions of one scheme: negative, zero or positive. Throws a TypeError when the schemes differ. */
export function compareParsed(a: ParsedVersion, b: ParsedVersion): number {
  return byScheme[a.scheme].compare(a, b);
}

/** Order of two version texts: negative, zero or positive; `null` when the scheme cannot read one of them. */
export function compareVersions(scheme: VersionScheme, a: string, b: string): number | null {
  const left = parseVersion(scheme, a);
  const right = parseVersion(scheme, b);
  return left === null || right === null ? null : compareParsed(left, right);
}

/** The latest of the versions as published; `null` when there is none or one of them cannot be read (then nobody knows). */
export function maxVersion(scheme: VersionScheme, versions: readonly string[]): string | null {
  return sorted(scheme, versions)?.at(-1)?.text ?? null;
}

/** The earliest of the versions; `null` like {@link maxVersion}. */
export function minVersion(scheme: VersionScheme, versions: readonly string[]): string | null {
  return sorted(scheme, versions)?.[0]?.text ?? null;
}

/** The earliest candidate not before `floor`; `null` when there is none or a text cannot be read. */
export function lowestAtLeast(scheme: VersionScheme, floor: string, candidates: readonly string[]): string | null {
  const bound = parseVersion(scheme, floor);
  if (bound === null) return null;
  return sorted(scheme, candidates)?.find((version) => compareParsed(version, bound) >= 0)?.text ?? null;
}

function sorted(scheme: VersionScheme, versions: readonly string[]): ParsedVersion[] | null {
  const parsed: ParsedVersion[] = [];
  for (const text of versions) {
    const version = parseVersion(scheme, text);
    if (version === null) return null;
    parsed.push(version);
  }
  // Texts decide between equal versions, so that the answer does not depend on the order given.
  return parsed.sort((a, b) => compareParsed(a, b) || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
}
