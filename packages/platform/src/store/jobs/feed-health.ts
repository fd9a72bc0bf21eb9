import type { Queryable } from "../transaction.ts";

/** How a feed fared when it was last asked for. */
export interface FeedHealth {
  readonly feed: string;
  /** `kept-old`: the last good copy stays; `unavailable`: there is none. */
  readonly status: "updated" | "unchanged" | "kept-old" | "unavailable";
  readonly triedAt: Date;
  /** `null`: never yet. */
  readonly succeededAt: Date | null;
  /** Why the last try failed, one line; `null`: it did not. */
  readonly error: string | null;
}

/** Health of every feed that was ever asked for, sorted by feed. */
export async function readFeedHealth(client: Queryable): Promise<readonly FeedHealth[]> {
  const { rows } = await client.query<FeedHealth>(
    `select feed, status, tried_at as "triedAt", succeeded_at as "succeededAt", error from feed_health order by feed`,
  );
  return rows;
}

/** Writes down how feeds fared at `now` (RFC 3339). */
export async function writeFeedHealth(
  client: Queryable,
  feeds: readonly Pick<FeedHealth, "feed" | "status" | "error">[],
  now: string,
): Promise<void> {
  await client.query(
    `insert into feed_health as h (feed, status, tried_at, succeeded_at, error)
     select f.feed, f.status, $4, case when f.error is null then $4::timestamptz end, f.error
     from unnest($1::text[], $2::text[], $3::text[]) as f(feed, status, error) order by f.feed
     on conflict (feed) do update set status = excluded.status, tried_at = excluded.tried_at,
       succeeded_at = coalesce(excluded.succeeded_at, h.succeeded_at), error = excluded.error`,
    [feeds.map(({ feed }) => feed), feeds.map(({ status }) => status), feeds.map(({ error }) => error), now],
  );
}
