import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  futimesSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { newPart } from "./cache-names.ts";

/** Bytes of one entry; what is larger is neither kept nor read. */
export const mostEntryBytes = 32 * 2 ** 20;

const magic = Buffer.from("plimsoll layer cache 1\n");
const headBytes = magic.length + 32;

/** A file used this long ago is marked as used now; ms. */
const staleMs = 600_000;

/**
 * Reads a file back that {@link writeWhole} wrote; `null` when there is none. One that is not whole, is another's under
 * this name, or is no plain file, is removed and `null` too. Throws what the file system throws.
 */
export function readWhole(path: string, now: number): Buffer | null {
  const found = openPlain(path);
  if (found === null) return null;
  if (found === "unfit") return discard(path);
  try {
    const { size, mtimeMs } = fstatSync(found);
    const bytes = Buffer.allocUnsafeSlow(size);
    for (let filled = 0, got = -1; filled < size && got !== 0; filled += got)
      got = readSync(found, bytes, filled, size - filled, filled);
    const payload = bytes.subarray(headBytes);
    if (!bytes.subarray(0, headBytes).equals(headOf(path, payload))) return discard(path);
    if (Math.abs(now - mtimeMs) > staleMs) futimesSync(found, now / 1000, now / 1000);
    return payload;
  } finally {
    closeSync(found);
  }
}

/** Writes a file so that whoever reads it, whenever, and whatever ends this process, finds all of it or nothing. Throws what the file system throws. */
export function writeWhole(path: string, payload: Uint8Array): void {
  const part = join(dirname(path), newPart());
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = openSync(part, flags, 0o600);
  try {
    try {
      for (const bytes of [headOf(path, payload), payload]) {
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      }
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** The digest covers the name: an entry under another's name is not that one. */
function headOf(path: string, payload: Uint8Array): Buffer {
  return Buffer.concat([magic, createHash("sha256").update(basename(path)).update("\0").update(payload).digest()]);
}

/** Opens without following a link or waiting on a pipe. */
function openPlain(path: string): number | "unfit" | null {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    if (code === "ELOOP" || code === "ENXIO" || code === "EACCES") return "unfit";
    throw error;
  }
  const stats = fstatSync(file);
  if (stats.isFile() && stats.size >= headBytes && stats.size <= headBytes + mostEntryBytes) return file;
  closeSync(file);
  return "unfit";
}

/** A link goes, not what it points to; a folder stays. */
function discard(path: string): null {
  try {
    rmSync(path, { force: true });
  } catch {
    // It cannot be read either way.
  }
  return null;
}
