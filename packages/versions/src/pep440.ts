import { readNatural } from "./natural.ts";
import { defineScheme } from "./scheme.ts";
import { compareTokens, type Token } from "./tokens.ts";

const grammar = new RegExp(
  [
    /^v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)/,
    /(?:[-_.]?(?<preWord>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<preNumber>\d+)?)?/,
    /(?:-(?<implicitPost>\d+)|(?<post>[-_.]?(?:post|rev|r)[-_.]?(?<postNumber>\d+)?))?/,
    /(?<dev>[-_.]?dev[-_.]?(?<devNumber>\d+)?)?/,
    /(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/,
  ]
    .map((part) => part.source)
    .join(""),
);

type Groups = Readonly<Record<string, string | undefined>>;

const preRanks: Readonly<Record<string, number>> = { a: 2, alpha: 2, b: 3, beta: 3, c: 4, rc: 4, pre: 4, preview: 4 };
/** Above everything that may follow the release: 1.0.1 is later than 1.0 with any suffix. */
const releaseRank = 9;
const localEnd: Token = { rank: 0, value: 0 };

/** Python versions (PEP 440, "Summary of permitted suffixes and relative ordering"); legacy versions that it does not define are unreadable. */
export const pep440 = defineScheme<readonly Token[]>("pep440", {
  read(text) {
    const groups = grammar.exec(text.toLowerCase())?.groups;
    if (groups === undefined) return null;
    return [
      { rank: releaseRank, value: readNatural(groups.epoch ?? "0") },
      ...releaseTokens(groups.release ?? ""),
      preToken(groups),
      postToken(groups),
      groups.dev === undefined ? { rank: 1, value: 0 } : { rank: 0, value: readNatural(groups.devNumber ?? "0") },
      ...localTokens(groups.local),
    ];
  },
  compare: (a, b) => compareTokens(a, b, localEnd),
});

function releaseTokens(release: string): Token[] {
  const tokens = release.split(".").map((digits) => ({ rank: releaseRank, value: readNatural(digits) }));
  while (tokens.at(-1)?.value === 0) tokens.pop();
  return tokens;
}

/** A bare development release (`1.0.dev1`) comes before the pre-releases; no pre-release comes after them. */
function preToken(groups: Groups): Token {
  const { preWord, preNumber, implicitPost, post, dev } = groups;
  if (preWord !== undefined) return { rank: preRanks[preWord] ?? 4, value: readNatural(preNumber ?? "0") };
  const devOnly = dev !== undefined && implicitPost === undefined && post === undefined;
  return { rank: devOnly ? 1 : 5, value: 0 };
}

function postToken({ implicitPost, post, postNumber }: Groups): Token {
  if (implicitPost === undefined && post === undefined) return { rank: 0, value: 0 };
  return { rank: 1, value: readNatural(implicitPost ?? postNumber ?? "0") };
}

function localTokens(local: string | undefined): Token[] {
  if (local === undefined) return [];
  return local
    .split(/[-_.]/)
    .map((part) => (/^\d+$/.test(part) ? { rank: 2, value: readNatural(part) } : { rank: 1, value: part }));
}
