import type { TreeFile } from "./file-tree.ts";

/** Name of the OS package (with arch where its database names it) that owns a path; `null` when none does. */
export type OwnerOf = (path: string) => string | null;

/**
 * Joins the ownership lists of a tree. Databases name files as they were packed (`lib/…`) while the files lie where
 * folder symlinks point (`usr/lib/…`): both sides are resolved, and merged-usr names are tried when the symlink itself
 * is not in the tree (a layer scanned alone).
 */
export function ownersIn(files: Iterable<TreeFile>, resolve: (path: string) => string): OwnerOf {
  const owners = new Map<string, string>();
  for (const { found } of files) {
    for (const { facts } of found) {
      for (const { owner, paths } of facts.owns ?? []) {
        for (const path of paths) owners.set(resolve(path), owner);
      }
    }
  }
  return (path) => owners.get(path) ?? owners.get(mergedUsrAlias(path)) ?? null;
}

function mergedUsrAlias(path: string): string {
  return path.startsWith("usr/") ? path.slice(4) : `usr/${path}`;
}
