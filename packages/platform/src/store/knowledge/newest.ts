import type { Pool } from "pg";

/** The revision that the store's matches are of. */
export async function newestKnowledge(pool: Pool): Promise<{ readonly seq: number; readonly revision: string }> {
  const { rows } = await pool.query<{ seq: number; revision: string }>(
    "select seq, revision from knowledge order by seq desc limit 1",
  );
  return rows[0] ?? { seq: 0, revision: "" };
}
