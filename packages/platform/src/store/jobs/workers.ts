import type { Queryable } from "../transaction.ts";

/** The first half of the advisory lock that a worker holds for as long as it is connected (migration 0011). */
const lockClass = 7212;

/** Jobs ended by people reach those who run them by this channel; the payload is the job's id. */
export const cancelChannel = "plimsoll_job_cancelled";

/** Writes a new worker down; returns its number. */
export async function addWorker(client: Queryable): Promise<number> {
  const { rows } = await client.query<{ id: number }>("insert into job_worker (pools) values ('{}') returning id");
  return rows[0]?.id ?? 0;
}

/** Takes a worker's lock on this connection; false: an older connection of it is not gone yet. */
export async function lockWorker(client: Queryable, id: number): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock($1, $2) as held", [
    lockClass,
    id,
  ]);
  return rows[0]?.held ?? false;
}

/** Says that a worker lives, and under which names the queue knows it. */
export async function seeWorker(client: Queryable, id: number, pools: readonly string[]): Promise<void> {
  await client.query(
    `insert into job_worker (id, pools) values ($1, $2)
     on conflict (id) do update set seen_at = now(), pools = excluded.pools`,
    [id, pools],
  );
}

/** Adds a name that the queue knows a part of a worker by. */
export async function addPool(client: Queryable, id: number, name: string): Promise<void> {
  await client.query(
    `insert into job_worker as w (id, pools) values ($1, array[$2])
     on conflict (id) do update set pools = array_append(array_remove(w.pools, $2), $2)`,
    [id, name],
  );
}

export async function removeWorker(client: Queryable, id: number): Promise<void> {
  await client.query("delete from job_worker where id = $1", [id]);
}

/** What the queue holds for parts of a worker that are gone is free again. */
export async function unlockPools(client: Queryable, pools: readonly string[]): Promise<void> {
  await client.query("select graphile_worker.force_unlock_workers($1)", [pools]);
}

/** Queued jobs that the queue knows nothing of (a backup was restored) are put into it; returns how many. */
export async function wakeForgotten(client: Queryable): Promise<number> {
  const { rowCount } = await client.query(
    `select wake_job(j) from job j
     where j.state = 'queued' and not exists (select from graphile_worker.jobs q where q.key = 'job:' || j.id)`,
  );
  return rowCount ?? 0;
}

export interface HeldJob {
  readonly id: number;
  readonly turn: number;
  readonly is_cancelling: boolean;
}

/** What the database believes a worker to be at. */
export async function heldJobs(client: Queryable, worker: number): Promise<readonly HeldJob[]> {
  const { rows } = await client.query<HeldJob>(
    "select id, turn, is_cancelling from job where state = 'running' and worker_id = $1",
    [worker],
  );
  return rows;
}

/** A job that its worker knows nothing of is left to be recovered. */
export async function disownJob(client: Queryable, { id, turn }: Pick<HeldJob, "id" | "turn">): Promise<void> {
  await client.query("update job set worker_id = null where id = $1 and turn = $2 and state = 'running'", [id, turn]);
}

export interface Recovery {
  /** How long a worker may be silent, ms. */
  readonly graceMs: number;
  /** How often a job may end with its process. */
  readonly mostCrashes: number;
}

/** Puts back what workers that are gone were at; returns how many jobs. */
export async function recoverJobs(client: Queryable, { graceMs, mostCrashes }: Recovery): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    "select recover_jobs(make_interval(secs => $1::double precision / 1000), $2) as n",
    [graceMs, mostCrashes],
  );
  return rows[0]?.n ?? 0;
}

/** Whether anybody does jobs: a worker that gave a sign of life within the last half minute. */
export async function hasLiveWorker(client: Queryable): Promise<boolean> {
  const { rows } = await client.query("select from job_worker where seen_at > now() - interval '30 seconds' limit 1");
  return rows.length > 0;
}
