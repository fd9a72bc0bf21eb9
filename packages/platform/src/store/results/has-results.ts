import type { Pool } from "pg";

/** Whether anything was ever scanned here. */
export async function hasResults(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ has: boolean }>("select exists (select from result) as has");
  return rows[0]?.has === true;
}
