import type { DiffId } from "@plimsoll/model";
import type { Pool } from "pg";

/** What is kept of one analysis of a layer. */
export interface KeptLayer {
  readonly diffId: DiffId;
  /** Of what it says; 64 hex digits. */
  readonly sha256: string;
  /** Bytes of the layer's uncompressed tar. */
  readonly size: number;
  /** See identity/trust.ts. */
  readonly scope: number;
  /** The server read the layer itself. */
  readonly isServer: boolean;
}

/** Programs of one shaping, and the scopes that somebody sees. */
export interface LayerView {
  /** 64 hex digits. */
  readonly shaping: string;
  readonly scopes: readonly number[];
}

/**
 * Analyses of these layers within a view, everybody's first, then newest first. Each is found by its whole key: rows of
 * other scopes are not looked at, so that neither answer nor time tells of them.
 */
export async function layersSeen(
  pool: Pool,
  view: LayerView,
  diffIds: readonly DiffId[],
): Promise<readonly KeptLayer[]> {
  if (view.scopes.length === 0 || diffIds.length === 0) return [];
  const { rows } = await pool.query<Omit<KeptLayer, "diffId"> & { readonly diff: string }>(
    `select encode(a.diff_id, 'hex') as diff, encode(a.sha256, 'hex') as sha256, a.size, a.scope, a.is_server as "isServer"
     from unnest($2::integer[]) as s(scope)
     cross join unnest($3::bytea[]) as d(diff_id)
     join layer_analysis a on a.place = layer_place(decode($1, 'hex'), s.scope, d.diff_id)
     order by a.is_server desc, a.scope <> 0, a.made_at desc, a.sha256`,
    [view.shaping, view.scopes, diffIds.map(bytesOf)],
  );
  return rows.map(({ diff, ...row }) => ({ ...row, diffId: `sha256:${diff}` as DiffId }));
}

/** The documents of kept analyses, by what they say; those that went meanwhile are missing. */
export async function layerDocuments(
  pool: Pool,
  shaping: string,
  layers: readonly KeptLayer[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { rows } = await pool.query<{ sha256: string; bytes: Buffer }>(
    `select encode(a.sha256, 'hex') as sha256, a.bytes
     from unnest($2::integer[], $3::bytea[], $4::bytea[]) as w(scope, diff_id, sha256)
     join layer_analysis a on a.place = layer_place(decode($1, 'hex'), w.scope, w.diff_id) and a.sha256 = w.sha256`,
    [
      shaping,
      layers.map(({ scope }) => scope),
      layers.map(({ diffId }) => bytesOf(diffId)),
      layers.map(({ sha256 }) => Buffer.from(sha256, "hex")),
    ],
  );
  return new Map(rows.map(({ sha256, bytes }) => [sha256, bytes]));
}

/** What is to be kept: an analysis, and who made it. */
export interface NewLayer extends KeptLayer {
  /** zstd of JSON. */
  readonly bytes: Uint8Array;
}

export interface LayerMakers {
  readonly shaping: string;
  /** Name and version of the program. */
  readonly scanner: string;
  /** Actor id. */
  readonly actor: string;
  readonly now: number;
}

/** Different analyses of one layer that one scope may keep: more tell nothing more. */
const mostVariants = 8;

/** Keeps analyses; the same again changes nothing. */
export async function keepLayers(pool: Pool, layers: readonly NewLayer[], makers: LayerMakers): Promise<void> {
  const { shaping, scanner, actor, now } = makers;
  for (const { scope, diffId, sha256, size, isServer, bytes } of layers) {
    await pool.query(
      `insert into layer_analysis as a (place, shaping, scope, diff_id, sha256, size, is_server, scanner, actor, made_at, used_at, bytes)
       select p.place, decode($1, 'hex'), $2, $3, $4, $5, $6, $7, $8, $9, $9, $10
       from (select layer_place(decode($1, 'hex'), $2, $3) as place) p
       where (select count(*) from layer_analysis o where o.place = p.place) < $11 or $6
       on conflict (place, sha256) do update set is_server = true where excluded.is_server and not a.is_server`,
      [
        shaping,
        scope,
        bytesOf(diffId),
        Buffer.from(sha256, "hex"),
        size,
        isServer,
        scanner,
        actor,
        new Date(now).toISOString(),
        bytes,
        mostVariants,
      ],
    );
  }
}

/** Makes a shaping known, with the catalogers that it stands for. */
export async function nameShaping(pool: Pool, shaping: string, catalogers: readonly object[]): Promise<void> {
  await pool.query(
    `insert into analysis_shaping (shaping, catalogers) select decode($1, 'hex'), $2
     where not exists (select from analysis_shaping where shaping = decode($1, 'hex')) on conflict do nothing`,
    [shaping, JSON.stringify(catalogers)],
  );
}

/** Marks analyses as used: what nobody uses is forgotten. Written down once a day. */
export async function touchLayers(
  pool: Pool,
  { shaping, now }: LayerMakers,
  layers: readonly KeptLayer[],
): Promise<void> {
  await pool.query(
    `update layer_analysis a set used_at = $5
     from unnest($2::integer[], $3::bytea[], $4::bytea[]) as w(scope, diff_id, sha256)
     where a.place = layer_place(decode($1, 'hex'), w.scope, w.diff_id) and a.sha256 = w.sha256
       and a.used_at < $5::timestamptz - interval '1 day'`,
    [
      shaping,
      layers.map(({ scope }) => scope),
      layers.map(({ diffId }) => bytesOf(diffId)),
      layers.map(({ sha256 }) => Buffer.from(sha256, "hex")),
      new Date(now).toISOString(),
    ],
  );
}

function bytesOf(diffId: DiffId): Buffer {
  return Buffer.from(diffId.slice("sha256:".length), "hex");
}
