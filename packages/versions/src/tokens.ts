import { compareInTurn } from "./in-turn.ts";
import type { Natural } from "./natural.ts";

/** One step of a version's sort key: rank decides first; equal ranks always carry the same type of value. */
export interface Token {
  readonly rank: number;
  readonly value: Natural | string;
}

/**
 * Lexicographic order of two token lists. A list that ends is read as if `end` stood there, so a scheme can place
 * the end below numbers and above pre-release words. Negative, zero or positive.
 */
export function compareTokens(a: readonly Token[], b: readonly Token[], end: Token): number {
  return compareInTurn(a, b, (one = end, other = end) => compareToken(one, other));
}

function compareToken(a: Token, b: Token): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.value === b.value) return 0;
  return a.value < b.value ? -1 : 1;
}
