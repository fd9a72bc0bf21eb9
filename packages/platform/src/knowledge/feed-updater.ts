import type { Clock, HttpClient, Log } from "@plimsoll/kit";
import { checkedDates, type Feed, type FeedReport, updateFeeds } from "@plimsoll/vulndb";
import { platformError } from "../errors.ts";
import { fault } from "../fault.ts";
import { runThread } from "../thread/run-thread.ts";
import type { BuildStep, BuildTask, Built } from "./build-task.ts";

/** Where knowledge is fetched from and lies on this machine. */
export interface FeedPlaces {
  /** Folder of downloads. */
  readonly feeds: string;
  /** The database that this server reads; replaced as a whole, by renaming. */
  readonly database: string;
}

export interface FeedUpdaterOptions {
  readonly places: FeedPlaces;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Ecosystem keys to fetch advisories for, or all. */
  readonly wanted: readonly string[] | "all";
  /** All of them, but for tests. */
  readonly upstream?: readonly Feed[];
}

export interface UpdateWatch {
  readonly signal: AbortSignal;
  readonly onStep: (step: string, done: number, total: number | null) => void;
}

/** What came of an update. */
export interface FeedUpdate {
  readonly feeds: readonly FeedReport[];
  /** Of the database that was built; `null`: nothing could be fetched, and none was. */
  readonly revision: string | null;
}

/** Fetches what is new upstream and builds the database anew. */
export type FeedUpdater = (watch: UpdateWatch) => Promise<FeedUpdate>;

/** An updater for this machine. It throws what `updateFeeds`, `readFeeds` and `buildVulndb` throw. */
export function feedUpdater({ places, http, clock, log, wanted, upstream }: FeedUpdaterOptions): FeedUpdater {
  return async ({ signal, onStep }) => {
    const fetched = await updateFeeds({
      http,
      dir: places.feeds,
      now: clock,
      wanted,
      log,
      signal,
      onProgress: ({ feed, file, bytes, totalBytes }) => onStep(`fetching ${feed} ${file}`, bytes, totalBytes),
      ...(upstream && { feeds: upstream }),
    });
    if (!fetched.feeds.some(isHere)) return { feeds: fetched.feeds, revision: null };
    FAULT: fault("feeds.fetched");
    const task: BuildTask = { ...places, checked: checkedDates(fetched), now: clock() };
    const { revision } = await build(task, {
      signal,
      onStep: (...step) => {
        FAULT: fault("feeds.building");
        onStep(...step);
      },
    });
    return { feeds: fetched.feeds, revision };
  };
}

/** Heap of the thread that builds, MiB: all feeds at once take half of it. */
const heapMb = 1536;

function build(task: BuildTask, { signal, onStep }: UpdateWatch): Promise<Built> {
  const file = import.meta.url.endsWith(".ts") ? "./build-database-worker.ts" : "./build-database-worker.mjs";
  return runThread<Built, BuildStep>({
    file: new URL(file, import.meta.url),
    task,
    heapMb,
    signal,
    onProgress: ({ step, done, total }) => onStep(step, done, total),
    tooHeavy: (cause) => platformError("FEEDS_TOO_HEAVY", { fields: { limit: heapMb }, cause }),
  });
}

function isHere({ documents }: FeedReport): boolean {
  return documents.some(({ status }) => status === "updated" || status === "unchanged" || status === "kept-old");
}
