import type { LayerFacts } from "./layer-facts.ts";
import { folderOf, foldersAbove, nameOf, resolvePath } from "./paths.ts";

/** What a layer does to the tree below it. */
export interface LayerShape {
  /** Whether the layer removes or replaces the lower file of this (resolved) path. */
  hides(path: string): boolean;
}

/**
 * Works out a layer's shape against the symlinks of the tree below, and takes those it hides out of `symlinks`.
 * Order as container engines unpack: a folder with an entry of its own replaces a symlink of that name first, so that
 * an opaque mark inside it says nothing about where the symlink pointed (overlayfs marks such folders opaque).
 */
export function layerShape(layer: LayerFacts, symlinks: Map<string, string>): LayerShape {
  replaceSymlinks(layer, symlinks);
  const whiteouts = new Set(layer.whiteouts.map((path) => resolvePath(path, symlinks)));
  const opaque = new Set(layer.opaque.map((folder) => resolveFolder(folder, symlinks)));
  const isGone: Test = (path) => whiteouts.has(path);
  const byWhiteout = hider({ self: isGone, above: (path) => isGone(path) || opaque.has(path), all: opaque.has("") });
  removeHidden(symlinks, byWhiteout);
  const folders = placeNames(layer.folders, symlinks);
  const files = placeNames(layer.files, symlinks);
  const implied = impliedFolders([...folders.keys(), ...files.keys()]);
  const isFile: Test = (path) => holds(files, path);
  const byEntry = hider({ self: (path) => isFile(path) || holds(folders, path) || implied.has(path), above: isFile });
  // A folder that is only implied was written through the symlink, and leaves it.
  removeHidden(symlinks, hider({ self: isFile, above: isFile }));
  return { hides: (path) => byWhiteout(path) || byEntry(path) };
}

type Test = (path: string) => boolean;

/** `self` is asked about the path, `above` about each folder above it (answers remembered: siblings share them). */
function hider({ self, above, all = false }: { self: Test; above: Test; all?: boolean }): Test {
  const known = new Map<string, boolean>();
  const hidesFolder: Test = (folder) => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const answer = above(folder) || foldersAbove(folder).some(above);
    known.set(folder, answer);
    return answer;
  };
  return (path) => {
    const folder = folderOf(path);
    return all || self(path) || (folder !== "" && hidesFolder(folder));
  };
}

function removeHidden(symlinks: Map<string, string>, hides: Test): void {
  for (const path of symlinks.keys()) {
    if (hides(path)) symlinks.delete(path);
  }
}

/** Parents come first in an archive, so each folder is resolved against the symlinks its parents left. */
function replaceSymlinks(layer: LayerFacts, symlinks: Map<string, string>): void {
  if (symlinks.size === 0) return;
  for (const [folder, names] of layer.folders) {
    for (const name of names.split("/")) symlinks.delete(resolvePath(joined(folder, name), symlinks));
  }
}

function placeNames(index: LayerFacts["files"], symlinks: ReadonlyMap<string, string>): Map<string, string> {
  const placed = new Map<string, string>();
  for (const [folder, names] of index) {
    const where = resolveFolder(folder, symlinks);
    const before = placed.get(where);
    placed.set(where, before === undefined ? names : `${before}/${names}`);
  }
  return placed;
}

function impliedFolders(folders: readonly string[]): Set<string> {
  const implied = new Set<string>();
  for (const folder of folders) {
    for (let above = folder; above !== "" && !implied.has(above); above = folderOf(above)) implied.add(above);
  }
  return implied;
}

function resolveFolder(folder: string, symlinks: ReadonlyMap<string, string>): string {
  return folderOf(resolvePath(joined(folder, "x"), symlinks));
}

function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

function holds(index: ReadonlyMap<string, string>, path: string): boolean {
  const names = index.get(folderOf(path));
  if (names === undefined) return false;
  const name = nameOf(path);
  // Cheap look first: nearly all questions are answered by it.
  return names.includes(name) && `/${names}/`.includes(`/${name}/`);
}
