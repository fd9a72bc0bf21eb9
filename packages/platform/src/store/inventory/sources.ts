import type { Queryable } from "../transaction.ts";

/** Who says what runs. */
export interface SourceName {
  readonly team: number | null;
  readonly kind: string;
  readonly name: string;
}

export interface SourceRow {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly collector: string;
  readonly takenAt: Date;
  readonly seenAt: Date;
  readonly completeAt: Date | null;
  readonly assets: number;
}

interface Heard {
  readonly collector: string;
  /** RFC 3339, both. */
  readonly takenAt: string;
  readonly now: string;
}

/** The row of a source, made if it is new; `null`: a newer snapshot of it was taken. */
export async function hearSource(
  client: Queryable,
  { team, kind, name }: SourceName,
  { collector, takenAt, now }: Heard,
): Promise<number | null> {
  const { rows } = await client.query<{ id: number }>(
    `insert into inventory_source as s (team_id, kind, name, collector, taken_at, seen_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (coalesce(team_id, 0), kind, name) do update
       set collector = excluded.collector, seen_at = greatest(s.seen_at, excluded.seen_at)
       where s.taken_at <= excluded.taken_at
     returning id`,
    [team, kind, name, collector, takenAt, now],
  );
  return rows[0]?.id ?? null;
}

/** Writes down that a snapshot of a source was taken whole. */
export async function markTaken(
  client: Queryable,
  source: number,
  { takenAt, now, isComplete }: Omit<Heard, "collector"> & { readonly isComplete: boolean },
): Promise<void> {
  await client.query(
    `update inventory_source set taken_at = greatest(taken_at, $2), seen_at = greatest(seen_at, $3),
       complete_at = case when $4 then $3 else complete_at end
     where id = $1`,
    [source, takenAt, now, isComplete],
  );
}

/** Sources of a team; of all teams and of none for who sees everything (`null`). */
export async function listSources(client: Queryable, team: number | null): Promise<readonly SourceRow[]> {
  const { rows } = await client.query<SourceRow>(
    `select s.id, s.kind, s.name, s.collector, s.taken_at as "takenAt", s.seen_at as "seenAt", s.complete_at as "completeAt",
       (select count(*) from running r where r.source_id = s.id)::integer as assets
     from inventory_source s where $1::integer is null or s.team_id = $1 order by s.kind, s.name, s.id limit 10000`,
    [team],
  );
  return rows;
}

/** Sources that have said nothing since then. */
export async function silentSources(client: Queryable, before: string): Promise<readonly number[]> {
  const { rows } = await client.query<{ id: number }>(
    "select id from inventory_source where seen_at < $1 order by seen_at limit 1000",
    [before],
  );
  return rows.map(({ id }) => id);
}

/** Forgets a source that says nothing any more; its assets went before. False: it has spoken meanwhile. */
export async function dropSource(client: Queryable, id: number, before: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `delete from inventory_source s where id = $1 and seen_at < $2
       and not exists (select from running r where r.source_id = s.id)`,
    [id, before],
  );
  return rowCount === 1;
}
