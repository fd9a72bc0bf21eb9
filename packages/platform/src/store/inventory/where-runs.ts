import { expressionBuilder, type Kysely, type RawBuilder, sql } from "kysely";
import type { Actor } from "../../identity/actor.ts";
import { cursorPosition, cursorText } from "../results/cursor.ts";
import { visibleTo } from "../results/visible-assets.ts";
import type { Tables } from "../tables.ts";

type Viewer = Pick<Actor, "team" | "audiences">;

interface PageOf {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface SomeOf<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly total: number;
  readonly hasMore: false;
}

/** Where something runs. */
export interface RunningPlace {
  /** 16 hex digits. */
  readonly assetId: string;
  readonly kind: string;
  readonly name: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly replicas: number;
  readonly containers: readonly { readonly id: string; readonly name?: string; readonly pod?: string }[];
  readonly firstSeen: Date;
}

/** What runs an image, by its id or by the digest of its manifest (64 hex digits). Throws BAD_CURSOR. */
export async function placesOfImage(
  db: Kysely<Tables>,
  actor: Viewer,
  { image, ...page }: PageOf & { readonly image: string },
): Promise<SomeOf<RunningPlace>> {
  const binding = ["places", actor.team, image];
  const after = page.cursor === undefined ? "" : String(cursorPosition(page.cursor, binding, ["string"])[0]);
  const { rows } = await sql<RunningPlace & { total: number }>`
    with hit as materialized (
      select r.asset_id, max(r.replicas) as replicas, min(r.first_at) as first_at, (array_agg(r.containers))[1] as containers
      from running r where r.image_id = decode(${image}, 'hex') or r.digest = decode(${image}, 'hex') group by 1
    ), seen as materialized (
      select lpad(to_hex(asset.id), 16, '0') as "assetId", asset.kind, asset.name, asset.scope, hit.replicas,
        hit.containers, hit.first_at as "firstSeen"
      from hit join asset on asset.id = hit.asset_id where ${visible(actor)}
    )
    select s.*, (select count(*) from seen)::integer as total from seen s
    where "assetId" > ${after} order by "assetId" limit ${page.limit + 1}`.execute(db);
  return pageOf(rows, { limit: page.limit, binding, keyOf: ({ assetId }) => assetId });
}

/** What runs and nobody has scanned; alike ones are one. */
export interface Unscanned {
  readonly name: string;
  /** 64 hex digits; `null`: not known. */
  readonly imageId: string | null;
  readonly digest: string | null;
  /** One of those that run it. */
  readonly assetId: string;
  readonly assets: number;
  readonly replicas: number;
  /** As the collector says; `null`: it does not. */
  readonly reason: string | null;
  readonly detail: string | null;
  readonly reference: string | null;
  readonly firstSeen: Date;
  /** The newest scan that was asked of the server for it. */
  readonly job: {
    readonly id: string;
    readonly state: string;
    readonly code: string | null;
    readonly message: string | null;
  } | null;
}

/** Images and hosts that run and that nobody has scanned, by name. Throws BAD_CURSOR. */
export async function unscannedImages(db: Kysely<Tables>, actor: Viewer, page: PageOf): Promise<SomeOf<Unscanned>> {
  const binding = ["unscanned", actor.team];
  const after = page.cursor === undefined ? "" : String(cursorPosition(page.cursor, binding, ["string"])[0]);
  const { rows } = await sql<Unscanned & { total: number; key: string }>`
    with hit as materialized (
      select asset.name collate "C" as name, encode(r.image_id, 'hex') as "imageId", encode(r.digest, 'hex') as digest,
        min(asset.id) as id, count(*)::integer as assets, sum(r.replicas)::integer as replicas, min(r.reason) as reason,
        min(r.detail) as detail, min(r.reference) as reference, min(r.first_at) as "firstSeen",
        asset.name || ' ' || coalesce(encode(r.image_id, 'hex'), '') || ' ' || coalesce(encode(r.digest, 'hex'), '') || ' '
          || asset.kind as key
      from running r join asset on asset.id = r.asset_id
      where not exists (select from verdict v where v.asset_id = asset.id) and ${visible(actor)}
      group by asset.name, r.image_id, r.digest, asset.kind
    ), page as (
      select hit.*, (select count(*) from hit)::integer as total from hit
      where key collate "C" > ${after} order by key collate "C" limit ${page.limit + 1}
    )
    select p.*, lpad(to_hex(p.id), 16, '0') as "assetId", (
      select jsonb_build_object('id', j.id::text, 'state', j.state, 'code', j.error_code, 'message', j.error_message)
      from job j where j.name = 'scan-image' and j.payload ->> 'image' = p.reference
        and (${actor.team}::integer is null or j.team_id = ${actor.team}) order by j.id desc limit 1) as job
    from page p order by key collate "C"`.execute(db);
  return pageOf(rows, { limit: page.limit, binding, keyOf: ({ key }) => key });
}

function visible(actor: Viewer): RawBuilder<unknown> {
  return sql`${visibleTo(expressionBuilder<Tables, "asset">(), actor)}`;
}

interface Cut<Row> {
  readonly limit: number;
  readonly binding: readonly unknown[];
  readonly keyOf: (row: Row) => string;
}

function pageOf<Row extends { readonly total: number }>(
  rows: readonly Row[],
  { limit, binding, keyOf }: Cut<Row>,
): SomeOf<Row> {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const next = last === undefined ? null : cursorText(binding, [keyOf(last)]);
  return { rows: page, next, total: rows[0]?.total ?? 0, hasMore: false };
}
