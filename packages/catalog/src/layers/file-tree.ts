import type { Facts } from "../cataloger.ts";
import type { LayerFacts } from "./layer-facts.ts";
import { layerShape } from "./layer-shape.ts";
import { type PathIndex, pathIndex } from "./path-index.ts";
import { folderOf, foldersAbove, resolvePath } from "./paths.ts";

/** An evidence file as it stands in the tree, with all its catalogers' facts. */
export interface TreeFile {
  /** Without symlinks in its folders. */
  readonly path: string;
  /** Position of the layer that wrote it. */
  readonly layer: number;
  readonly found: readonly { readonly cataloger: string; readonly facts: Facts }[];
}

/** What a layer did to the evidence below it. */
export interface TreeChange {
  /** Gone, or replaced by one of {@link added}. */
  readonly removed: readonly TreeFile[];
  readonly added: readonly TreeFile[];
}

/** The squashed tree while layers are laid on it, lowest first; it knows evidence files and symlinks only. */
export interface FileTree {
  readonly files: PathIndex<TreeFile>;
  /** Lays the next layer on top (OCI image-spec layer.md, "Applying Changesets": its whiteouts hide only what lies below it). */
  apply(layer: LayerFacts, index: number): TreeChange;
  /** The path with every symlink in its folders followed. */
  resolve(path: string): string;
  /** The path with every symlink followed, the last one too; "" where they go round. */
  follow(path: string): string;
}

/** Starts an empty tree. */
export function fileTree(): FileTree {
  const files = pathIndex<TreeFile>();
  const symlinks = pathIndex<string>();
  const resolve = (path: string): string => resolvePath(path, symlinks);
  return {
    files,
    resolve,
    follow(path) {
      const place = resolve(`${path}/.`);
      if (place !== `${path}/.`) return folderOf(place);
      return [path, ...foldersAbove(path)].some((name) => symlinks.has(name)) ? "" : path;
    },
    apply(layer, index) {
      const shape = layerShape(layer, symlinks);
      const removed = [...shape.hiddenIn(files)].flatMap((path) => files.get(path) ?? []);
      for (const { path } of removed) files.delete(path);
      for (const [path, target] of layer.symlinks) symlinks.set(resolve(path), target);
      const added = new Map<string, TreeFile>();
      for (const [written, found] of Map.groupBy(layer.evidence, ({ path }) => path)) {
        const path = resolve(written);
        // Not hidden above when the layer names it by another symlink than its folders'.
        const below = added.has(path) ? undefined : files.get(path);
        if (below !== undefined) removed.push(below);
        const file: TreeFile = { path, layer: index, found };
        added.set(path, file);
        files.set(path, file);
      }
      return { removed, added: [...added.values()] };
    },
  };
}
