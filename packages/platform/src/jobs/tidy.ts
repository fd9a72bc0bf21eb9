import { z } from "zod";
import { dropStale } from "../store/jobs/tidy.ts";
import { defineJob } from "./job.ts";

const most = 1000;

/** Drops stale uploads, expired sessions and the history of jobs. What is gone stays gone: run twice, it does nothing. */
export const tidy = defineJob({
  name: "tidy",
  payload: z.object({
    /** Days that each may stay. */
    uploads: z.number().positive().default(1),
    jobs: z.number().int().positive().default(7),
    deadJobs: z.number().int().positive().default(30),
  }),
  concurrency: "one",
  retry: { attempts: 3, firstMs: 10_000, mostMs: 60_000 },
  timeoutMs: 600_000,
  handle: async ({ services: { pool, clock }, payload, signal }) => {
    const all = { uploads: 0, sessions: 0, jobs: 0 };
    for (;;) {
      signal.throwIfAborted();
      const some = await dropStale(pool, payload, { now: clock(), most });
      for (const name of ["uploads", "sessions", "jobs"] as const) all[name] += some[name];
      if (Math.max(...Object.values(some)) < most) return { summary: all };
    }
  },
});
