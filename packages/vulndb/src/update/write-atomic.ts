import { open, rename, rm } from "node:fs/promises";

/** Writes a file whole or not at all: beside it first, flushed to disk, then renamed over it. */
export async function writeAtomic(path: string, content: string): Promise<void> {
  const part = `${path}.new`;
  try {
    const file = await open(part, "w", 0o644);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
