import {
  appendFileSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { markName, newPart } from "./cache-names.ts";

/** Bytes of entries for which one byte is put behind the mark: less is lost than is worth counting. */
const unitBytes = 16 * 1024;
const dateLength = "0000000000000\n".length;

/** What the mark says: when the folder was last swept, and how many bytes came since. */
export interface SweepMark {
  readonly sweptAt: number;
  readonly bytesSince: number;
}

/** Adds what came to the mark, and reads it; `null` when there is none yet. Appending is one step, whoever else does. */
export function countBytes(folder: string, bytes: number): SweepMark | null {
  const path = join(folder, markName);
  let file: number;
  try {
    file = openSync(path, constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    appendFileSync(file, ".".repeat(Math.ceil(bytes / unitBytes)));
    const date = Buffer.alloc(dateLength);
    readSync(file, date, 0, dateLength, 0);
    const sweptAt = /^\d{13}\n$/.test(date.toString("latin1")) ? Number(date.toString("latin1")) : Number.NaN;
    return { sweptAt, bytesSince: (fstatSync(file).size - dateLength) * unitBytes };
  } finally {
    closeSync(file);
  }
}

/** Starts the mark anew. */
export function markSwept(folder: string, now: number): void {
  const part = join(folder, newPart());
  try {
    writeFileSync(part, `${String(Math.floor(now)).padStart(13, "0")}\n`, { flag: "wx", mode: 0o600 });
    renameSync(part, join(folder, markName));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
