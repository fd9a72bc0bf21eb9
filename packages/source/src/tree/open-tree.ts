import { resolve } from "node:path";
import { defaultLimits, type Limits } from "@plimsoll/kit";
import type { OpenedTree } from "../entry.ts";
import { sourceError } from "../errors.ts";
import { normalPath } from "../tar/tar-path.ts";
import { type TreeWalk, walkTree } from "./walk-tree.ts";

/** Where a host keeps its packages (spec 11.3), relative to its root. */
export const hostFolders: readonly string[] = [
  "bin",
  "etc",
  "lib/apk/db",
  "sbin",
  "usr/bin",
  "usr/lib",
  "usr/lib64",
  "usr/local",
  "usr/sbin",
  "usr/share",
  "var/lib/cloud",
  "var/lib/dpkg",
  "var/lib/google",
  "var/lib/rpm",
  "var/lib/toolbox",
];

/** A folder and everything below it. Throws TREE_UNREADABLE when walked, if it is none. */
export function openDirectory(path: string, limits: Limits = defaultLimits): OpenedTree {
  return treeOf("directory", path, { root: resolve(path), folders: [""], oneFileSystem: false, limits });
}

export interface HostOptions {
  /** Where the host's file system is mounted; default `/`. */
  readonly root?: string;
  /** Shown to people. */
  readonly name: string;
  /** Folders beside {@link hostFolders}, absolute on the host. */
  readonly additionalDirs?: readonly string[];
  readonly limits?: Limits;
}

/** The running host, or one mounted below a root: its package databases and the folders where software lies, other file systems left out. Throws INVALID_DIRECTORY. */
export function openHost(options: HostOptions): OpenedTree {
  const more = (options.additionalDirs ?? []).map((path) => {
    const folder = normalPath(path);
    if (folder === null) throw sourceError("INVALID_DIRECTORY", { fields: { path } });
    return folder;
  });
  const folders = [...new Set([...hostFolders, ...more])];
  const root = resolve(options.root ?? "/");
  return treeOf("host", options.name, { root, folders, oneFileSystem: true, limits: options.limits ?? defaultLimits });
}

function treeOf(kind: "directory" | "host", name: string, walk: TreeWalk): OpenedTree {
  return {
    kind: "tree",
    source: { kind, transport: kind === "host" ? "host" : "dir", name },
    walk: (visitor, options) => walkTree(walk, visitor, options ?? {}),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
