import type { LayerFacts } from "./layer-facts.ts";
import type { PathIndex } from "./path-index.ts";
import { folderOf, resolvePath, type Symlinks } from "./paths.ts";

/** What a layer does to the tree below it. */
export interface LayerShape {
  /** Paths of the tree below that the layer removes or replaces. */
  hiddenIn(tree: PathIndex<unknown>): Set<string>;
}

/**
 * Works out a layer's shape against the symlinks of the tree below, and takes those it hides out of `symlinks`.
 * Order as container engines unpack: a folder with an entry of its own replaces a symlink of that name first, so that
 * an opaque mark inside it says nothing about where the symlink pointed (overlayfs marks such folders opaque).
 */
export function layerShape(layer: LayerFacts, symlinks: PathIndex<string>): LayerShape {
  replaceSymlinks(layer, symlinks);
  const whiteouts = layer.whiteouts.map((path) => resolvePath(path, symlinks));
  const opaque = layer.opaque.map((folder) => resolveFolder(folder, symlinks));
  const byMarks = (tree: PathIndex<unknown>): string[] => [
    ...whiteouts.filter((path) => tree.has(path)),
    ...tree.below(new Set([...whiteouts, ...opaque].filter((path) => tree.hasBelow(path)))),
  ];
  for (const path of byMarks(symlinks)) symlinks.delete(path);
  const files = placeNames(layer.files, symlinks);
  const folders = placeNames(layer.folders, symlinks);
  // Folders only implied were written through the symlinks of their name, and leave them.
  for (const path of hiddenByFiles(files, symlinks)) symlinks.delete(path);
  const implied = impliedFolders([...files.keys(), ...folders.keys()]);
  return {
    hiddenIn(tree) {
      if (tree.size === 0) return new Set();
      // A folder, also one only implied by what lies in it, hides a file of its name.
      const replacedByFolders = [...implied, ...sharedNames(folders, tree)].filter((path) => tree.has(path));
      return new Set([...byMarks(tree), ...hiddenByFiles(files, tree), ...replacedByFolders]);
    },
  };
}

/** Folder (resolved) → names in it. */
type Names = ReadonlyMap<string, string>;

/** A file hides a file of its name, and all that lies in a folder of its name. */
function hiddenByFiles(files: Names, tree: PathIndex<unknown>): string[] {
  const hidden: string[] = [];
  const replaced = new Set<string>();
  for (const path of sharedNames(files, tree)) {
    if (tree.has(path)) hidden.push(path);
    if (tree.hasBelow(path)) replaced.add(path);
  }
  return [...hidden, ...tree.below(replaced)];
}

function impliedFolders(folders: readonly string[]): Set<string> {
  const implied = new Set<string>();
  for (const folder of folders) {
    for (let above = folder; above !== "" && !implied.has(above); above = folderOf(above)) implied.add(above);
  }
  return implied;
}

/** Names in folders that the tree has something in: the others cannot matter, and are most. */
function sharedNames(names: Names, tree: PathIndex<unknown>): string[] {
  return [...names].flatMap(([folder, list]) =>
    tree.hasBelow(folder) ? list.split("/").map((name) => joined(folder, name)) : [],
  );
}

/** Parents come first in an archive, so each folder is resolved against the symlinks its parents left. */
function replaceSymlinks(layer: LayerFacts, symlinks: PathIndex<string>): void {
  if (symlinks.size === 0) return;
  for (const [folder, names] of layer.folders) {
    for (const name of names.split("/")) symlinks.delete(resolvePath(joined(folder, name), symlinks));
  }
}

function placeNames(index: LayerFacts["files"], symlinks: Symlinks): Names {
  const placed = new Map<string, string>();
  for (const [folder, names] of index) {
    const where = resolveFolder(folder, symlinks);
    const before = placed.get(where);
    placed.set(where, before === undefined ? names : `${before}/${names}`);
  }
  return placed;
}

function resolveFolder(folder: string, symlinks: Symlinks): string {
  return folderOf(resolvePath(joined(folder, "x"), symlinks));
}

function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
