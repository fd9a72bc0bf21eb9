import { folderOf } from "./paths.ts";

/** Paths kept compactly: one string of names a folder, because a layer can hold hundreds of thousands of them. */
export interface NameIndex {
  add(path: string): void;
  /** Folder → its names, `/`-separated, in the order the folders were first met. */
  entries(): (readonly [folder: string, names: string])[];
}

/** Names held apart until there are enough for one flat string; V8 keeps each small join, and each slice, at many times its length. */
const held = 32;

/** Starts an empty index. Names that come grouped by folder, as archives list them, cost least. */
export function nameIndex(): NameIndex {
  const folders = new Map<string, Names>();
  let folder: string | null = null;
  let names: Names = { flat: "", last: [] };
  return {
    add(path) {
      const parent = folderOf(path);
      if (parent !== folder) {
        folder = parent;
        names = folders.get(parent) ?? { flat: "", last: [] };
        folders.set(parent, names);
      }
      names.last.push(path.slice(parent === "" ? 0 : parent.length + 1));
      if (names.last.length >= held) flatten(names);
    },
    entries: () => [...folders].map(([path, all]) => [path, flatten(all)] as const),
  };
}

interface Names {
  flat: string;
  last: string[];
}

function flatten(names: Names): string {
  if (names.last.length > 0) {
    const joined = names.last.join("/");
    names.flat = names.flat === "" ? joined : `${names.flat}/${joined}`;
    names.last = [];
  }
  return names.flat;
}
