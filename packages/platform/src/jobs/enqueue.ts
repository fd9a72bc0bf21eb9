import { insertJob } from "../store/jobs/turns.ts";
import type { Queryable } from "../store/transaction.ts";
import type { Job } from "./job.ts";
import { type Priority, priorities } from "./priorities.ts";

export interface Enqueued {
  readonly priority: Priority;
  /** While a job is open under the same name, key and team, asking again is asking for that one. */
  readonly key: string;
  /** Who may see it besides the whole installation; `null`: nobody. */
  readonly team?: number | null;
  /** Not before this; absent: now. */
  readonly runAt?: Date;
  /** An actor's id; absent: `plimsoll`. */
  readonly askedBy?: string;
}

/**
 * Asks for a job, in the transaction of `client` if it is in one: no job without its rows, no rows without their job.
 * Returns its id: of the open one under this key, which takes the higher of both priorities; or, but for `manual`, of the
 * one that killed its workers within the last day. Throws what the schema of the payload throws.
 */
export async function enqueue<P>(
  client: Queryable,
  job: Job<P>,
  { payload, ...asked }: Enqueued & { readonly payload: NoInfer<P> },
): Promise<string> {
  return insertJob(client, {
    name: job.name,
    key: asked.key,
    team: asked.team ?? null,
    payload: job.payload.parse(payload),
    priority: priorities[asked.priority],
    queue: job.concurrency === "one" ? job.name : null,
    maxAttempts: job.retry.attempts,
    runAt: asked.runAt?.toISOString() ?? null,
    askedBy: asked.askedBy ?? "plimsoll",
  });
}
