import type { Package } from "@plimsoll/model";
import { distroMatcher } from "./distro/matcher.ts";
import { goToolchainMatcher } from "./go-toolchain/matcher.ts";
import { languageMatcher } from "./language/matcher.ts";
import type { Matcher } from "./matcher.ts";

/** Every matcher, the more special first: the only file that knows all of them. */
export const matchers = [distroMatcher, goToolchainMatcher, languageMatcher] as const satisfies readonly Matcher[];

/** The matcher that speaks for a package; `null` for files of an OS package, whose distro speaks for the whole (truth 10). */
export function matcherOf(pkg: Package): Matcher | null {
  if (pkg.ownedBy !== undefined) return null;
  return matchers.find((matcher) => matcher.appliesTo(pkg)) ?? null;
}
