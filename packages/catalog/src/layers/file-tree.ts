import type { Facts } from "../cataloger.ts";
import type { LayerFacts } from "./layer-facts.ts";
import { type LayerShape, layerShape } from "./layer-shape.ts";
import { resolvePath } from "./paths.ts";

/** An evidence file as it stands in the tree, with all its catalogers' facts. */
export interface TreeFile {
  /** Without symlinks in its folders. */
  readonly path: string;
  /** Position of the layer that wrote it. */
  readonly layer: number;
  readonly found: readonly { readonly cataloger: string; readonly facts: Facts }[];
}

/** The squashed tree while layers are laid on it, lowest first; it knows evidence files and symlinks only. */
export interface FileTree {
  readonly files: ReadonlyMap<string, TreeFile>;
  /** Lays the next layer on top (OCI image-spec layer.md, "Applying Changesets": its whiteouts hide only what lies below it). */
  apply(layer: LayerFacts, index: number): void;
  /** The path with every symlink in its folders followed. */
  resolve(path: string): string;
}

/** Starts an empty tree. */
export function fileTree(): FileTree {
  const files = new Map<string, TreeFile>();
  const symlinks = new Map<string, string>();
  const resolve = (path: string): string => resolvePath(path, symlinks);
  return {
    files,
    resolve,
    apply(layer, index) {
      const shape = layerShape(layer, symlinks);
      removeHidden(files, shape);
      for (const [path, target] of layer.symlinks) symlinks.set(resolve(path), target);
      const byPath = Map.groupBy(layer.evidence, ({ path }) => path);
      for (const [written, found] of byPath) {
        const path = resolve(written);
        files.set(path, { path, layer: index, found });
      }
    },
  };
}

function removeHidden(files: Map<string, TreeFile>, shape: LayerShape): void {
  for (const path of files.keys()) {
    if (shape.hides(path)) files.delete(path);
  }
}
