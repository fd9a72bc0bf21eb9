import { readNatural } from "./natural.ts";
import { defineScheme } from "./scheme.ts";
import { compareTokens, type Token } from "./tokens.ts";

/** A release sorts after all of its pre-releases: this stands in their place. */
const released: Token = { rank: 3, value: 0 };
export const semverEnd: Token = { rank: 0, value: 0 };

/** Every piece starts with its own separator (a pre-release without `-` starts with a letter): linear. */
const grammar = /^[v=]*(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([\w.-]+)|([A-Za-z][\w.-]*))?(?:\+\S+)?$/;

/**
 * Semantic versions as npm, Cargo and GitHub's advisories write them: SemVer 2.0.0 order, build metadata ignored.
 * Reads also a leading `v` or `=`, leading zeros, `1.2.3beta` (node-semver's loose form) and missing parts (`1.0` is 1.0.0).
 */
export const semver = defineScheme<readonly Token[]>("semver", {
  read: readSemver,
  compare: (a, b) => compareTokens(a, b, semverEnd),
});

/** Sort key of a semantic version, to be compared with {@link semverEnd}; `null` when it is none. */
export function readSemver(text: string): readonly Token[] | null {
  const match = grammar.exec(text);
  if (match === null) return null;
  const [, major = "0", minor = "0", patch = "0", dashed, loose] = match;
  const labels = readLabels(dashed ?? loose);
  if (labels === null) return null;
  return [...[major, minor, patch].map((digits) => ({ rank: 2, value: readNatural(digits) })), ...labels];
}

function readLabels(text: string | undefined): readonly Token[] | null {
  if (text === undefined) return [released];
  const labels = text.split(".");
  return labels.some((label) => !/^[0-9A-Za-z-]+$/.test(label)) ? null : labels.map(labelToken);
}

function labelToken(label: string): Token {
  return /^\d+$/.test(label) ? { rank: 1, value: readNatural(label) } : { rank: 2, value: label };
}
