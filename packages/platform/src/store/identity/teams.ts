import type { Pool } from "pg";

/** What is to be made: a team. */
export interface NewTeam {
  readonly name: string;
  readonly description: string;
  readonly allZones: boolean;
}

/** Makes a team; its name must be new. Returns its id. */
export async function createTeam(pool: Pool, { name, description, allZones }: NewTeam, now: number): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into team (name, description, all_zones, is_default, created_at, updated_at)
     values ($1, $2, $3, false, $4, $4) returning id`,
    [name, description, allZones, new Date(now).toISOString()],
  );
  return rows[0]?.id ?? 0;
}
