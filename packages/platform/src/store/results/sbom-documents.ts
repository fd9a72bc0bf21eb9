import type { Sbom } from "@plimsoll/model";
import { type ExpressionBuilder, type Kysely, type SqlBool, sql } from "kysely";
import type { Actor } from "../../identity/actor.ts";
import { documentText } from "../ingest/document.ts";
import type { Tables } from "../tables.ts";
import { shownAs } from "./result-documents.ts";
import { sbomHashes, sbomIdOf } from "./sbom-id.ts";
import { visibleTo } from "./visible-assets.ts";

/** Which SBOM: one by its name, or the newest of what it is of. */
export type WantedSbom =
  | { readonly by: "id" /** As {@link sbomIdOf} gives it. */; readonly id: string }
  | { readonly by: "image" /** 64 hex digits of the image's id. */; readonly imageId: string }
  | { readonly by: "host"; readonly name: string }
  | { readonly by: "asset" /** 16 hex digits. */; readonly assetId: string };

export interface KeptSbom {
  readonly id: string;
  /** What the asset is called. */
  readonly name: string;
  readonly sbom: Sbom;
}

/** The newest SBOM that is wanted; `null` when there is none that the actor may see. */
export async function keptSbom(
  db: Kysely<Tables>,
  actor: Pick<Actor, "team" | "audiences">,
  wanted: WantedSbom,
): Promise<KeptSbom | null> {
  const row = await db
    .selectFrom("result")
    .innerJoin("asset", "asset.id", "result.asset_id")
    .innerJoin("image", "image.id", "asset.image_id")
    .innerJoin("blob", "blob.sha256", "result.sbom")
    .where((eb) => conditionOf(eb, wanted))
    .where((eb) => visibleTo(eb, actor))
    .select(["result.sbom", "asset.kind", "asset.name", "blob.bytes"])
    .orderBy("result.created_at", "desc")
    .orderBy("result.id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const id = sbomIdOf(row.sbom);
  if (wanted.by === "id" && id !== wanted.id) return null;
  return { id, name: row.name, sbom: shownAs(JSON.parse(await documentText(row.bytes)), row) };
}

function conditionOf(eb: ExpressionBuilder<Tables, "asset" | "image" | "result">, wanted: WantedSbom) {
  switch (wanted.by) {
    case "id": {
      const { first, last } = sbomHashes(wanted.id);
      return eb.between("result.sbom", first, last);
    }
    case "image":
      return eb("image.image_id", "=", Buffer.from(wanted.imageId, "hex"));
    case "host":
      return eb.and([eb("asset.kind", "=", "host"), eb("asset.name", "=", wanted.name)]);
    case "asset":
      return sql<SqlBool>`asset.id = ('x' || ${wanted.assetId})::bit(64)::bigint`;
  }
}
