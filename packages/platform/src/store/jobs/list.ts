import type { Actor } from "../../identity/actor.ts";
import type { Position } from "../results/cursor.ts";
import type { Queryable } from "../transaction.ts";
import { type JobRow, type JobState, type JobView, jobView } from "./job-row.ts";

type Eyes = Pick<Actor, "team">;

/** The installation's own jobs are for those who see all of it. */
const visible = "($1::integer is null or team_id = $1)";

/** What is asked of the list of jobs. */
export interface JobsWanted {
  readonly state: JobState | null;
  readonly name: string | null;
  /** An actor's id; `null` or absent: whoever asked. */
  readonly askedBy?: string | null;
  /** The `id` of the last row given; `null`: from the newest. */
  readonly after: Position | null;
  readonly most: number;
}

/** Jobs that the actor may see, newest first. */
export async function findJobs(client: Queryable, { team }: Eyes, wanted: JobsWanted): Promise<readonly JobView[]> {
  const { rows } = await client.query<JobRow>(
    `select * from job
     where ${visible} and ($2::text is null or state = $2) and ($3::text is null or name = $3) and id < $4
       and ($6::text is null or asked_by = $6)
     order by id desc limit $5`,
    [
      team,
      wanted.state,
      wanted.name,
      wanted.after?.[0] ?? Number.MAX_SAFE_INTEGER,
      wanted.most,
      wanted.askedBy ?? null,
    ],
  );
  return rows.map(jobView);
}

/** One job; `null`: there is none that the actor may see. */
export async function readJob(client: Queryable, { team }: Eyes, id: string): Promise<JobView | null> {
  if (!isId(id)) return null;
  const { rows } = await client.query<JobRow>(`select * from job where ${visible} and id = $2`, [team, id]);
  return rows[0] === undefined ? null : jobView(rows[0]);
}

/** Ends a queued job, asks a running one to stop; `ended`: it was over already; `null`: there is none to be seen. */
export async function cancelJob(
  client: Queryable,
  eyes: Eyes,
  id: string,
): Promise<"cancelled" | "running" | "ended" | null> {
  if ((await readJob(client, eyes, id)) === null) return null;
  const { rows } = await client.query<{ state: "cancelled" | "running" | null }>("select cancel_job($1) as state", [
    id,
  ]);
  return rows[0]?.state ?? "ended";
}

/** Has a job that did not end well done anew, with a person's priority; `null`: there is none to be seen. */
export async function retryJob(client: Queryable, eyes: Eyes, id: string): Promise<"retried" | "refused" | null> {
  if ((await readJob(client, eyes, id)) === null) return null;
  const { rows } = await client.query<{ done: boolean }>("select retry_job($1, 10::smallint) as done", [id]);
  return rows[0]?.done === true ? "retried" : "refused";
}

/** Forgets a job that is over; `refused`: it is not; `null`: there is none to be seen. */
export async function deleteJob(client: Queryable, eyes: Eyes, id: string): Promise<"deleted" | "refused" | null> {
  if ((await readJob(client, eyes, id)) === null) return null;
  const { rowCount } = await client.query("delete from job where id = $1 and ended_at is not null", [id]);
  return rowCount === 1 ? "deleted" : "refused";
}

function isId(text: string): boolean {
  return /^[1-9][0-9]{0,14}$/.test(text);
}
