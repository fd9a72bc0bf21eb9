import type { Pool, PoolClient } from "pg";

/** The revision that the store's matches are of. */
export async function newestKnowledge(
  client: Pool | PoolClient,
): Promise<{ readonly seq: number; readonly revision: string }> {
  const { rows } = await client.query<{ seq: number; revision: string }>(
    "select seq, revision from knowledge order by seq desc limit 1",
  );
  return rows[0] ?? { seq: 0, revision: "" };
}
