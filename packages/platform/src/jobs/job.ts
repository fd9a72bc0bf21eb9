import type { z } from "zod";
import type { Services } from "../services/services.ts";
import type { JobSummary, Progress } from "../store/jobs/job-row.ts";

/** How often a job is tried, and how long it waits in between: `firstMs`, twice as long each time, `mostMs` at most. */
export interface Retry {
  readonly attempts: number;
  readonly firstMs: number;
  readonly mostMs: number;
}

/** What one attempt is given. */
export interface Task<P> {
  readonly services: Services;
  readonly payload: P;
  /** Aborts when the job is cancelled, takes too long, or its worker stops: then end soon, by throwing its reason. */
  readonly signal: AbortSignal;
  /** Tells how far it is; as often as one likes, it is written down twice a second at most. */
  readonly progress: (progress: Progress) => void;
  readonly job: {
    readonly id: string;
    readonly key: string;
    readonly team: number | null;
    /** Who asked: an actor's id. */
    readonly askedBy: string;
    /** 1 for the first. */
    readonly attempt: number;
  };
}

/** What a job that ended well leaves behind. */
export interface Outcome {
  /** 32 hex digits: the result it made. */
  readonly resultId?: string;
  readonly summary?: JobSummary;
}

interface JobFacts {
  /** `kebab-case`; what the queue knows it by. */
  readonly name: string;
  /** How many run at once: in each worker process, or `one` in the whole installation. */
  readonly concurrency: number | "one";
  readonly retry: Retry;
  readonly timeoutMs: number;
  /** Whether trying again would not help; as it is, for errors that are the asker's (status 4xx but 408, 425, 429). */
  readonly isFinal?: (error: unknown) => boolean;
}

/** A kind of job with the shape of its payload. */
export interface Job<P> extends JobFacts {
  readonly payload: z.ZodType<P>;
  /** May run again after a crash: what it does twice must be as if done once. */
  readonly run: (raw: Task<unknown>) => Promise<Outcome>;
}

/** A kind of job whatever its payload. */
export type AnyJob = Omit<Job<unknown>, "payload">;

/** Makes a kind of job whose handler sees what the schema has checked. */
export function defineJob<P>({
  handle,
  ...rest
}: JobFacts & { readonly payload: z.ZodType<P>; readonly handle: (task: Task<P>) => Promise<Outcome> }): Job<P> {
  return { ...rest, run: async (raw) => handle({ ...raw, payload: rest.payload.parse(raw.payload) }) };
}
