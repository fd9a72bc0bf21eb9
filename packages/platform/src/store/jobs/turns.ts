import { jsonForStore } from "../ingest/json-for-store.ts";
import type { Queryable } from "../transaction.ts";
import type { JobError, JobRow, JobSummary, Progress } from "./job-row.ts";

/** What is asked of the queue. */
export interface AskedJob {
  readonly name: string;
  readonly key: string;
  readonly team: number | null;
  readonly payload: unknown;
  readonly priority: number;
  /** Where only one of a kind may run at a time: its name. */
  readonly queue: string | null;
  readonly maxAttempts: number;
  /** RFC 3339; `null`: now. */
  readonly runAt: string | null;
  readonly askedBy: string;
}

/** Puts a job into the queue with the rows of the caller's transaction; returns its id, also of one that was open already. */
export async function insertJob(client: Queryable, asked: AskedJob): Promise<string> {
  const { rows } = await client.query<{ id: number }>("select enqueue_job($1) as id", [jsonForStore(asked)]);
  return String(rows[0]?.id);
}

/** Takes a job for a worker; `null`: it is not to be had (any more, or yet). */
export async function claimJob(client: Queryable, id: string, worker: number): Promise<JobRow | null> {
  const { rows } = await client.query<JobRow>("select * from claim_job($1, $2)", [id, worker]);
  return rows[0] ?? null;
}

/** One worker's hold on a job: void once somebody else has it. */
export interface Turn {
  readonly id: number;
  readonly turn: number;
}

export interface EndedJob {
  readonly state: "done" | "failed" | "cancelled" | "dead";
  readonly resultId?: string | undefined;
  readonly summary?: JobSummary | undefined;
  readonly error?: JobError | undefined;
}

/** Ends a job; false: the turn was void, and nothing changed. */
export async function endJob(client: Queryable, { id, turn }: Turn, ended: EndedJob): Promise<boolean> {
  const { error, ...rest } = ended;
  const { rows } = await client.query<{ held: boolean }>("select end_job($1, $2, $3) as held", [
    id,
    turn,
    jsonForStore({ ...rest, ...error }),
  ]);
  return rows[0]?.held ?? false;
}

export interface RequeuedJob {
  /** Seconds until it may be taken again. */
  readonly waits: number;
  /** This attempt does not count. */
  readonly isHandedBack: boolean;
  readonly error?: JobError | undefined;
}

/** Puts a job back into the queue; false: the turn was void, and nothing changed. */
export async function requeueJob(client: Queryable, { id, turn }: Turn, back: RequeuedJob): Promise<boolean> {
  const { error, ...rest } = back;
  const { rows } = await client.query<{ held: boolean }>("select requeue_job($1, $2, $3) as held", [
    id,
    turn,
    jsonForStore({ ...rest, ...error }),
  ]);
  return rows[0]?.held ?? false;
}

/** Tells how far a job is; false: the turn is void. */
export async function writeProgress(client: Queryable, { id, turn }: Turn, progress: Progress): Promise<boolean> {
  const { rowCount } = await client.query(
    "update job set progress = $3, version = version + 1 where id = $1 and turn = $2 and state = 'running'",
    [id, turn, jsonForStore(progress)],
  );
  return rowCount === 1;
}
