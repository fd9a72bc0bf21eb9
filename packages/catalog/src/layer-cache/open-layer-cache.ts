import { lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Clock, type Log, messageOf } from "@plimsoll/kit";
import { mostEntryBytes, readWhole, writeWhole } from "./cache-file.ts";
import { fileOf, isOurs } from "./cache-names.ts";
import type { LayerCache } from "./layer-cache.ts";
import { diskBytes, sweep } from "./sweep.ts";
import { countBytes, markSwept } from "./sweep-mark.ts";

export interface LayerCacheOptions {
  /** Made when first written to, for the user alone. */
  readonly folder: string;
  /** Names the program: what another one kept is not found. */
  readonly revision: string;
  /** Bytes of disk it may take; default {@link defaultCacheBytes}. */
  readonly bytes?: number;
  /** Real time; ms. */
  readonly now: Clock;
  readonly log: Log;
}

/** 1 GiB: some thousand images. */
export const defaultCacheBytes = 2 ** 30;

const notOurs = "it is not a folder of this user alone";

/** After this long a folder is swept when written to, however little came since; ms. */
const sweepMs = 3_600_000;

/**
 * A cache in a folder: a file for each entry, written beside its place and renamed, so that any number of processes may
 * use it and be killed at any time. A damaged file is a missing one. The folder is used only while it is a real folder
 * of this user that nobody else can write to. What was used longest ago goes first. The first failure is one line of
 * the debug log, and ends its use.
 */
export function openLayerCache(options: LayerCacheOptions): LayerCache {
  const { folder, revision, log, now } = options;
  let isUsable: boolean | null = null;
  const guarded = <T>(work: () => T): T | null => {
    if (isUsable === false) return null;
    try {
      isUsable ??= isOwnFolder(folder);
      if (isUsable) return work();
      log.debug("layer cache not used", { folder, why: notOurs });
    } catch (error) {
      isUsable = false;
      log.debug("layer cache not used", { folder, why: messageOf(error) });
    }
    return null;
  };
  return {
    get: (key) => guarded(() => readWhole(join(folder, fileOf(revision, key)), now())),
    keep(entries) {
      guarded(() => {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        // Somebody else may have been faster.
        if (!isOwnFolder(folder)) throw new Error(notOurs);
        let written = 0;
        for (const [key, bytes] of entries) {
          if (bytes.length > mostEntryBytes) continue;
          writeWhole(join(folder, fileOf(revision, key)), bytes);
          written += diskBytes(bytes.length + 100);
        }
        bound(written, options);
      });
    },
  };
}

/** Sweeps when a sixteenth of the bound came since the last time, and once an hour; leaves room for what comes until the next. */
function bound(written: number, { folder, bytes: most = defaultCacheBytes, now: clock }: LayerCacheOptions): void {
  const now = clock();
  const mark = countBytes(folder, written);
  const isRecent = mark !== null && Math.abs(now - mark.sweptAt) < sweepMs;
  if (isRecent && mark.bytesSince < most / 16) return;
  sweep(folder, { bytes: most - most / 8, now });
  markSwept(folder, now);
}

/** Removes the cache's own files and, when nothing else is in it, its folder. Follows no link. Throws what the file system throws. */
export function clearLayerCache(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  const names = readdirSync(folder, { withFileTypes: true });
  const ours = names.filter((entry) => isOurs(entry.name) && !entry.isDirectory());
  for (const { name } of ours) rmSync(join(folder, name), { force: true });
  if (ours.length === names.length) rmdirSync(folder);
}

/** A folder that is not there yet will be ours. */
function isOwnFolder(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return true;
  const isMine = process.getuid === undefined || stats.uid === process.getuid();
  return stats.isDirectory() && isMine && (stats.mode & 0o022) === 0;
}
