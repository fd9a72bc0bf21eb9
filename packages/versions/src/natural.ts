/** A whole number of any length, comparable with `<` and `===` after {@link readNatural}. */
export type Natural = number | bigint;

/** Value of a run of ASCII digits; a bigint only where a double would lose digits, so that equal values are identical. */
export function readNatural(digits: string): Natural {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}
