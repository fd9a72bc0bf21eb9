import { readNatural } from "./natural.ts";
import { defineScheme } from "./scheme.ts";
import { compareTokens, type Token } from "./tokens.ts";

const grammar = /^\d+(?:\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const wordRank = 0;
const numberRank = 1;
const end: Token = { rank: numberRank, value: 0 };

/** Ruby gem versions (Gem::Version): words are pre-releases, `-` reads as `.pre.`, zeros before a word or the end do not count. */
export const gem = defineScheme<readonly Token[]>("gem", {
  read: (text) => (grammar.test(text) ? canonical(gemSegments(text)) : null),
  compare: (a, b) => compareTokens(a, b, end),
});

/** Runs of digits and runs of letters of a gem version. */
export function gemSegments(text: string): string[] {
  return text.replaceAll("-", ".pre.").match(/\d+|[A-Za-z]+/g) ?? [];
}

function canonical(segments: readonly string[]): readonly Token[] {
  const tokens = segments.map((segment) =>
    /^\d/.test(segment) ? { rank: numberRank, value: readNatural(segment) } : { rank: wordRank, value: segment },
  );
  const firstWord = tokens.findIndex((token) => token.rank === wordRank);
  if (firstWord < 0) return withoutTrailingZeros(tokens);
  return [...withoutTrailingZeros(tokens.slice(0, firstWord)), ...withoutTrailingZeros(tokens.slice(firstWord))];
}

function withoutTrailingZeros(tokens: readonly Token[]): readonly Token[] {
  const last = tokens.findLastIndex((token) => token.value !== 0);
  return tokens.slice(0, last + 1);
}
