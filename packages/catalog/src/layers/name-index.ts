import { folderOf } from "./paths.ts";

/** Paths kept compactly: one string of names a folder, because a layer can hold hundreds of thousands of them. */
export interface NameIndex {
  add(path: string): void;
  /** Folder → its names, `/`-separated, in the order the folders were first met. */
  entries(): (readonly [folder: string, names: string])[];
}

/** Starts an empty index. Names that come grouped by folder, as archives list them, cost least. */
export function nameIndex(): NameIndex {
  const done = new Map<string, string>();
  let folder = "";
  let names: string[] = [];
  const flush = (): void => {
    if (names.length === 0) return;
    const before = done.get(folder);
    const joined = names.join("/");
    done.set(folder, before === undefined ? joined : `${before}/${joined}`);
    names = [];
  };
  return {
    add(path) {
      const parent = folderOf(path);
      if (parent !== folder) {
        flush();
        folder = parent;
      }
      names.push(path.slice(parent === "" ? 0 : parent.length + 1));
    },
    entries() {
      flush();
      return [...done];
    },
  };
}
