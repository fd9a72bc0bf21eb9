import { z } from "zod";
import type { Actor } from "../identity/actor.ts";
import { type SubmittedScan, submitScan } from "../services/scan/submit-scan.ts";
import { defineJob } from "./job.ts";

const layered = z.object({
  shaping: z.string(),
  scanner: z.string(),
  facts: z.object({ source: z.unknown(), image: z.unknown(), problems: z.unknown() }),
  layers: z.record(z.string(), z.string()),
});

const scan = z.object({
  upload: z.string().optional(),
  analysis: layered.optional(),
  stage: z.enum(["pipeline", "registry", "runtime"]),
  name: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  policies: z.array(z.string()).readonly().optional(),
  maxKnowledgeAge: z.number().optional(),
  key: z.string(),
});

/** Who sent it, as far as its evaluation leans on that; a right that was taken away meanwhile was there when it was accepted. */
const sender = z.object({
  id: z.string(),
  name: z.string(),
  person: z.number().nullable(),
  isAdmin: z.boolean(),
  team: z.number().nullable(),
  address: z.string().nullable(),
  permissions: z.array(z.string()),
});

/**
 * Evaluates a scan whose sender follows, as if it had been answered at once. Its key is the sender and the scan's own
 * key, under which the same is kept once and asked for again.
 */
export const evaluateScanJob = defineJob({
  name: "evaluate-scan",
  payload: z.object({ scan, actor: sender }),
  concurrency: 2,
  retry: { attempts: 5, firstMs: 1000, mostMs: 60_000 },
  timeoutMs: 600_000,
  handle: async ({ services, payload, progress }) => {
    progress({ step: "evaluating", done: 0, total: null });
    const { permissions, ...facts } = payload.actor;
    const actor: Actor = { ...facts, permissions: new Set(permissions), session: null, mustChange: false };
    const sent: SubmittedScan = payload.scan;
    const { resultId, report } = await submitScan(services, actor, sent);
    const { status, complete } = report.verdict;
    return { ...(resultId !== null && { resultId }), summary: { verdict: status, complete } };
  },
});
