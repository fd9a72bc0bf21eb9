/**
 * Orders two lists by the first place where they differ; the shorter one has `undefined` where it has ended, and `compare`
 * says how that stands to an item. Negative, zero or positive.
 */
export function compareInTurn<T>(
  a: readonly T[],
  b: readonly T[],
  compare: (a: T | undefined, b: T | undefined) => number,
): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const order = compare(a[at], b[at]);
    if (order !== 0) return order;
  }
  return 0;
}
