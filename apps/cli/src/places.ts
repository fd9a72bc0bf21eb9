import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { KnowledgeOptions } from "./options.ts";
import type { World } from "./world.ts";

/** Where knowledge lies on this machine. */
export interface Places {
  /** The database file. */
  readonly database: string;
  /** Downloads of feeds, from which the database is built. */
  readonly feeds: string;
  /** What can be made again at any time: the unpacked starter knowledge. */
  readonly cache: string;
}

/** `--dbpath` names a folder, or the database file itself; default `$XDG_CACHE_HOME/plimsoll`, else `~/.cache/plimsoll`. */
export function placesOf({ dbpath, cachepath }: Pick<KnowledgeOptions, "dbpath" | "cachepath">, world: World): Places {
  const xdg = world.env.XDG_CACHE_HOME;
  const home = join(xdg?.startsWith("/") ? xdg : join(world.homeFolder, ".cache"), "plimsoll");
  const given = dbpath === undefined ? home : resolve(dbpath);
  const isFile = statSync(given, { throwIfNoEntry: false })?.isFile() === true;
  const folder = isFile ? join(given, "..") : given;
  return {
    database: isFile ? given : join(folder, "vulndb.sqlite"),
    feeds: join(folder, "feeds"),
    cache: join(cachepath === undefined ? (dbpath === undefined ? home : folder) : resolve(cachepath), "starter"),
  };
}
