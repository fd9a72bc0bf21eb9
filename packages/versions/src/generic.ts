import { readNatural } from "./natural.ts";
import { defineScheme } from "./scheme.ts";
import { compareTokens, type Token } from "./tokens.ts";

const preReleaseWords: readonly (readonly string[])[] = [
  ["dev", "snapshot", "nightly"],
  ["alpha"],
  ["beta"],
  ["milestone", "preview", "pre"],
  ["rc"],
];
const ranks = { preRelease: 0, end: 1, word: 2, number: 3 } as const;
const end: Token = { rank: ranks.end, value: 0 };

/**
 * Natural order for software that follows no scheme of its own: numbers by value, pre-release words before the
 * release, other words (`1.0.2a`) after it, separators and case ignored, trailing zeros without weight.
 */
export const generic = defineScheme<readonly Token[]>("generic", {
  read(text) {
    const parts = text
      .toLowerCase()
      .replace(/^v(?=\d)/, "")
      .match(/\d+|[a-z]+/g);
    return parts === null || !parts.some((part) => /^\d/.test(part)) ? null : withoutIdleZeros(parts.map(token));
  },
  compare: (a, b) => compareTokens(a, b, end),
});

function token(part: string): Token {
  if (/^\d/.test(part)) return { rank: ranks.number, value: readNatural(part) };
  const stage = preReleaseWords.findIndex((words) => words.includes(part));
  return stage < 0 ? { rank: ranks.word, value: part } : { rank: ranks.preRelease, value: stage };
}

/** Zeros before a word or the end: 1.0 equals 1, and 1.0-rc1 equals 1-rc1. */
function withoutIdleZeros(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  for (const next of [...tokens].reverse()) {
    const before = kept.at(-1);
    const idle = next.rank === ranks.number && next.value === 0 && before?.rank !== ranks.number;
    if (!idle) kept.push(next);
  }
  return kept.reverse();
}
