import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { threadId } from "node:worker_threads";

/** The bytes as a file, for parsers that open one; the next call of the thread writes over it. */
export function scratchFile(bytes: Uint8Array): string {
  const folder = join(tmpdir(), "plimsoll-fuzz");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${process.pid}-${threadId}`);
  writeFileSync(path, bytes);
  return path;
}
