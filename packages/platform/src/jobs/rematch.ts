import { z } from "zod";
import { fault } from "../fault.ts";
import { newestKnowledge } from "../store/knowledge/newest.ts";
import { recoverCounters } from "../store/knowledge/rematch.ts";
import { enqueue } from "./enqueue.ts";
import { evaluateJob } from "./evaluate.ts";
import { defineJob } from "./job.ts";

/**
 * Makes the store know what the database on this machine knows: one worker does it, the others follow. Its key is the
 * revision; done again it only makes good what a crash left undone.
 */
export const rematchJob = defineJob({
  name: "rematch",
  payload: z.object({}),
  concurrency: "one",
  retry: { attempts: 5, firstMs: 5000, mostMs: 300_000 },
  timeoutMs: 3 * 3_600_000,
  handle: async ({ services: { pool, knowledge }, progress, job }) => {
    progress({ step: "matching", done: 0, total: null });
    await knowledge.reload();
    FAULT: fault("rematch.adopted");
    await recoverCounters(pool);
    await enqueue(pool, evaluateJob, { payload: {}, priority: "runtime", key: "knowledge", askedBy: job.askedBy });
    const { seq, revision } = await newestKnowledge(pool);
    return { summary: { seq, revision } };
  },
});
