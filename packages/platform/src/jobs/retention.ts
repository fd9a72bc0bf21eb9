import { z } from "zod";
import { fault } from "../fault.ts";
import {
  collectGarbage,
  collectRunning,
  expireAssets,
  expireMatches,
  expireResults,
  forgetLayers,
} from "../store/jobs/retention.ts";
import { defineJob } from "./job.ts";

const days = (usual: number) => z.number().int().min(1).max(36_500).default(usual);

/**
 * Deletes results that were kept as long as is said (decision 14), batch by batch, then what nothing points to any more.
 * What is gone stays gone: run again it goes on where it stopped.
 */
export const retention = defineJob({
  name: "retention",
  payload: z.object({
    pipelineDays: days(90),
    registryDays: days(90),
    runtimeDays: days(14),
    /** What was known when: 13 months. */
    knowledgeDays: days(396),
    /** Layers that no scan has leant on. */
    layerDays: days(90),
  }),
  concurrency: "one",
  retry: { attempts: 5, firstMs: 60_000, mostMs: 3_600_000 },
  timeoutMs: 6 * 3_600_000,
  handle: async ({ services: { pool, clock }, payload, signal, progress }) => {
    const now = clock();
    const before = (age: number): string => new Date(now - age * 86_400_000).toISOString();
    const all = async (step: string, batch: () => Promise<number>): Promise<number> => {
      for (let gone = 0; ; ) {
        signal.throwIfAborted();
        const some = await batch();
        FAULT: fault("retention.batch");
        gone += some;
        progress({ step, done: gone, total: null });
        if (some === 0) return gone;
      }
    };
    const groups = [
      { kinds: ["pipeline"], before: before(payload.pipelineDays) },
      { kinds: ["registry"], before: before(payload.registryDays) },
      { kinds: ["workload", "host", "container"], before: before(payload.runtimeDays) },
    ];
    let assets = 0;
    let results = 0;
    for (const group of groups) {
      results += await all("deleting results", () => expireResults(pool, group));
      assets += await all("deleting assets", () => expireAssets(pool, group, new Date(now).toISOString()));
    }
    const matches = await all("forgetting matches", () => expireMatches(pool, before(payload.knowledgeDays)));
    const layers = await forgetLayers(pool, before(payload.layerDays));
    FAULT: fault("retention.layers");
    const images = await collectGarbage(pool);
    const running = await collectRunning(pool);
    return { summary: { assets, results, images, matches, layers, running } };
  },
});
