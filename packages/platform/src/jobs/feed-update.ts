import { plainText } from "@plimsoll/kit";
import type { FeedReport } from "@plimsoll/vulndb";
import { z } from "zod";
import { platformError } from "../errors.ts";
import { fault } from "../fault.ts";
import { writeFeedHealth } from "../store/jobs/feed-health.ts";
import { inTransaction } from "../store/transaction.ts";
import { enqueue } from "./enqueue.ts";
import { defineJob } from "./job.ts";
import { rematchJob } from "./rematch.ts";

/**
 * Fetches what is new upstream, replaces the vulnerability database as a whole, and asks for the re-match. Interrupted, it
 * goes on with what was fetched already.
 */
export const feedUpdate = defineJob({
  name: "feed-update",
  payload: z.object({}),
  concurrency: "one",
  retry: { attempts: 4, firstMs: 60_000, mostMs: 3_600_000 },
  timeoutMs: 3 * 3_600_000,
  handle: async ({ services: { pool, clock, updateFeeds }, signal, progress, job }) => {
    if (updateFeeds === undefined) throw platformError("UPDATES_OFF");
    const { feeds, revision } = await updateFeeds({
      signal,
      onStep: (step, done, total) => progress({ step, done, total }),
    });
    FAULT: fault("feeds.renamed");
    await inTransaction(pool, async (client) => {
      await writeFeedHealth(client, feeds.map(healthOf), new Date(clock()).toISOString());
      FAULT: fault("feeds.told");
      if (revision === null) return;
      await enqueue(client, rematchJob, { payload: {}, priority: "push", key: revision, askedBy: job.askedBy });
    });
    FAULT: fault("feeds.enqueued");
    const failed = feeds.filter(isFailed).length;
    if (revision === null) throw platformError("FEEDS_UNREACHABLE", { fields: { feeds: failed } });
    return { summary: { feeds: feeds.length, failed, revision } };
  },
});

function isFailed({ status }: FeedReport): boolean {
  return status === "unavailable" || status === "kept-old";
}

function healthOf(report: FeedReport) {
  const reasons = report.documents.flatMap(({ reason }) => reason ?? []);
  const error = isFailed(report) ? plainText(reasons[0] ?? "no reason was given", 500) : null;
  return { feed: report.feed, status: report.status, error };
}
