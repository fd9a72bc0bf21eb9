import { mkdir, stat } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { type Clock, type HttpClient, type Log, messageOf, PlimsollError, silentLog } from "@plimsoll/kit";
import { sortProblems } from "@plimsoll/model";
import { vulndbError } from "../errors.ts";
import type { Feed, Upstream } from "../feed.ts";
import { feeds as allFeeds } from "../feeds.ts";
import { documentPath, fetchDocument } from "./fetch-document.ts";
import { lockUpdates } from "./update-lock.ts";
import { type DocumentReport, feedReport, problemsOf, type UpdateReport, uncoveredKeys } from "./update-report.ts";
import { type DocumentState, type DocumentStates, UpdateState } from "./update-state.ts";
import { wantedKeys } from "./wanted.ts";

export interface UpdateProgress {
  readonly feed: string;
  readonly file: string;
  readonly bytes: number;
  /** `null` while upstream does not say. */
  readonly totalBytes: number | null;
}

export interface UpdateOptions {
  readonly http: HttpClient;
  /** Folder of downloads: `<feed>/<file>` and our own files, whose names start with a dot. */
  readonly dir: string;
  readonly now: Clock;
  /** Ecosystem keys (`alpine:3.18`, `npm`) to fetch advisories for, or all. Enrichment is fetched always. */
  readonly wanted: readonly string[] | "all";
  /** Default: all of them. */
  readonly feeds?: readonly Feed[];
  readonly log?: Log;
  readonly onProgress?: (progress: UpdateProgress) => void;
  readonly signal?: AbortSignal;
  /** Documents fetched at a time. Default 3. */
  readonly parallel?: number;
  /** Largest document, bytes. Default 2 GiB. */
  readonly limitBytes?: number;
  /** How long to wait for another update of the same folder, ms. Default 10 minutes. */
  readonly lockWaitMs?: number;
  readonly sleep?: (ms: number) => Promise<void>;
}

/**
 * Brings the downloads of the wanted feeds up to date: conditional, resumable, only what changed. What cannot be fetched
 * is reported, with the age of the copy that stays; good data is only ever replaced by whole, checked documents. Throws
 * UPDATE_RUNNING and UPDATE_UNWRITABLE, or the reason of an aborted signal.
 */
export async function updateFeeds(options: UpdateOptions): Promise<UpdateReport> {
  const { dir, lockWaitMs = 600_000, sleep = async (ms: number) => void (await wait(ms)) } = options;
  await makeFolder(dir);
  await using _lock = await lockUpdates(dir, { waitMs: lockWaitMs, sleep, now: options.now });
  const state = await UpdateState.open(dir);
  const wanted = wantedKeys(options.wanted);
  const plans = await Promise.all((options.feeds ?? allFeeds).map((feed) => planOf(feed, wanted, options)));
  const tasks = plans.flatMap(({ feed, upstreams }) => upstreams.map((upstream) => ({ feed, upstream })));
  const reports = await inParallel(tasks, options.parallel ?? 3, ({ feed, upstream }) =>
    updateDocument({ feed, upstream, state, options }),
  );
  return reportOf({ plans, tasks, reports, wanted, states: state.documents, now: options.now() });
}

interface Plan {
  readonly feed: Feed;
  readonly upstreams: readonly Upstream[];
  /** Why upstream's index could not be read. */
  readonly failure?: string;
}

async function planOf(feed: Feed, wanted: readonly string[], { http, now, signal }: UpdateOptions): Promise<Plan> {
  try {
    const listed = (await feed.upstream?.(http, wanted, now())) ?? [];
    return { feed, upstreams: listed.filter(({ file }) => /^[A-Za-z0-9_][\w.+-]{0,150}$/.test(file)) };
  } catch (thrown) {
    signal?.throwIfAborted();
    return { feed, upstreams: [], failure: messageOf(thrown) };
  }
}

interface Task {
  readonly feed: Feed;
  readonly upstream: Upstream;
}

interface DocumentTask extends Task {
  readonly state: UpdateState;
  readonly options: UpdateOptions;
}

async function updateDocument({ feed, upstream, state, options }: DocumentTask): Promise<DocumentReport> {
  const { http, dir, now, signal, log = silentLog, limitBytes = 2 * 2 ** 30 } = options;
  const key = `${feed.id}/${upstream.file}`;
  const about = { url: upstream.url, file: upstream.file };
  const previous = state.documents.get(key);
  const onBytes = (bytes: number, totalBytes: number | null): void =>
    options.onProgress?.({ feed: feed.id, file: upstream.file, bytes, totalBytes });
  signal?.throwIfAborted();
  try {
    const fetched = await fetchDocument({ http, dir, feed, upstream, previous, now, limitBytes, onBytes, signal });
    if (fetched.state !== undefined) await state.set(key, fetched.state);
    log.info("feed document checked", { document: key, status: fetched.status });
    return { ...about, status: fetched.status, ...(fetched.state && { checkedAt: fetched.state.checkedAt }) };
  } catch (thrown) {
    signal?.throwIfAborted();
    const reason = reasonOf(thrown);
    log.warn("feed document not fetched", { document: key, reason });
    return { ...about, reason, ...(await copyInUse(documentPath(dir, feed, upstream), previous)) };
  }
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof PlimsollError && thrown.code === "FEED_UNAVAILABLE") return String(thrown.fields.reason);
  return messageOf(thrown);
}

/** What stays in use instead. Without a remembered state the file's own time is the best that is known. */
async function copyInUse(
  path: string,
  previous: DocumentState | undefined,
): Promise<Pick<DocumentReport, "status" | "checkedAt">> {
  const found = await stat(path).catch(() => null);
  if (found === null) return { status: "unavailable" };
  return { status: "kept-old", checkedAt: previous?.checkedAt ?? found.mtime.toISOString() };
}

interface Gathered {
  readonly plans: readonly Plan[];
  readonly tasks: readonly Task[];
  readonly reports: readonly DocumentReport[];
  readonly wanted: readonly string[];
  readonly states: DocumentStates;
  readonly now: number;
}

function reportOf({ plans, tasks, reports, wanted, states, now }: Gathered): UpdateReport {
  const perFeed = plans
    .map(({ feed, failure }) => {
      const own = reports.filter((_, index) => tasks[index]?.feed === feed);
      const unlisted = failure === undefined ? [] : copiesOf(feed, states, failure);
      return { feed, report: feedReport(feed, [...own, ...unlisted]) };
    })
    .filter(({ report }) => report.documents.length > 0)
    .sort((a, b) => (a.feed.id < b.feed.id ? -1 : 1));
  return {
    feeds: perFeed.map(({ report }) => report),
    uncovered: uncoveredKeys(
      wanted,
      plans.flatMap(({ upstreams }) => upstreams),
    ),
    problems: sortProblems(perFeed.flatMap(({ feed, report }) => problemsOf(feed, report, now))),
  };
}

/** Documents of a feed whose upstream did not say what there is: the copies of earlier updates stay. */
function copiesOf(feed: Feed, states: DocumentStates, reason: string): DocumentReport[] {
  const copies = [...states].filter(([key]) => key.startsWith(`${feed.id}/`));
  if (copies.length === 0) return [{ url: "", file: "", status: "unavailable", reason }];
  return copies.map(([key, { url, checkedAt }]) => {
    const file = key.slice(feed.id.length + 1);
    return { url, file, status: "kept-old", reason, checkedAt };
  });
}

async function makeFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
  } catch (cause) {
    throw vulndbError("UPDATE_UNWRITABLE", { fields: { path: dir, why: messageOf(cause) }, cause });
  }
}

/** Runs `work` on every item, `width` at a time; results in the order of the items. */
async function inParallel<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const runners = Array.from({ length: Math.max(1, width) }, async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  });
  // All come to rest before the first failure is thrown: the lock is given up then.
  const ends = await Promise.allSettled(runners);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results;
}
