import { setTimeout as wait } from "node:timers/promises";
import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import type { JobState, JobView } from "../../store/jobs/job-row.ts";
import { findJobs, readJob } from "../../store/jobs/list.ts";
import { cursorPosition, cursorText } from "../../store/results/cursor.ts";
import type { Services } from "../services.ts";

/** What is asked of the list of jobs. */
export interface JobsQuery {
  readonly state?: JobState | undefined;
  readonly name?: string | undefined;
  /** Only those that the actor asked for, which everybody may see. */
  readonly mine?: boolean | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Jobs of the actor's team, the newest first. Throws FORBIDDEN, BAD_CURSOR. */
export async function listJobs(
  { pool }: Services,
  actor: Actor,
  { state, name, mine = false, cursor, limit }: JobsQuery,
): Promise<{ readonly rows: readonly JobView[]; readonly next: string | null }> {
  if (!mine) demand(actor, "jobs.read");
  const askedBy = mine ? actor.id : null;
  const wanted = { state: state ?? null, name: name ?? null, askedBy };
  const list = ["jobs", actor.team, wanted.state, wanted.name, askedBy];
  const after = cursor === undefined ? null : cursorPosition(cursor, list, ["number"]);
  const rows = await findJobs(pool, actor, { ...wanted, after, most: limit + 1 });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { rows: rows.slice(0, limit), next: last === undefined ? null : cursorText(list, [Number(last.id)]) };
}

/** How long to wait for news of a job. */
export interface Following {
  readonly id: string;
  /** ms at most. */
  readonly waitMs: number;
  /** What was seen last; absent: only the job's end is news. */
  readonly version?: number | undefined;
}

const pause = 400;

/**
 * One job as it stands, once there is news of it or the time is over. Whoever asked for a job may follow it, others need
 * the permission. Throws FORBIDDEN, NOT_FOUND (also for other teams' jobs).
 */
export async function followJob({ pool }: Services, actor: Actor, following: Following): Promise<JobView> {
  for (let left = following.waitMs; ; left -= pause) {
    const job = await readJob(pool, actor, following.id);
    if (job === null) throw platformError("NOT_FOUND", { fields: { what: "job" } });
    if (job.askedBy !== actor.id) demand(actor, "jobs.read");
    const isNews = following.version !== undefined && following.version !== job.version;
    if (left <= 0 || job.endedAt !== null || isNews) return job;
    await wait(Math.min(pause, left));
  }
}
