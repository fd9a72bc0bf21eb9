import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CacheOptions, KnowledgeOptions } from "./options.ts";
import type { World } from "./world.ts";

/** Where things lie on this machine. */
export interface Places {
  /** The database file. */
  readonly database: string;
  /** Downloads of feeds, from which the database is built. */
  readonly feeds: string;
  /** The unpacked starter knowledge, which can be made again at any time. */
  readonly starter: string;
  /** What layers hold, which can be read again at any time. */
  readonly layers: string;
}

/**
 * `--dbpath` names a folder, or the database file itself, `--cachepath` the folder of what can be made again; default of
 * both: `$XDG_CACHE_HOME/plimsoll`, else `~/.cache/plimsoll`.
 */
export function placesOf(
  { dbpath, cachepath }: Pick<KnowledgeOptions & CacheOptions, "dbpath" | "cachepath">,
  world: World,
): Places {
  const xdg = world.env.XDG_CACHE_HOME;
  const home = join(xdg?.startsWith("/") ? xdg : join(world.homeFolder, ".cache"), "plimsoll");
  const given = dbpath === undefined ? home : resolve(dbpath);
  const isFile = statSync(given, { throwIfNoEntry: false })?.isFile() === true;
  const folder = isFile ? join(given, "..") : given;
  const cache = cachepath === undefined ? home : resolve(cachepath);
  return {
    database: isFile ? given : join(folder, "vulndb.sqlite"),
    feeds: join(folder, "feeds"),
    starter: join(cache, "starter"),
    layers: join(cache, "layers"),
  };
}
