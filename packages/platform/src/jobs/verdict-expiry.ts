import { z } from "zod";
import { expiredAssets } from "../store/jobs/live-verdicts.ts";
import { defineJob } from "./job.ts";
import { renewVerdicts } from "./renew-verdicts.ts";

/** Judges anew what time alone has changed (decision 10): live assets whose verdict no longer holds. Frozen results stay. */
export const verdictExpiry = defineJob({
  name: "verdict-expiry",
  payload: z.object({}),
  concurrency: "one",
  retry: { attempts: 3, firstMs: 10_000, mostMs: 300_000 },
  timeoutMs: 3_600_000,
  handle: async (task) => {
    const { pool, clock } = task.services;
    const expired = await expiredAssets(pool, new Date(clock()).toISOString());
    return { summary: { ...(await renewVerdicts(task, expired)) } };
  },
});
