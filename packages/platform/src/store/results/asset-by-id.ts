import { type Kysely, sql } from "kysely";
import type { Actor } from "../../identity/actor.ts";
import { type AssetSeen, assetKeyOf } from "../ingest/asset.ts";
import type { Tables } from "../tables.ts";
import type { Queryable } from "../transaction.ts";
import { visibleTo } from "./visible-assets.ts";

/** An asset that the actor may see, by its 16 hex digits; `null`: there is none. */
export async function visibleAsset(
  db: Kysely<Tables>,
  actor: Pick<Actor, "team" | "audiences">,
  id: string,
): Promise<AssetSeen | null> {
  const row = await db
    .selectFrom("asset")
    .select(["asset.kind", "asset.name", "asset.scope", "asset.team_id as team"])
    .where(sql<boolean>`asset.id = ('x' || ${id})::bit(64)::bigint`)
    .where((eb) => visibleTo(eb, actor))
    .executeTakeFirst();
  return row === undefined ? null : { ...row, kind: kinds.find((kind) => kind === row.kind) ?? "workload" };
}

const kinds = ["pipeline", "registry", "workload", "host", "container"] as const;

/** The image that an asset showed when it was last scanned (64 hex digits); `null`: it is new. */
export async function imageOfAsset(client: Queryable, asset: AssetSeen): Promise<string | null> {
  const { rows } = await client.query<{ image: string }>(
    "select encode(i.image_id, 'hex') as image from asset a join image i on i.id = a.image_id where a.id = $1",
    [assetKeyOf(asset, "").id],
  );
  return rows[0]?.image ?? null;
}
