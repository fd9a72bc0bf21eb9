import type { Problem } from "@plimsoll/model";
import type { LayerRead, LayerVisitor } from "@plimsoll/source";
import { evidenceStore, type ReadLayerOptions } from "./evidence-store.ts";
import type { LayerFacts } from "./layer-facts.ts";
import { linkStore } from "./link-store.ts";
import { nameIndex } from "./name-index.ts";

/** Reads one layer (or tree) through its {@link visitor}; {@link facts} says what was found once the pass is over. */
export interface LayerReader {
  readonly visitor: LayerVisitor;
  facts(): LayerFacts;
  /** What the source said at the layer's end; `null` before, and when it was not read to its end. */
  read(): LayerRead | null;
}

/** Starts reading a layer: asks every cataloger about every file, parses bodies at once and keeps only facts. */
export function readLayer(options: ReadLayerOptions): LayerReader {
  const evidence = evidenceStore(options);
  const links = linkStore(options.catalogers, evidence);
  const files = nameIndex();
  const folders = nameIndex();
  const symlinks = new Map<string, string>();
  const whiteouts: string[] = [];
  const opaque: string[] = [];
  const problems: Problem[] = [];
  let read: LayerRead | null = null;
  const visitor: LayerVisitor = {
    entry(entry) {
      if (entry.type === "directory") {
        folders.add(entry.path);
        return "ignore";
      }
      files.add(entry.path);
      // The last entry of a name wins within an archive.
      symlinks.delete(entry.path);
      evidence.forget(entry.path);
      links.forget(entry.path);
      if (entry.type === "symlink") symlinks.set(entry.path, entry.linkTarget ?? "");
      if (entry.type === "hardlink") links.add(entry);
      if (entry.type === "other") evidence.odd(entry);
      return entry.type === "file" ? evidence.wish(entry) : "ignore";
    },
    claims: (entry, head) => evidence.claims(entry, head),
    body: (entry, bytes) => evidence.body(entry, bytes),
    whiteout: (path, isOpaque) => void (isOpaque ? opaque : whiteouts).push(path),
    problem: (problem) => void problems.push(problem),
    end(result) {
      read = result;
    },
  };
  return {
    visitor,
    read: () => read,
    facts: () => ({
      schemaVersion: 1,
      evidence: evidence.list(),
      whiteouts,
      opaque,
      symlinks: [...symlinks],
      folders: folders.entries(),
      files: files.entries(),
      unreadLinks: links.list(),
      problems,
    }),
  };
}
