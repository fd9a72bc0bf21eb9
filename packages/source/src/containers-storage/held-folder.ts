import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { resolveWithin } from "../tree/resolve-within.ts";

/** Folders deep; more than any path limit allows to be useful. */
const deepest = 256;

interface Held {
  readonly name: string;
  readonly fd: number;
}

/**
 * A folder held open, whose files are opened segment by segment from what is already open: whatever is renamed or
 * linked meanwhile, nothing outside is ever reached. Names are bytes, written as latin1 text. Linux only (`/proc/self/fd`).
 */
export class HeldFolder implements Disposable {
  readonly #path: string;
  readonly #root: number;
  /** Folders of the file opened last: the next mostly lies beside it. */
  readonly #stack: Held[] = [];

  /** Throws what opening a folder throws. */
  constructor(path: string) {
    this.#path = path;
    this.#root = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  }

  /**
   * Descriptor of a regular file; close it. A link on the way to it below `base` is followed as if `base` were `/`.
   * Throws what opening throws; code ENOTREG for what is no regular file.
   */
  open(path: string, base: string | null = null): number {
    try {
      return this.#open(path);
    } catch (error) {
      if (base === null || !isLink(error)) throw error;
      const below = Buffer.from(path.slice(base.length + 1), "latin1").toString("utf8");
      const real = resolveWithin(join(this.#path, base), below);
      if (real === null) throw error;
      return this.#open(`${base}/${Buffer.from(real, "utf8").toString("latin1")}`);
    }
  }

  [Symbol.dispose](): void {
    this.#keep(0);
    closeSync(this.#root);
  }

  #open(path: string): number {
    const segments = path.split("/");
    const name = segments.pop() ?? "";
    if (segments.length > deepest) throw withCode("ENAMETOOLONG");
    const shared = segments.findIndex((segment, index) => this.#stack[index]?.name !== segment);
    this.#keep(shared < 0 ? segments.length : shared);
    for (const segment of segments.slice(this.#stack.length)) {
      this.#stack.push({ name: segment, fd: this.#openIn(segment, constants.O_DIRECTORY) });
    }
    const fd = this.#openIn(name, constants.O_NONBLOCK);
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
    throw withCode("ENOTREG");
  }

  #openIn(name: string, flags: number): number {
    if (name === "" || name === "." || name === ".." || name.includes("\0")) throw withCode("EINVAL");
    const parent = this.#stack.at(-1)?.fd ?? this.#root;
    const path = Buffer.concat([Buffer.from(`/proc/self/fd/${parent}/`), Buffer.from(name, "latin1")]);
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | flags);
  }

  #keep(count: number): void {
    for (const { fd } of this.#stack.splice(count)) closeSync(fd);
  }
}

/** Opening a link without following it: ELOOP, and ENOTDIR where a folder was asked for. */
function isLink(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ELOOP" || error.code === "ENOTDIR");
}

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}
