import { closeSync, constants, openSync, readdirSync, readSync } from "node:fs";

/**
 * All of a file of settings; of a longer one its first `limit` + 1 bytes. Read at once, because it is small and scans wait
 * for it, and never waiting for who is behind a pipe. Throws what the file system throws.
 */
export function readSettings(path: string, limit: number): Buffer {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const room = Buffer.allocUnsafeSlow(limit + 1);
    let filled = 0;
    for (let got = -1; got !== 0 && filled < room.length; filled += got) {
      got = readSync(fd, room, filled, room.length - filled, null);
    }
    return room.subarray(0, filled);
  } finally {
    closeSync(fd);
  }
}

/** Names in a folder, in order; `null` when there is none that can be read. */
export function namesIn(folder: string): readonly string[] | null {
  try {
    return readdirSync(folder).sort();
  } catch {
    return null;
  }
}
