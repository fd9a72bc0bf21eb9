import type { Queryable } from "../transaction.ts";

/** So often in so many ms. */
export interface RateLimit {
  readonly limit: number;
  readonly windowMs: number;
}

/** Counts one turn of `key`, over all processes of the installation. Returns 0, or for how many seconds it has none left. */
export async function takeTurn(
  client: Queryable,
  key: string,
  { limit, windowMs, now }: RateLimit & { readonly now: number },
): Promise<number> {
  const { rows } = await client.query<{ taken: number; started_at: Date }>({
    name: "take-turn",
    text: `insert into rate (key, started_at, taken) values ($1, $2, 1)
     on conflict (key) do update set
       taken = case when rate.started_at <= $3 then 1 else least(rate.taken, $4) + 1 end,
       started_at = case when rate.started_at <= $3 then excluded.started_at else rate.started_at end
     returning taken, started_at`,
    values: [key, new Date(now).toISOString(), new Date(now - windowMs).toISOString(), limit],
  });
  const row = rows[0];
  if (row === undefined || row.taken <= limit) return 0;
  return Math.max(1, Math.ceil((row.started_at.getTime() + windowMs - now) / 1000));
}
