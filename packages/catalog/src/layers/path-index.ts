import { folderOf, foldersAbove } from "./paths.ts";

/** Values by path, which also knows the folders above them. */
export interface PathIndex<V> extends Iterable<readonly [path: string, value: V]> {
  readonly size: number;
  get(path: string): V | undefined;
  has(path: string): boolean;
  values(): V[];
  set(path: string, value: V): void;
  delete(path: string): boolean;
  /** Whether a path lies in the folder, however deep. */
  hasBelow(folder: string): boolean;
  /** Paths that lie in any of the folders, however deep. */
  below(folders: ReadonlySet<string>): string[];
}

/** Starts an empty index. Setting and deleting cost a step for each folder above; asking costs one. */
export function pathIndex<V>(): PathIndex<V> {
  const values = new Map<string, V>();
  const counts = new Map<string, number>();
  const count = (path: string, by: 1 | -1): void => {
    for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) {
      const below = (counts.get(folder) ?? 0) + by;
      if (below === 0) counts.delete(folder);
      else counts.set(folder, below);
    }
  };
  return {
    get size() {
      return values.size;
    },
    get: (path) => values.get(path),
    has: (path) => values.has(path),
    values: () => [...values.values()],
    set(path, value) {
      if (!values.has(path)) count(path, 1);
      values.set(path, value);
    },
    delete(path) {
      const isThere = values.delete(path);
      if (isThere) count(path, -1);
      return isThere;
    },
    hasBelow: (folder) => (folder === "" ? values.size > 0 : counts.has(folder)),
    below(folders) {
      if (folders.size === 0) return [];
      if (folders.has("")) return [...values.keys()];
      return [...values.keys()].filter((path) => foldersAbove(path).some((folder) => folders.has(folder)));
    },
    [Symbol.iterator]: () => values[Symbol.iterator](),
  };
}
