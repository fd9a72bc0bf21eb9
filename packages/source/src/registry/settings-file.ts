import { closeSync, constants, openSync, readdirSync, readSync, statSync } from "node:fs";
import { open } from "node:fs/promises";

/**
 * All of a file of settings; of a longer one its first `limit` + 1 bytes. A pipe is read until its writer ends, as shells make
 * one of `<(command)`. Throws what the file system throws.
 */
export async function readSettings(path: string, limit: number): Promise<Buffer> {
  if (statSync(path).isFile()) return readPlain(path, limit);
  // Beside this thread: whoever waits can still be stopped.
  await using file = await open(path);
  const room = Buffer.allocUnsafeSlow(limit + 1);
  let filled = 0;
  for (let got = -1; got !== 0 && filled < room.length; filled += got) {
    got = (await file.read(room, filled, room.length - filled, null)).bytesRead;
  }
  return room.subarray(0, filled);
}

/** The same of what is a plain file, at once: it is small, and scans wait for it. Waits for nobody behind a pipe. */
export function readPlain(path: string, limit: number): Buffer {
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
