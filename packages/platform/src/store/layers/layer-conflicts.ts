import type { DiffId } from "@plimsoll/model";
import type { Pool } from "pg";

/** Layers of which a scope sees different analyses. */
export interface LayerConflict {
  readonly shaping: string;
  readonly scope: number;
  readonly diffIds: readonly DiffId[];
  /** Name of the image in which they were met. */
  readonly name: string;
}

/** Remembers layers that the server has to read itself. */
export async function noteConflicts(pool: Pool, conflict: LayerConflict, now: number): Promise<void> {
  await pool.query(
    `insert into layer_conflict as c (shaping, diff_id, scope, name, first_at, seen_at)
     select decode($1, 'hex'), d, $2, $3, $5, $5 from unnest($4::bytea[]) as d order by d
     on conflict (shaping, diff_id, scope) do update set name = excluded.name, seen_at = excluded.seen_at`,
    [
      conflict.shaping,
      conflict.scope,
      conflict.name,
      conflict.diffIds.map((diffId) => Buffer.from(diffId.slice("sha256:".length), "hex")),
      new Date(now).toISOString(),
    ],
  );
}

/** An image in which a layer was met that nobody has settled. */
export interface OpenConflict {
  readonly diffId: DiffId;
  readonly name: string;
  /** See identity/trust.ts. */
  readonly scope: number;
}

/** Conflicts that no analysis by the server has settled, the oldest first. */
export async function openConflicts(pool: Pool, limit: number): Promise<readonly OpenConflict[]> {
  const { rows } = await pool.query<OpenConflict>(
    `select 'sha256:' || encode(c.diff_id, 'hex') as "diffId", c.name, c.scope from layer_conflict c
     where not exists (select from layer_analysis a where a.place = layer_place(c.shaping, 0, c.diff_id) and a.is_server)
     order by c.first_at, c.diff_id limit $1`,
    [limit],
  );
  return rows;
}
