import { z } from "zod";
import { wireUtcInstant } from "../wire.ts";
import { listQuery } from "./results.ts";

export const jobParams = z.object({ id: z.string().regex(/^[1-9][0-9]{0,14}$/) });

const jobState = z
  .enum(["queued", "running", "done", "failed", "cancelled", "dead"])
  .describe("`failed`: trying again would not help; `dead`: tried as often as it may be");

export const jobsQuery = listQuery.omit({ filter: true }).extend({
  state: jobState.optional().describe("`dead` lists the dead letters"),
  name: z.string().max(100).optional(),
  mine: z
    .enum(["true", "false"])
    .default("false")
    .transform((word) => word === "true")
    .describe("only those that the asker asked for; needs no permission"),
});

export const jobQuery = z.object({
  wait: z.coerce.number().int().min(0).max(30).default(0).describe("seconds to wait for news at most"),
  version: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("with `wait`: the version last seen, any other is news; without it, only the job's end is"),
});

const part = z.object({
  name: z.string(),
  state: z.enum(["waiting", "running", "done", "failed"]),
  done: z.number().optional(),
  total: z.number().nullable().optional(),
});

export const jobAnswer = z
  .object({
    id: z.string(),
    name: z.string().describe("what kind of job"),
    key: z.string().describe("while it is open, asking for the same is asking for this one"),
    state: jobState,
    priority: z.enum(["manual", "ci", "push", "runtime", "scheduled"]),
    attempts: z.int(),
    maxAttempts: z.int(),
    crashes: z.int().describe("attempts that ended with their process"),
    cancelling: z.boolean(),
    progress: z
      .object({
        step: z.string(),
        done: z.number(),
        total: z.number().nullable(),
        parts: z.array(part).optional().describe("layers, feeds"),
      })
      .nullable(),
    resultId: z.string().nullable().describe("the result it made"),
    summary: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullable(),
    error: z
      .object({ type: z.string(), message: z.string(), details: z.array(z.string()) })
      .nullable()
      .describe("of the last attempt"),
    askedBy: z.string(),
    version: z.int().describe("grows with every change"),
    createdAt: wireUtcInstant,
    runAt: wireUtcInstant.describe("not before this"),
    startedAt: wireUtcInstant.nullable(),
    endedAt: wireUtcInstant.nullable(),
  })
  .meta({ id: "Job" });

export const jobsAnswer = z
  .object({ page: z.object({ next: z.string().optional() }), data: z.array(jobAnswer) })
  .meta({ id: "Jobs" });

export const askedJobAnswer = z.object({ jobId: z.string() }).meta({ id: "AskedJob" });

export const feedHealthAnswer = z
  .object({
    data: z.array(
      z.object({
        feed: z.string(),
        status: z.enum(["updated", "unchanged", "kept-old", "unavailable"]),
        triedAt: wireUtcInstant,
        succeededAt: wireUtcInstant.nullable(),
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "FeedHealth" });

export type Job = z.output<typeof jobAnswer>;
export type FeedHealth = z.output<typeof feedHealthAnswer>["data"][number];
