import { existsSync } from "node:fs";
import { mkdtemp, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, PlimsollError } from "@plimsoll/kit";
import type { FeedRecord, Problem } from "@plimsoll/model";
import { vulndbError } from "./errors.ts";
import { feeds } from "./feeds.ts";
import { ProblemList } from "./problem-list.ts";
import { isProblem, type ReadItem } from "./read-item.ts";
import { type DbSummary, dbStatus } from "./status.ts";
import { FeedDates } from "./store/feed-dates.ts";
import { Staging } from "./store/staging.ts";
import { writeDatabase } from "./store/write-database.ts";

export interface BuildOptions {
  /** The database file to write or replace. */
  readonly out: string;
  /** Milliseconds since the epoch: time of the build, and the newest date any feed may claim. */
  readonly now: number;
  /** No prose, and EPSS and exploit counts only for flaws that something else speaks of (decision 8). */
  readonly factsOnly?: boolean;
  /** Folder the items come from: when none of them is a record, that is FEEDS_UNKNOWN instead of a database of nothing. */
  readonly from?: string;
  /** Marks the database shipped with the program. */
  readonly starter?: boolean;
  readonly signal?: AbortSignal;
  /** Called now and then while records come in. */
  readonly onProgress?: (records: number) => void;
}

export interface BuildReport extends DbSummary {
  /** What was not read, sorted; many of one kind are told by examples and a count. */
  readonly problems: readonly Problem[];
}

/**
 * Builds a database from what feeds yield. Writes beside `out` and renames at the end: on failure or abort `out` stays
 * as it was and nothing is left behind. Same items and same `now` give the same bytes. Throws BUILD_FAILED, FEEDS_UNKNOWN.
 */
export async function buildVulndb(items: AsyncIterable<ReadItem>, options: BuildOptions): Promise<BuildReport> {
  using staging = new Staging();
  const dates = new FeedDates(options.now);
  const problems = await stage(items, { staging, dates, options });
  await writeBeside(options, { staging, dates });
  return { ...dbStatus(options.out), problems };
}

/** {@link buildVulndb} from records in memory: for tests and small knowledge of one's own. */
export function buildFromRecords(records: Iterable<FeedRecord>, options: BuildOptions): Promise<BuildReport> {
  return buildVulndb(asAsync(records), options);
}

async function* asAsync(records: Iterable<FeedRecord>): AsyncGenerator<FeedRecord> {
  yield* records;
}

type Stage = { readonly staging: Staging; readonly dates: FeedDates; readonly options: BuildOptions };

async function stage(items: AsyncIterable<ReadItem>, { staging, dates, options }: Stage): Promise<Problem[]> {
  const problems = new ProblemList();
  let records = 0;
  let isEmpty = true;
  for await (const item of items) {
    if (isProblem(item)) problems.add(item);
    else if (item.kind === "dated") dates.stated(item);
    else {
      staging.add(item);
      isEmpty = false;
    }
    if (++records % 1000 !== 0) continue;
    options.signal?.throwIfAborted();
    options.onProgress?.(records);
  }
  options.signal?.throwIfAborted();
  if (isEmpty && options.from !== undefined) throw vulndbError("FEEDS_UNKNOWN", { fields: { path: options.from } });
  return problems.all();
}

async function writeBeside(options: BuildOptions, staged: Omit<Stage, "options">): Promise<void> {
  const { out, now, factsOnly = false, starter = false } = options;
  let folder: string | null = null;
  try {
    folder = await mkdtemp(join(dirname(out), ".plimsoll-vulndb-"));
    const part = join(folder, "vulndb.sqlite");
    await writeDatabase(part, staged, {
      revision: revisionAfter(out, now),
      builtAt: new Date(now).toISOString(),
      factsOnly,
      starter,
      knownFlawsOnly: factsOnly,
      signal: options.signal,
      titleOf: (id) => feeds.find((feed) => feed.id === id)?.title ?? id,
    });
    await flush(part);
    options.signal?.throwIfAborted();
    await rename(part, out);
  } catch (cause) {
    if (cause instanceof PlimsollError || options.signal?.aborted === true) throw cause;
    throw vulndbError("BUILD_FAILED", { fields: { path: out, why: messageOf(cause) }, cause });
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

/** Bytes on disk before the rename: a crash must not leave a renamed empty file. */
async function flush(path: string): Promise<void> {
  await using handle = await open(path, "r+");
  await handle.sync();
}

/** `YYYYMMDDHHMMSS` of the build, or the next number where the file to be replaced is as new already. */
function revisionAfter(out: string, now: number): string {
  const own = new Date(now).toISOString().slice(0, 19).replace(/\D/g, "");
  const previous = existsSync(out) ? revisionOf(out) : "";
  return previous < own ? own : String(BigInt(previous) + 1n);
}

/** "" for a file that is no readable database of this schema: it is replaced anyway. */
function revisionOf(path: string): string {
  try {
    return /^\d{14,20}$/.exec(dbStatus(path).revision)?.[0] ?? "";
  } catch (thrown) {
    if (thrown instanceof PlimsollError) return "";
    throw thrown;
  }
}
