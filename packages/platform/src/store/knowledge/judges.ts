import type { Pool } from "pg";

/** Names the program that judged what the store knows; `null`: none has yet. */
export async function judgesOf(pool: Pool): Promise<string | null> {
  const { rows } = await pool.query<{ revision: string }>("select revision from judges");
  return rows[0]?.revision ?? null;
}

export async function nameJudges(pool: Pool, revision: string): Promise<void> {
  await pool.query(
    "insert into judges (revision) values ($1) on conflict (id) do update set revision = excluded.revision",
    [revision],
  );
}
