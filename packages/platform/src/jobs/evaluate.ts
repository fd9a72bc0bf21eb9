import { z } from "zod";
import { assetsChangedBy, markEvaluated, unevaluatedRevisions } from "../store/jobs/live-verdicts.ts";
import { defineJob } from "./job.ts";
import { renewVerdicts } from "./renew-verdicts.ts";

/**
 * Gives live assets the verdicts that new knowledge gives them, revision by revision; one that was done is not done again.
 * Its key is `knowledge`.
 */
export const evaluateJob = defineJob({
  name: "evaluate",
  payload: z.object({}),
  concurrency: "one",
  retry: { attempts: 5, firstMs: 10_000, mostMs: 600_000 },
  timeoutMs: 6 * 3_600_000,
  handle: async (task) => {
    const { pool, clock } = task.services;
    const all = { revisions: 0, renewed: 0, failed: 0 };
    for (const seq of await unevaluatedRevisions(pool)) {
      let assets = await assetsChangedBy(pool, seq, undefined);
      while (assets.length > 0) {
        const { renewed, failed } = await renewVerdicts(task, assets);
        all.renewed += renewed;
        all.failed += failed;
        assets = await assetsChangedBy(pool, seq, assets.at(-1));
      }
      await markEvaluated(pool, seq, new Date(clock()).toISOString());
      all.revisions++;
    }
    return { summary: all };
  },
});
