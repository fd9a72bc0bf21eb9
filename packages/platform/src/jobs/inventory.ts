import { z } from "zod";
import { findInUse } from "../services/inventory/find-in-use.ts";
import { forgetSilent } from "../services/inventory/forget-silent.ts";
import { dropSnapshots } from "../store/inventory/snapshots.ts";
import { hasExpired } from "../store/jobs/live-verdicts.ts";
import { enqueue } from "./enqueue.ts";
import { defineJob } from "./job.ts";
import { verdictExpiry } from "./verdict-expiry.ts";

/**
 * Follows what collectors say: finds the packages in use, asks for the verdicts of what changed, and lets go of what
 * sources said that have fallen silent. Run again it goes on where it stopped.
 */
export const inventoryJob = defineJob({
  name: "inventory",
  payload: z.object({
    /** Hours after which a source that says nothing is gone with all it said; `null`: nobody's silence is judged. */
    silentHours: z.number().positive().max(876_000).nullable().default(null),
  }),
  concurrency: "one",
  retry: { attempts: 5, firstMs: 10_000, mostMs: 600_000 },
  timeoutMs: 3_600_000,
  handle: async ({ services, payload: { silentHours }, signal }) => {
    const { pool, clock } = services;
    const before = (hours: number): string => new Date(clock() - hours * 3_600_000).toISOString();
    const inUse = await findInUse(services, signal);
    const nobody = { sources: 0, assets: 0 };
    const silent = silentHours === null ? nobody : await forgetSilent(services, before(silentHours), signal);
    const snapshots = await dropSnapshots(pool, before(24));
    if (await hasExpired(pool, new Date(clock()).toISOString())) {
      await enqueue(pool, verdictExpiry, { payload: {}, priority: "runtime", key: "inventory" });
    }
    return { summary: { inUse, ...silent, snapshots } };
  },
});
