/** Keys that were seen lately. */
export interface RecentKeys {
  has(key: string): boolean;
  add(keys: Iterable<string>): void;
}

/** Keeps up to `most` keys: those that were asked for or added since half of that came, and the half before them. */
export function recentKeys(most: number): RecentKeys {
  let young = new Set<string>();
  let old = young;
  const keep = (key: string): void => {
    if (young.size >= most / 2) {
      old = young;
      young = new Set();
    }
    young.add(key);
  };
  return {
    has: (key) => {
      if (young.has(key)) return true;
      const isOld = old.has(key);
      if (isOld) keep(key);
      return isOld;
    },
    add: (keys) => {
      for (const key of keys) keep(key);
    },
  };
}
