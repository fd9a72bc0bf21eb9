import { expressionBuilder, type Kysely, sql } from "kysely";
import type { Actor } from "../../identity/actor.ts";
import { visibleTo } from "../results/visible-assets.ts";
import type { Tables } from "../tables.ts";

export interface AssetFound {
  /** 16 hex digits. */
  readonly assetId: string;
  readonly kind: string;
  readonly name: string;
  /** 64 hex digits. */
  readonly imageId: string;
}

/** Hex digits of a digest that are told from a name. */
const digestPart = /^(?:sha256:)?([0-9a-f]{12,64})$/;

/** Some assets of these kinds with a part of their name, or the beginning of their image's digest. */
export async function someAssets(
  db: Kysely<Tables>,
  viewer: Pick<Actor, "team" | "audiences">,
  { kinds, text, limit }: { readonly kinds: readonly string[]; readonly text: string; readonly limit: number },
): Promise<AssetFound[]> {
  const visible = visibleTo(expressionBuilder<Tables, "asset">(), viewer);
  const hex = digestPart.exec(text)?.[1];
  const hit =
    hex === undefined
      ? sql`strpos(lower(asset.name), lower(${text})) > 0`
      : sql`asset.image_id in (select id from image
          where image_id between decode(${hex.padEnd(64, "0")}, 'hex') and decode(${hex.padEnd(64, "f")}, 'hex'))`;
  const { rows } = await sql<AssetFound>`
    with hit as materialized (
      select asset.id, asset.kind, asset.name, asset.image_id from asset
      where asset.kind = any (${[...kinds]}::text[]) and ${visible} and ${hit} limit ${limit})
    select lpad(to_hex(hit.id), 16, '0') as "assetId", hit.kind, hit.name, encode(i.image_id, 'hex') as "imageId"
    from hit join image i on i.id = hit.image_id order by hit.name`.execute(db);
  return rows;
}
