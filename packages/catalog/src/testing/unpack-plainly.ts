import type { FakeEntry } from "./fake-source.ts";

/** A name in an unpacked tree. Symlink targets are absolute. */
export type Node =
  | { readonly kind: "file"; readonly text: string }
  | { readonly kind: "folder" }
  | { readonly kind: "symlink"; readonly target: string };

/** Unpacks a layer over a tree as a container engine does, one name after the other: slow, and simple enough to be believed. */
export function unpackPlainly(below: ReadonlyMap<string, Node>, layer: readonly FakeEntry[]): Map<string, Node> {
  const tree = new Map(below);
  // Folders with an entry of their own come first in our layers, as in any real archive, then the marks.
  for (const entry of layer)
    if ("path" in entry && entry.path.endsWith("/")) placeFolder(tree, entry.path.slice(0, -1));
  for (const entry of layer) applyMark(tree, entry);
  for (const entry of layer) if ("path" in entry && !entry.path.endsWith("/")) placeFile(tree, entry);
  return tree;
}

type Tree = Map<string, Node>;

function placeFolder(tree: Tree, written: string): void {
  const path = walkTo(tree, written);
  if ((tree.get(path)?.kind ?? "folder") !== "folder") remove(tree, path);
  tree.set(path, { kind: "folder" });
}

function applyMark(tree: Tree, mark: FakeEntry): void {
  if ("whiteout" in mark) remove(tree, walkTo(tree, mark.whiteout));
  if ("opaque" in mark) removeBelow(tree, walkTo(tree, `${mark.opaque}/x`).slice(0, -2));
}

function placeFile(tree: Tree, entry: Extract<FakeEntry, { path: string }>): void {
  const path = walkTo(tree, entry.path);
  remove(tree, path);
  if ("symlink" in entry) tree.set(path, { kind: "symlink", target: entry.symlink });
  else if ("body" in entry) tree.set(path, { kind: "file", text: String(entry.body) });
}

/** Follows symlinks in the folders of a path and makes the folders that are missing. */
function walkTo(tree: Tree, path: string): string {
  const segments = path.split("/");
  const last = segments.pop() ?? "";
  let folder = "";
  for (const segment of segments) folder = stepInto(tree, joined(folder, segment));
  return joined(folder, last);
}

function stepInto(tree: Tree, path: string): string {
  const node = tree.get(path);
  if (node?.kind === "symlink") return walkTo(tree, `${node.target.slice(1)}/x`).slice(0, -2);
  if (node?.kind === "file") remove(tree, path);
  tree.set(path, { kind: "folder" });
  return path;
}

function remove(tree: Tree, path: string): void {
  tree.delete(path);
  removeBelow(tree, path);
}

function removeBelow(tree: Tree, folder: string): void {
  for (const path of [...tree.keys()]) if (path.startsWith(`${folder}/`)) tree.delete(path);
}

function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
