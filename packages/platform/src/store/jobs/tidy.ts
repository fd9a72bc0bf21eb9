import type { Queryable } from "../transaction.ts";

/** How old what is left behind may become, days. */
export interface Ages {
  /** Uploads that nobody finished or used. */
  readonly uploads: number;
  /** Jobs that ended well or were cancelled; and those that did not. */
  readonly jobs: number;
  readonly deadJobs: number;
}

export interface Tidied {
  readonly uploads: number;
  readonly sessions: number;
  readonly jobs: number;
}

/** Drops what nobody will ask for again, at most `most` rows of each. Run again, it drops what is left. */
export async function dropStale(
  client: Queryable,
  ages: Ages,
  { now, most }: { now: number; most: number },
): Promise<Tidied> {
  const before = (days: number): string => new Date(now - days * 86_400_000).toISOString();
  const dropped = async (sql: string, values: readonly unknown[]): Promise<number> => {
    return (await client.query(sql, [...values])).rowCount ?? 0;
  };
  return {
    uploads: await dropped(
      "delete from upload where (sha256, owner) in (select sha256, owner from upload where started_at < $1 order by started_at limit $2)",
      [before(ages.uploads), most],
    ),
    sessions: await dropped(
      "delete from session where hash in (select hash from session where expires_at < $1 order by expires_at limit $2)",
      [before(0), most],
    ),
    // Ended by the database's clock.
    jobs: await dropped(
      `delete from job where id in (
         select id from job
         where ended_at < now() - make_interval(days => case when state in ('done', 'cancelled') then $1::integer else $2::integer end)
         order by ended_at limit $3)`,
      [ages.jobs, ages.deadJobs, most],
    ),
  };
}
