import type { Pool, PoolClient } from "pg";

/** The revision that the store's matches are of. */
export async function newestKnowledge(client: Pool | PoolClient): Promise<NewestKnowledge> {
  const { rows } = await client.query<{ seq: number; revision: string; built_at: Date }>(
    "select seq, revision, built_at from knowledge order by seq desc limit 1",
  );
  const { seq, revision, built_at: builtAt } = rows[0] ?? { seq: 0, revision: "", built_at: new Date(0) };
  return { seq, revision, builtAt: builtAt.getTime() };
}

export interface NewestKnowledge {
  /** Of the store; grows by one with each revision that it was taught. */
  readonly seq: number;
  readonly revision: string;
  /** ms since the epoch. */
  readonly builtAt: number;
}
