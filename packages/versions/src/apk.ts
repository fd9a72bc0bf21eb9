import { readNatural } from "./natural.ts";
import { defineScheme } from "./scheme.ts";
import { compareTokens, type Token } from "./tokens.ts";

/** What may stand at one place of a version, lowest first. */
const ranks = {
  preSuffix: 0,
  end: 1,
  revision: 2,
  hash: 3,
  suffixNumber: 4,
  postSuffix: 5,
  letter: 6,
  letterNumber: 7,
  /** After a dot with a leading zero: compared as text and below every other number. */
  zeroDigits: 8,
  digits: 9,
} as const;

const preSuffixes = ["alpha", "beta", "pre", "rc"];
const postSuffixes = ["cvs", "svn", "git", "hg", "p"];

const grammar = /^(\d+)((?:\.\d+)*)(?:([a-z])(\d*))?((?:_[a-z]+\d*)*)(?:~([0-9a-f]+))?(?:-r(\d+))?$/;

/**
 * Alpine versions: digits, one letter, `_suffix[n]`…, `~hash`, `-rN` (apk-package(5), apk-tools 3). Numbers after
 * the first dot that start with 0 compare as text, like Gentoo's. Digits behind the letter (opensmtpd's 6.6.4p1) are
 * outside that grammar but published; they compare by value.
 */
export const apk = defineScheme<readonly Token[]>("apk", {
  read(text) {
    const match = grammar.exec(text);
    if (match === null) return null;
    const [, first = "", more = "", letter = "", letterNumber = "", suffixes = "", hash, revision] = match;
    const suffixTokens = readSuffixes(suffixes);
    if (suffixTokens === null) return null;
    return [
      { rank: ranks.digits, value: readNatural(first) },
      ...more.split(".").slice(1).map(digitToken),
      ...(letter === "" ? [] : [{ rank: ranks.letter, value: letter }]),
      ...(letterNumber === "" ? [] : [{ rank: ranks.letterNumber, value: readNatural(letterNumber) }]),
      ...suffixTokens,
      ...(hash === undefined ? [] : [{ rank: ranks.hash, value: hash }]),
      ...(revision === undefined ? [] : [{ rank: ranks.revision, value: readNatural(revision) }]),
    ];
  },
  compare: (a, b) => compareTokens(a, b, end),
});

const end: Token = { rank: ranks.end, value: 0 };

function digitToken(digits: string): Token {
  if (digits.startsWith("0")) return { rank: ranks.zeroDigits, value: digits };
  return { rank: ranks.digits, value: readNatural(digits) };
}

function readSuffixes(text: string): Token[] | null {
  const tokens: Token[] = [];
  for (const [, word = "", digits = ""] of text.matchAll(/_([a-z]+)(\d*)/g)) {
    const suffix = suffixToken(word);
    if (suffix === null) return null;
    tokens.push(suffix);
    if (digits !== "") tokens.push({ rank: ranks.suffixNumber, value: readNatural(digits) });
  }
  return tokens;
}

function suffixToken(word: string): Token | null {
  const before = preSuffixes.indexOf(word);
  if (before >= 0) return { rank: ranks.preSuffix, value: before };
  const after = postSuffixes.indexOf(word);
  return after < 0 ? null : { rank: ranks.postSuffix, value: after };
}
