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

/** Remembers layers that the server has to read itself. Answers whether one of them is new, or a day has gone by. */
export async function noteConflicts(pool: Pool, conflict: LayerConflict, now: number): Promise<boolean> {
  const { rows } = await pool.query(
    `insert into layer_conflict as c (shaping, diff_id, scope, name, first_at, seen_at)
     select decode($1, 'hex'), d, $2, $3, $5, $5 from unnest($4::bytea[]) as d order by d
     on conflict (shaping, diff_id, scope) do update set name = excluded.name, seen_at = excluded.seen_at
       where c.seen_at < excluded.seen_at - interval '1 day'
     returning diff_id`,
    [
      conflict.shaping,
      conflict.scope,
      conflict.name,
      conflict.diffIds.map((diffId) => Buffer.from(diffId.slice("sha256:".length), "hex")),
      new Date(now).toISOString(),
    ],
  );
  return rows.length > 0;
}
