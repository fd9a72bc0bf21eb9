import type { Queryable } from "../transaction.ts";

/** Most rows of one batch: each is a transaction of its own. */
const most = 500;

/** Kinds of assets that are kept equally long, and what of them is older than `before` (RFC 3339). */
export interface Expiring {
  readonly kinds: readonly string[];
  readonly before: string;
}

/** Deletes a batch of results that newer ones have replaced; returns how many went. */
export function expireResults(client: Queryable, { kinds, before }: Expiring): Promise<number> {
  return numberOf(client, "select expire_results($1, $2, $3) as n", [kinds, before, most]);
}

/** Deletes a batch of assets that nobody has seen since, with their results; returns how many went. */
export function expireAssets(client: Queryable, { kinds, before }: Expiring, now: string): Promise<number> {
  return numberOf(client, "select expire_assets($1, $2, $3, $4) as n", [kinds, before, most, now]);
}

/** Forgets a batch of what was known until before that moment; returns how many matches went. */
export function expireMatches(client: Queryable, before: string): Promise<number> {
  return numberOf(client, "select expire_matches($1, $2) as n", [before, most * 20]);
}

/** Deletes images and documents that nothing points to any more; returns how many images. Ingest waits meanwhile. */
export function collectGarbage(client: Queryable): Promise<number> {
  return numberOf(client, "select collect_garbage() as n", []);
}

/** Forgets what was loaded of nothing that runs any more; returns how many sets of packages. */
export function collectRunning(client: Queryable): Promise<number> {
  return numberOf(client, "select collect_running() as n", []);
}

/** Forgets layers that no scan has leant on since; returns how many. */
export function forgetLayers(client: Queryable, before: string): Promise<number> {
  return numberOf(client, "select forget_layers($1) as n", [before]);
}

async function numberOf(client: Queryable, sql: string, values: readonly unknown[]): Promise<number> {
  return (await client.query<{ n: number }>(sql, [...values])).rows[0]?.n ?? 0;
}
