import { setTimeout as wait } from "node:timers/promises";
import { messageOf, PlimsollError } from "@plimsoll/kit";
import { platformError } from "../errors.ts";
import type { Services } from "../services/services.ts";
import type { JobError, JobRow } from "../store/jobs/job-row.ts";
import { claimJob, endJob, requeueJob, type Turn } from "../store/jobs/turns.ts";
import { backoffMs, chanceOf } from "./backoff.ts";
import type { AnyJob, Outcome } from "./job.ts";
import { progressWriter } from "./progress-writer.ts";

/** Why an attempt is made to stop before its end. */
export type StopReason = "cancelled" | "stopping" | "lost";

/** An attempt in this process. */
export interface Running {
  readonly name: string;
  /** `null` until the job is its. */
  turn: Turn | null;
  readonly abort: (reason: StopReason) => void;
}

/** What an attempt leans on. */
export interface Bench {
  readonly services: Services;
  readonly worker: number;
  /** The attempts of this process; the worker's life looks in here. */
  readonly running: Set<Running>;
  /** How long a handler that is told to stop may take, ms. */
  readonly stopMs: number;
  /** How long the end of an attempt is written again while the database is away, ms. */
  readonly writeMs: number;
}

/** Takes the job and does it once. Throws only when the database does not let it take or end the job. */
export async function runTurn(bench: Bench, job: AnyJob, id: string): Promise<void> {
  const stopping = new AbortController();
  let why: StopReason | null = null;
  const running: Running = {
    name: job.name,
    turn: null,
    abort: (reason) => {
      why ??= reason;
      stopping.abort(stopErrors[reason]());
    },
  };
  bench.running.add(running);
  try {
    const row = await claimJob(bench.services.pool, id, bench.worker);
    if (row === null) return;
    running.turn = row;
    const ended = await attempt(bench, job, { row, stop: stopping.signal, abort: running.abort });
    await persistently(() => settle(bench, job, { row, ended, why }), bench.writeMs);
  } finally {
    bench.running.delete(running);
  }
}

const stopErrors = {
  cancelled: () => platformError("JOB_CANCELLED"),
  stopping: () => platformError("JOB_INTERRUPTED"),
  lost: () => platformError("JOB_INTERRUPTED"),
} as const;

type Ended = { readonly outcome: Outcome } | { readonly error: unknown };

interface Attempt {
  readonly row: JobRow;
  readonly stop: AbortSignal;
  readonly abort: (reason: StopReason) => void;
}

async function attempt({ services, stopMs }: Bench, job: AnyJob, { row, stop, abort }: Attempt): Promise<Ended> {
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(platformError("JOB_TIMEOUT", { fields: { seconds: job.timeoutMs / 1000 } })),
    job.timeoutMs,
  );
  const signal = AbortSignal.any([stop, late.signal]);
  const { id, key, team_id, asked_by, attempts, payload } = row;
  const progress = progressWriter(services, row, () => abort("lost"));
  try {
    const facts = { id: String(id), key, team: team_id, askedBy: asked_by, attempt: attempts };
    const done = job.run({ services, payload, signal, progress: progress.tell, job: facts });
    return { outcome: await Promise.race([done, refusedAfter(signal, stopMs)]) };
  } catch (error) {
    return { error: late.signal.aborted && !stop.aborted ? late.signal.reason : error };
  } finally {
    clearTimeout(timer);
    await progress.flush();
  }
}

/** A handler that does not hear its signal is left alone: what it still writes is void by its turn. */
async function refusedAfter(signal: AbortSignal, ms: number): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const refuse = (): void => void setTimeout(() => reject(signal.reason), ms).unref();
  if (signal.aborted) refuse();
  else signal.addEventListener("abort", refuse, { once: true });
  return promise;
}

interface Settled {
  readonly row: JobRow;
  readonly ended: Ended;
  readonly why: StopReason | null;
}

async function settle({ services }: Bench, job: AnyJob, { row, ended, why }: Settled): Promise<void> {
  const { pool, random, log } = services;
  if ("outcome" in ended) return void (await endJob(pool, row, { state: "done", ...ended.outcome }));
  if (why === "lost") return;
  if (why === "cancelled") return void (await endJob(pool, row, { state: "cancelled" }));
  if (why === "stopping") return void (await requeueJob(pool, row, { waits: 0, isHandedBack: true }));
  const error = jobError(ended.error);
  log.warn("a job's attempt failed", {
    job: row.id,
    name: row.name,
    attempt: row.attempts,
    why: messageOf(ended.error),
  });
  if ((job.isFinal ?? isAskersFault)(ended.error)) return void (await endJob(pool, row, { state: "failed", error }));
  if (row.attempts >= row.max_attempts) return void (await endJob(pool, row, { state: "dead", error }));
  const waits = backoffMs(job.retry, row.attempts, chanceOf(random)) / 1000;
  await requeueJob(pool, row, { waits, isHandedBack: false, error });
}

/** What a stranger may read of a failure: ours say what to do next, anything else is for the log alone. */
function jobError(error: unknown): JobError {
  const told = error instanceof PlimsollError ? error : platformError("JOB_BROKEN");
  return { code: told.code, message: told.message, next: told.next };
}

const passing: readonly number[] = [408, 425, 429];

function isAskersFault(error: unknown): boolean {
  return error instanceof PlimsollError && error.status < 500 && !passing.includes(error.status);
}

/** Writes again for a while: a database that is started anew must not cost what was done. */
async function persistently(write: () => Promise<void>, ms: number): Promise<void> {
  for (let left = ms; ; left -= 500) {
    try {
      return await write();
    } catch (error) {
      if (left <= 0) throw error;
      await wait(500);
    }
  }
}
