import type { Distro, PackageFact, Problem } from "@plimsoll/model";
import type { Entry, Wish } from "@plimsoll/source";

/** A file a cataloger asked for. `path` has no leading slash. */
export interface CatalogFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What one file says, seen alone within its layer. Serialisable: it is what layer caches keep. */
export interface Facts {
  readonly packages?: readonly PackageFact[];
  /** The file says which distribution this is; the higher `rank` wins (os-release over older files). */
  readonly distro?: { readonly rank: number; readonly value: Distro };
  /** Files that an OS package owns (dpkg info/*.list, apk F:/R: lines): package name (with arch where the database names it) → paths without leading slash. */
  readonly owns?: readonly { readonly owner: string; readonly paths: readonly string[] }[];
  readonly problems?: readonly Problem[];
}

/** Finds packages in files. One folder each under `src/`, one line in `catalogers.ts`. */
export interface Cataloger {
  /** Printed with every package as foundBy; kebab-case. */
  readonly name: string;
  /** Bump when output changes: part of the cache key. */
  readonly version: number;
  readonly tags: readonly ("os" | "language" | "installed" | "declared")[];
  /** Cheap test on path, type, size and mode; called for every entry of every layer. */
  select(entry: Entry): Wish;
  /** For files selected as "head": whether these first bytes are one of mine. */
  claims?(head: Uint8Array): boolean;
  /** Pure: the file's bytes → facts of this one layer. Never throws for bad content: returns Problems. */
  parse(file: CatalogFile): Facts;
}
