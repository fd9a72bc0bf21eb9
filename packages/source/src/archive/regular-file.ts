import { type BigIntStats, closeSync, constants, fstatSync, openSync, read, readSync } from "node:fs";
import { messageOf } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";

/** Read at once; two such buffers serve one reader. */
const readBytes = 512 * 1024;

/** A regular file opened for reading at any place. */
export interface RegularFile extends AsyncDisposable {
  readonly path: string;
  readonly size: number;
  /** For threads of this process, as long as the file is open. */
  readonly fd: number;
  /** Bytes `start`…`start + length`. Throws FILE_SHRANK when the file ends before. */
  read(start: number, length: number): Promise<Buffer>;
  /** Fills `target` at once, waiting in this thread: for many short reads, each of which would cost more than the bytes. Throws FILE_SHRANK. */
  readNow(target: Buffer, start: number): void;
  /** The same bytes piece by piece; each piece is good until the next is asked for. */
  chunks(start: number, length: number): AsyncGenerator<Uint8Array, void, undefined>;
  /** Whether nobody has written to it since it was opened, as far as its times tell. */
  isUnchanged(): Promise<boolean>;
}

/** A part of an open file. */
export interface FileSpan {
  readonly file: RegularFile;
  readonly start: number;
  readonly length: number;
}

/** Opens a file, never waiting on a pipe or a device. Throws FILE_NOT_FOUND, NOT_A_FILE, FILE_UNREADABLE. */
export async function openRegularFile(path: string): Promise<RegularFile> {
  const fd = openHere(path);
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (!stats.isFile()) throw sourceError("NOT_A_FILE", { fields: { path } });
    return fileOf({ fd, path }, stats);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function openHere(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw openError(path, cause);
  }
}

/** What went wrong when a path was opened, in our words. */
export function openError(path: string, cause: unknown): Error {
  const code = cause instanceof Error && "code" in cause ? cause.code : "";
  if (code === "ENOENT" || code === "ENOTDIR") return sourceError("FILE_NOT_FOUND", { fields: { path }, cause });
  if (code === "ENXIO" || code === "EISDIR") return sourceError("NOT_A_FILE", { fields: { path }, cause });
  return sourceError("FILE_UNREADABLE", { fields: { path, reason: messageOf(cause) }, cause });
}

/** An open file; -1 once it is closed, because a number that is free again may soon be another file's. */
interface Opened {
  fd: number;
  readonly path: string;
}

function fileOf(opened: Opened, stats: BigIntStats): RegularFile {
  const { path } = opened;
  const size = Number(stats.size);
  const underWay = new Set<Promise<Buffer>>();
  const fill = (target: Buffer, start: number): Promise<Buffer> => {
    const filling = fillFrom(opened, target, start);
    underWay.add(filling);
    const done = (): void => void underWay.delete(filling);
    filling.then(done, done);
    return filling;
  };
  return {
    path,
    size,
    get fd() {
      return opened.fd;
    },
    readNow(target, start) {
      for (let filled = 0; filled < target.length; ) {
        const bytes = readSync(opened.fd, target, filled, target.length - filled, start + filled);
        if (bytes === 0) throw sourceError("FILE_SHRANK", { fields: { path } });
        filled += bytes;
      }
    },
    read: (start, length) => fill(Buffer.allocUnsafe(length), start),
    chunks: (start, length) => chunksOf(fill, start, length),
    async isUnchanged() {
      const now = fstatSync(opened.fd, { bigint: true });
      return now.size === stats.size && now.mtimeNs === stats.mtimeNs && now.ctimeNs === stats.ctimeNs;
    },
    async [Symbol.asyncDispose]() {
      const { fd } = opened;
      if (fd === -1) return;
      opened.fd = -1;
      await Promise.allSettled(underWay);
      closeSync(fd);
    },
  };
}

async function fillFrom(opened: Opened, target: Buffer, start: number): Promise<Buffer> {
  for (let filled = 0; filled < target.length; ) {
    const bytes = await readAt(opened.fd, target.subarray(filled), start + filled);
    if (bytes === 0) throw sourceError("FILE_SHRANK", { fields: { path: opened.path } });
    filled += bytes;
  }
  return target;
}

function readAt(fd: number, target: Buffer, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, target, 0, target.length, position, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
  });
}

type Fill = (target: Buffer, start: number) => Promise<Buffer>;

/** Reads ahead by one buffer while the other is in use. */
async function* chunksOf(fill: Fill, start: number, length: number): AsyncGenerator<Uint8Array, void, undefined> {
  const size = Math.min(readBytes, length);
  const buffers = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)] as const;
  const end = start + length;
  const ask = (at: number, turn: number): Promise<Buffer> | null => {
    const want = Math.min(size, end - at);
    const asked = want <= 0 ? null : fill((turn % 2 === 0 ? buffers[0] : buffers[1]).subarray(0, want), at);
    // Awaited one turn later; until then a failure must not count as unhandled.
    asked?.catch(() => undefined);
    return asked;
  };
  let pending = ask(start, 0);
  try {
    for (let turn = 1; pending !== null; turn++) {
      const chunk: Buffer = await pending;
      start += chunk.length;
      pending = ask(start, turn);
      yield chunk;
    }
  } finally {
    await pending?.catch(() => undefined);
  }
}
