import { lstatSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { clearLayerCache, type LayerCache, openLayerCache, programRevision } from "@plimsoll/catalog";
import { type Log, messageOf } from "@plimsoll/kit";
import type { DocumentStore } from "@plimsoll/source";
import type { CacheOptions } from "./options.ts";
import { type Places, placesOf } from "./places.ts";
import type { World } from "./world.ts";

/** The cache of this run as the options want it, cleared first where they say so; `null` with `--no-cache`, and for commands that read no source. */
export function openCache(options: Partial<CacheOptions>, world: World, log: Log): LayerCache | null {
  const places = placesOf(options, world);
  if (options.clearcache === true) {
    try {
      clearCaches(places);
    } catch (error) {
      log.warn("cache not cleared", { why: messageOf(error) });
    }
  }
  if (options.cache !== true) return null;
  return openLayerCache({ folder: places.layers, revision: programRevision, now: world.elapsed, log });
}

/** Documents of images in a cache. */
export function documentsIn(cache: LayerCache): DocumentStore {
  const keyOf = (digest: string): string => JSON.stringify(["document", digest]);
  return {
    get: (digest) => cache.get(keyOf(digest)),
    keep: (digest, bytes) => cache.keep(new Map([[keyOf(digest), bytes]])),
  };
}

/** Removes what can be made again: our own files in our own folders, whatever else lies there. Follows no link. */
function clearCaches({ starter, layers }: Places): void {
  clearLayerCache(layers);
  if (lstatSync(starter, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  const names = readdirSync(starter);
  const databases = names.filter((name) => /^starter-\w+\.sqlite$/.test(name));
  for (const name of databases) rmSync(join(starter, name), { force: true });
  if (databases.length === names.length) rmdirSync(starter);
}
