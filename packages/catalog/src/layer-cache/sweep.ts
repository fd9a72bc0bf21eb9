import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isEntry, isPart } from "./cache-names.ts";

/** Bytes a file system takes from a disk at a time. */
const blockBytes = 4096;

/** Age of a part at which whoever wrote it is gone; ms. */
const partMs = 3_600_000;

interface Held {
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: number;
}

/** Bytes of disk that a file of `size` bytes takes. */
export function diskBytes(size: number): number {
  return Math.ceil(size / blockBytes) * blockBytes;
}

/**
 * Removes what killed writers left behind, and the entries used longest ago until the rest takes at most `bytes`.
 * Several processes may sweep at once: what one finds gone is gone.
 */
export function sweep(folder: string, { bytes, now }: { readonly bytes: number; readonly now: number }): void {
  const names = readdirSync(folder);
  const parts = heldIn(folder, names.filter(isPart));
  const abandoned = new Set(parts.filter(({ usedAt }) => Math.abs(now - usedAt) > partMs));
  for (const { path } of abandoned) remove(path);
  const entries = heldIn(folder, names.filter(isEntry)).sort((a, b) => a.usedAt - b.usedAt);
  const all = [...entries, ...parts.filter((part) => !abandoned.has(part))];
  let total = all.reduce((sum, held) => sum + held.bytes, 0);
  for (const entry of entries) {
    if (total <= bytes) return;
    remove(entry.path);
    total -= entry.bytes;
  }
}

function heldIn(folder: string, names: readonly string[]): Held[] {
  return names.flatMap((name) => {
    const path = join(folder, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || stats.isDirectory()) return [];
    return [{ path, bytes: diskBytes(stats.size), usedAt: stats.mtimeMs }];
  });
}

function remove(path: string): void {
  rmSync(path, { force: true });
}
