import type { SnapshotAnswer } from "@plimsoll/contract";
import { digestOf } from "@plimsoll/model";
import type { Pool } from "pg";
import { platformError } from "../../errors.ts";
import { jsonForStore } from "../ingest/json-for-store.ts";
import type { Queryable } from "../transaction.ts";

/** A snapshot by the name that its sender gave it. */
export interface SnapshotKey {
  /** Actor id. */
  readonly owner: string;
  /** UUID. */
  readonly id: string;
}

/** Most compressed bytes of one part, and of all parts of one snapshot. */
const largestPart = 8 * 2 ** 20;
const largestSnapshot = 64 * 2 ** 20;
/** Most snapshots that one sender may have begun. */
const mostOpen = 8;

export interface PartState {
  /** Numbers of the parts that are here. */
  readonly received: readonly number[];
  readonly ended: boolean;
}

/**
 * Keeps a part; the same again changes nothing, and nothing does once the snapshot has ended. Throws
 * SNAPSHOT_TOO_LARGE, SNAPSHOT_PART_DIFFERS, SNAPSHOTS_OPEN.
 */
export async function keepPart(
  pool: Pool,
  key: SnapshotKey,
  { part, bytes, now }: { readonly part: number; readonly bytes: Uint8Array; readonly now: number },
): Promise<PartState> {
  if (bytes.length > largestPart) throw tooLarge(largestPart, "bytes in one part");
  const { owner, id } = key;
  const { rows } = await pool.query<{ total: number; open: number; ended: boolean }>(
    `select coalesce((select sum(length(bytes)) from snapshot_part where owner = $1 and id = $2 and part <> $3), 0)::integer as total,
       (select count(*) from snapshot where owner = $1 and id <> $2 and answer is null)::integer as open,
       exists (select from snapshot where owner = $1 and id = $2 and answer is not null) as ended`,
    [owner, id, part],
  );
  const [now_ = { total: 0, open: 0, ended: false }] = rows;
  if (now_.ended) return { received: [], ended: true };
  if (now_.open >= mostOpen) throw platformError("SNAPSHOTS_OPEN", { fields: { limit: mostOpen, seconds: 60 } });
  if (now_.total + bytes.length > largestSnapshot) throw tooLarge(largestSnapshot, "bytes");
  await pool.query("insert into snapshot (owner, id, begun_at) values ($1, $2, $3) on conflict do nothing", [
    ...[owner, id],
    new Date(now).toISOString(),
  ]);
  const sha256 = Buffer.from(digestOf(bytes).slice("sha256:".length), "hex");
  const kept = await pool.query<{ isSame: boolean }>(
    `with mine as (
       insert into snapshot_part (owner, id, part, sha256, bytes) values ($1, $2, $3, $4, $5)
       on conflict do nothing returning true
     )
     select coalesce((select sha256 = $4 from snapshot_part where owner = $1 and id = $2 and part = $3), true) as "isSame"`,
    [owner, id, part, sha256, bytes],
  );
  if (kept.rows[0]?.isSame === false) throw platformError("SNAPSHOT_PART_DIFFERS", { fields: { part } });
  return { received: await partNumbers(pool, key), ended: false };
}

function tooLarge(limit: number, what: string) {
  return platformError("SNAPSHOT_TOO_LARGE", { fields: { limit, what } });
}

/** Numbers of the parts that are here, in order. */
export async function partNumbers(pool: Queryable, { owner, id }: SnapshotKey): Promise<readonly number[]> {
  const { rows } = await pool.query<{ part: number }>(
    "select part from snapshot_part where owner = $1 and id = $2 order by part",
    [owner, id],
  );
  return rows.map(({ part }) => part);
}

/** One part's bytes, as they came. */
export async function partBytes(pool: Queryable, { owner, id }: SnapshotKey, part: number): Promise<Buffer | null> {
  const { rows } = await pool.query<{ bytes: Buffer }>(
    "select bytes from snapshot_part where owner = $1 and id = $2 and part = $3",
    [owner, id, part],
  );
  return rows[0]?.bytes ?? null;
}

/** What a snapshot was answered when it was sent before; `null`: it was not. */
export async function answeredBefore(pool: Queryable, { owner, id }: SnapshotKey): Promise<SnapshotAnswer | null> {
  const { rows } = await pool.query<{ answer: SnapshotAnswer | null }>(
    "select answer from snapshot where owner = $1 and id = $2",
    [owner, id],
  );
  return rows[0]?.answer ?? null;
}

/** Keeps what a snapshot was answered, and drops its parts. */
export async function keepAnswer(
  client: Queryable,
  { owner, id }: SnapshotKey,
  { answer, now }: { readonly answer: SnapshotAnswer; readonly now: number },
): Promise<void> {
  await client.query(
    `insert into snapshot (owner, id, begun_at, answer) values ($1, $2, $3, $4)
     on conflict (owner, id) do update set answer = excluded.answer`,
    [owner, id, new Date(now).toISOString(), jsonForStore(answer)],
  );
  await client.query("delete from snapshot_part where owner = $1 and id = $2", [owner, id]);
}

/** Drops snapshots that began before then: nobody will end them, or ask for their answers. Returns how many. */
export async function dropSnapshots(client: Queryable, before: string): Promise<number> {
  return (await client.query("delete from snapshot where begun_at < $1", [before])).rowCount ?? 0;
}
