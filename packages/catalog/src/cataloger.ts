import type { Limits } from "@plimsoll/kit";
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
  /** The file says which distribution this is; the higher `rank` wins (os-release over older files), a finer release number of the same distribution refines it. */
  readonly distro?: { readonly rank: number; readonly value: Distro };
  /** Files that an OS package owns (dpkg info/*.list, apk F:/R: lines): package name (with arch where the database names it) → paths without leading slash. */
  readonly owns?: readonly { readonly owner: string; readonly paths: readonly string[] }[];
  /** Licences of an installed OS package, told outside its database (Debian copyright files). */
  readonly licenses?: { readonly owner: string; readonly names: readonly string[] };
  /** Without a path of their own they get the file's. */
  readonly problems?: readonly Problem[];
}

/** Finds packages in files. One folder each under `src/`, one line in `catalogers.ts`. */
export interface Cataloger {
  /** Printed with every package as foundBy; kebab-case. */
  readonly name: string;
  /** Bump when output changes: part of the cache key. */
  readonly version: number;
  readonly tags: readonly ("os" | "language" | "installed" | "declared")[];
  /** Cheap test on path, type and mode; called for every file of every layer. A hard link carries no size, so no least size may be asked. */
  select(entry: Entry): Wish;
  /** For files selected as "head": whether these first bytes of that path are one of mine. */
  claims?(head: Uint8Array, path: string): boolean;
  /** What the mere presence of an entry says that is no folder, symlink or hard link; for what need not or cannot be read. */
  seen?(entry: Entry): Facts | null;
  /** Where its tools look for the database it reads: a link that leads from there to where nothing is read is told. */
  readonly places?: readonly string[];
  /** Pure: the file's bytes → facts of this one layer. Never throws for bad content: returns Problems. */
  parse(file: CatalogFile, limits: Limits): Facts;
}
