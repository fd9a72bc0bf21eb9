import { constants, existsSync, statSync } from "node:fs";
import { access, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, PlimsollError } from "@plimsoll/kit";
import type { Problem, Sbom } from "@plimsoll/model";
import { expiryProblems, type KnowledgeBase, openVulndb, unpackStarter } from "@plimsoll/vulndb";
import { cautiousHttp } from "./cautious-http.ts";
import { isMadeFromDownloads } from "./database-origin.ts";
import type { CacheOptions, KnowledgeOptions, SourceOptions } from "./options.ts";
import { type Places, placesOf } from "./places.ts";
import type { Tools } from "./tools.ts";
import { wantedEcosystems } from "./wanted-ecosystems.ts";

/** Opened knowledge, and what must be said about how it came to be. Dispose it. */
export interface Known extends AsyncDisposable {
  readonly base: KnowledgeBase;
  /** Names what the file holds, on this machine: whatever is written to it, or put in its place, has another name. */
  readonly print: string;
  readonly problems: readonly Problem[];
}

type Options = KnowledgeOptions & Pick<CacheOptions, "cache"> & Pick<SourceOptions, "offlineAnalyzer">;

/**
 * The local database; where there is none, or where earlier scans fetched only what their targets needed, first the feeds
 * that these targets need; else the starter knowledge, and a Problem that says so. Throws what opening throws.
 */
export async function openKnowledge(targets: Sbom | readonly Sbom[], options: Options, tools: Tools): Promise<Known> {
  const places = placesOf(options, tools.world);
  const wanted = [...new Set([targets].flat().flatMap(wantedEcosystems))].sort();
  const problems = await fetchIfUseful(places, { wanted, options, tools });
  if (existsSync(places.database)) return localKnowledge(places, { problems, tools });
  return starterKnowledge(places, { options, problems });
}

function localKnowledge(
  { database }: Places,
  { problems, tools }: { problems: readonly Problem[]; tools: Tools },
): Known {
  const known = knownFrom(database, problems);
  const { origin } = known.base.status;
  const expired = origin === undefined ? [] : expiryProblems(origin, tools.world.clock());
  return { ...known, problems: [...problems, ...expired] };
}

function knownFrom(
  path: string,
  problems: readonly Problem[],
  close: () => Promise<void> = async () => undefined,
): Known {
  // Before it is opened: a file that is put in its place meanwhile is judged by under a name that never comes again.
  const print = printOf(path);
  const base = openVulndb(path);
  return {
    base,
    print,
    problems,
    [Symbol.asyncDispose]: async () => {
      base[Symbol.dispose]();
      await close();
    },
  };
}

/** By what the file system says of it; no write leaves the time of change (ctime) as it was. */
function printOf(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? "" : [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(" ");
}

interface Wish {
  readonly wanted: readonly string[];
  readonly options: Options;
  readonly tools: Tools;
}

async function fetchIfUseful(places: Places, wish: Wish): Promise<readonly Problem[]> {
  const { wanted, options, tools } = wish;
  const mayFetch = !(options.skipGetDatabase || options.offlineAnalyzer || options.standalone);
  if (!mayFetch || wanted.length === 0) return existsSync(places.database) ? [] : [noDatabase];
  const mirror = tools.world.env.PLIMSOLL_DB_URL || null;
  if (mirror === null) return fetchFeeds(places, wish);
  const { takeFromMirror } = await import("./mirror-knowledge.ts");
  return takeFromMirror(mirror, { places, options, tools });
}

async function fetchFeeds(places: Places, { wanted, tools }: Wish): Promise<readonly Problem[]> {
  const keys = await keysToFetch(places, wanted);
  if (keys.length === 0) return [];
  tools.progress.show("Fetching what is known about this target");
  const hadDatabase = existsSync(places.database);
  try {
    // Readers of every feed's format: most scans need none of them.
    const { updateKnowledge, updateProblems } = await import("./update-knowledge.ts");
    const http = cautiousHttp(tools.http);
    const { report, built } = await updateKnowledge({ places, wanted: keys, http }, tools);
    const nothingCame = built === null;
    // A database that covers most stays good enough: what it lacks is said by matching itself.
    return hadDatabase && nothingCame ? [] : updateProblems(report, nothingCame);
  } catch (error) {
    if (tools.world.signal.aborted || !(error instanceof PlimsollError) || hadDatabase) throw error;
    return [{ ...noDatabase, message: `${noDatabase.message} (${messageOf(error)})` }];
  }
}

const noDatabase: Problem = {
  level: "warning",
  code: "no-database",
  message: "there is no vulnerability database yet: judged by the starter knowledge shipped with the program",
  next: "run plimsoll db update",
};

/** All wanted keys when there is no database; those not covered yet when earlier scans fetched it; none when it was built by hand. */
async function keysToFetch(places: Places, wanted: readonly string[]): Promise<readonly string[]> {
  if (!existsSync(places.database)) return wanted;
  using base = openVulndb(places.database);
  if (!(await isMadeFromDownloads(places, base.status.revision))) return [];
  return wanted.filter((key) => base.coverage(key).length === 0);
}

interface Starting {
  readonly options: Options;
  readonly problems: readonly Problem[];
}

/** Unpacked into the cache, or into a folder of this run alone where nothing may be kept. */
async function starterKnowledge({ starter }: Places, { options, problems }: Starting): Promise<Known> {
  if (options.cache && (await isWritable(starter))) return knownFrom(await unpackStarter(starter), problems);
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-starter-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    return knownFrom(await unpackStarter(folder), problems, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
