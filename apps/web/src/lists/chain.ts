/** How far a list was walked: where each part begins, and how many rows it has. */
export interface Chain {
  readonly listKey: string;
  /** The first begins without one. */
  readonly cursors: readonly (string | undefined)[];
  /** Of the parts that came, whether they are still held or not. */
  readonly lengths: readonly number[];
}

/** Nothing of it is known but that it begins. */
export function beginningOf(listKey: string): Chain {
  return { listKey, cursors: [undefined], lengths: [] };
}

interface Part {
  readonly page: { readonly next?: string };
  readonly data: readonly unknown[];
}

/** The chain with what a part says; what was known beyond it falls away when that continues elsewhere now. */
export function linked(chain: Chain, part: number, came: Part | undefined): Chain {
  if (came === undefined || part > chain.lengths.length) return chain;
  const next = came.page.next;
  const isKnown = chain.lengths[part] === came.data.length && chain.cursors[part + 1] === next;
  if (isKnown) return chain;
  return {
    ...chain,
    cursors: [...chain.cursors.slice(0, part + 1), ...(next === undefined ? [] : [next])],
    lengths: [...chain.lengths.slice(0, part), came.data.length],
  };
}

/** Parts to hold: those in sight, one more on each side, and the next one before its rows are needed. */
export function partsAround(
  { cursors }: Chain,
  { first, last }: { readonly first: number; readonly last: number },
  size: number,
): number[] {
  // What is in sight may still be rows of a longer list, the one before.
  const from = Math.max(0, Math.min(Math.floor(first / size) - 1, cursors.length - 1));
  const to = Math.min(cursors.length - 1, Math.floor((last + size / 2) / size));
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
}
