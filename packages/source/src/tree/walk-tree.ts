import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { type Limits, messageOf } from "@plimsoll/kit";
import { type Problem, sortProblems } from "@plimsoll/model";
import { type Entry, type EntryType, headBytes, type LayerVisitor, type ReadOptions } from "../entry.ts";
import { sourceError } from "../errors.ts";
import { ProgressMeter } from "../image/progress-meter.ts";
import { isKernelFileSystem } from "./kernel-file-systems.ts";
import { resolveWithin } from "./resolve-within.ts";

export interface TreeWalk {
  /** Absolute path of the folder that stands for `/`. */
  readonly root: string;
  /** Folders below the root to walk, relative, without slashes at their ends; `[""]` = everything. */
  readonly folders: readonly string[];
  /** Stay on the file system that each of the folders lies on. */
  readonly oneFileSystem: boolean;
  readonly limits: Limits;
}

/** Folders deep: more than any path limit allows to be useful. */
const deepest = 256;

/**
 * Walks files on disk in sorted order as if they were one layer. Links are told, never followed; devices, pipes and
 * sockets are told, never opened; what cannot be read becomes a Problem with its path. Throws TREE_UNREADABLE when the
 * root itself is no folder. Files are read synchronously, which is several times faster for many small ones; other work
 * gets its turn after every folder.
 */
export async function walkTree(walk: TreeWalk, visitor: LayerVisitor, options: ReadOptions): Promise<Problem[]> {
  if (lstatOf(join(walk.root, "."))?.isDirectory() !== true) {
    throw sourceError("TREE_UNREADABLE", { fields: { path: walk.root } });
  }
  const walker = new Walker(walk, visitor, options);
  for (const folder of [...walk.folders].sort()) await walker.start(folder);
  return walker.finish();
}

interface Place {
  readonly device: number;
  readonly depth: number;
}

class Walker {
  readonly #walk: TreeWalk;
  readonly #visitor: LayerVisitor;
  readonly #options: ReadOptions;
  readonly #meter: ProgressMeter;
  readonly #problems: Problem[] = [];
  /** Folders walked already: the listed folders may lie within one another. */
  readonly #seen = new Set<string>();
  #entries = 0;

  constructor(walk: TreeWalk, visitor: LayerVisitor, options: ReadOptions) {
    this.#walk = walk;
    this.#visitor = visitor;
    this.#options = options;
    this.#meter = new ProgressMeter(options.onProgress, { size: null });
  }

  /** Walks one of the listed folders where it really lies (`/lib` is a link on merged systems); one that does not exist is passed over. */
  async start(folder: string): Promise<void> {
    const { root } = this.#walk;
    const path = this.#resolved(folder);
    const stats = path === null ? null : lstatOf(join(root, path));
    if (path === null || stats === null) return;
    const written = lstatOf(join(root, folder));
    if (path !== folder && written?.isSymbolicLink() === true) this.#visit(folder, "symlink");
    if (path !== "") this.#visit(path, typeOfStats(stats));
    if (stats.isDirectory()) await this.#folder(path, { device: stats.dev, depth: 0 });
  }

  #resolved(folder: string): string | null {
    try {
      return resolveWithin(this.#walk.root, folder);
    } catch (error) {
      this.#report("folder-unreadable", `a folder cannot be read (${codeOf(error)})`, folder);
      return null;
    }
  }

  finish(): Problem[] {
    const { layerEntries } = this.#walk.limits;
    if (this.#entries > layerEntries) {
      this.#report("too-many-entries", `only the first ${layerEntries} files were read`, "");
    }
    return sortProblems(this.#problems);
  }

  async #folder(path: string, { device, depth }: Place): Promise<void> {
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    if (depth > deepest || path.length > this.#walk.limits.pathLength) {
      this.#report("path-too-long", "a folder lies too deep and was not read", path);
      return;
    }
    await turn();
    for (const child of this.#children(path)) {
      this.#options.signal?.throwIfAborted();
      if (this.#entries > this.#walk.limits.layerEntries) return;
      const childPath = path === "" ? child.name : `${path}/${child.name}`;
      this.#visit(childPath, typeOfStats(child));
      if (child.isDirectory() && this.#isWalked(childPath, device)) {
        await this.#folder(childPath, { device, depth: depth + 1 });
      }
    }
  }

  #children(path: string): Dirent[] {
    try {
      const children = readdirSync(join(this.#walk.root, path), { withFileTypes: true });
      return children.sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      this.#report("folder-unreadable", `a folder cannot be read (${codeOf(error)})`, path);
      return [];
    }
  }

  /** What is mounted within is part of a folder, but not of a host's own folders, and never when it is the kernel's. */
  #isWalked(path: string, device: number): boolean {
    const full = join(this.#walk.root, path);
    if (lstatOf(full)?.dev === device) return true;
    return !this.#walk.oneFileSystem && !isKernelFileSystem(full);
  }

  #visit(path: string, type: EntryType): void {
    if (++this.#entries > this.#walk.limits.layerEntries) return;
    if (path.length > this.#walk.limits.pathLength)
      return this.#report("path-too-long", "the name of a file is too long", path);
    try {
      if (type === "file") this.#file(path);
      else if (type === "symlink") this.#link(path);
      else this.#visitor.entry({ path, type, size: 0, mode: lstatSync(join(this.#walk.root, path)).mode & 0o7777 });
    } catch (error) {
      if (!isFileSystemError(error)) throw error;
      this.#report("file-unreadable", `a file cannot be read (${codeOf(error)})`, path);
    }
  }

  #link(path: string): void {
    const linkTarget = readlinkSync(join(this.#walk.root, path));
    this.#visitor.entry({ path, type: "symlink", size: 0, mode: 0o777, linkTarget });
  }

  #file(path: string): void {
    const stats = lstatSync(join(this.#walk.root, path));
    if (!stats.isFile()) return;
    const entry: Entry = { path, type: "file", size: stats.size, mode: stats.mode & 0o7777 };
    const wish = this.#visitor.entry(entry);
    if (wish === "ignore") return;
    // Between looking and opening the file may have become a link or a pipe.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = openSync(join(this.#walk.root, path), flags);
    try {
      const opened = fstatSync(file);
      if (opened.isFile()) this.#content({ ...entry, size: opened.size }, file, wish === "head");
    } finally {
      closeSync(file);
    }
  }

  #content(entry: Entry, file: number, headFirst: boolean): void {
    if (headFirst && !this.#visitor.claims(entry, firstBytes(file, Math.min(headBytes, entry.size)))) return;
    const limit = this.#walk.limits.fileBytes;
    if (entry.size > limit) {
      this.#report("file-too-large", `a file of ${entry.size} bytes was not read (limit ${limit})`, entry.path);
      return;
    }
    const body = firstBytes(file, entry.size);
    this.#meter.bytes(body.length);
    this.#visitor.body(entry, body);
  }

  #report(code: string, message: string, path: string): void {
    const problem: Problem = { level: "incomplete", code, message, ...(path !== "" && { path: path.toWellFormed() }) };
    this.#problems.push(problem);
    this.#visitor.problem(problem);
  }
}

/** Up to `length` bytes from the start; fewer when the file is shorter by now. */
function firstBytes(file: number, length: number): Buffer {
  const target = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(file, target, filled, length - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return target.subarray(0, filled);
}

interface Kind {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

function typeOfStats(kind: Kind): EntryType {
  if (kind.isFile()) return "file";
  if (kind.isDirectory()) return "directory";
  return kind.isSymbolicLink() ? "symlink" : "other";
}

function lstatOf(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null; // A folder above it cannot be read, which is told there.
  }
}

/** Errors of the file system name a system call; anything else comes from the visitor. */
function isFileSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : messageOf(error);
}
