import type { Problem } from "@plimsoll/model";
import type { Facts } from "../cataloger.ts";

/** What one cataloger read in one file. */
export interface Evidence {
  readonly path: string;
  readonly cataloger: string;
  readonly facts: Facts;
}

/** A hard link that catalogers want although its body travelled under another name. */
export interface UnreadLink {
  readonly path: string;
  /** Path of the body within the same layer. */
  readonly target: string;
  readonly catalogers: readonly string[];
}

/** All that one layer says, whatever lies below it: a serialisable document (truth 3). Paths are as the layer writes them. */
export interface LayerFacts {
  readonly schemaVersion: 1;
  readonly evidence: readonly Evidence[];
  readonly whiteouts: readonly string[];
  readonly opaque: readonly string[];
  readonly symlinks: readonly (readonly [path: string, target: string])[];
  /** Folders with an entry of their own: they replace a symlink or file of that path. Parent → names. */
  readonly folders: readonly (readonly [folder: string, names: string])[];
  /** Everything else: each hides a lower folder or file of that path. Folder → names. */
  readonly files: readonly (readonly [folder: string, names: string])[];
  /** Not yet read; empty after the second pass. */
  readonly unreadLinks: readonly UnreadLink[];
  /** What the source could not read, no evidence file concerned. */
  readonly problems: readonly Problem[];
}
