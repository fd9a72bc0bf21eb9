import type { Report, Sbom } from "@plimsoll/model";
import { type Kysely, sql } from "kysely";
import type { Actor } from "../../identity/actor.ts";
import { documentText } from "../ingest/document.ts";
import type { Tables } from "../tables.ts";
import { sbomIdOf } from "./sbom-id.ts";
import { visibleTo } from "./visible-assets.ts";

/** What is kept of one result. */
export interface KeptResult {
  /** 32 hex digits. */
  readonly id: string;
  readonly assetKind: string;
  /** What the asset is called. */
  readonly name: string;
  /** Revision of the store's knowledge that it was made with. */
  readonly knowledgeSeq: number;
  /** Name of its SBOM, a UUID. */
  readonly sbomId: string;
  /** As it was written; byte for byte the same whenever it is read. */
  readonly report: Report;
}

/** One result by its 32 hex digits; `null` when there is none that the actor may see. */
export async function keptResult(
  db: Kysely<Tables>,
  actor: Pick<Actor, "team">,
  id: string,
): Promise<KeptResult | null> {
  if (!/^[0-9a-f]{32}$/.test(id)) return null;
  const row = await db
    .selectFrom("result")
    .innerJoin("asset", "asset.id", "result.asset_id")
    .innerJoin("blob as s", "s.sha256", "result.sbom")
    .innerJoin("blob as r", "r.sha256", "result.report")
    .where("result.asset_id", "=", sql<string>`('x' || ${id.slice(0, 16)})::bit(64)::bigint`)
    .where("result.id", "=", Buffer.from(id, "hex"))
    .where((eb) => visibleTo(eb, actor))
    .select([
      "asset.kind",
      "asset.name",
      "result.knowledge_seq",
      "result.sbom as sbomHash",
      "s.bytes as sbom",
      "r.bytes as report",
    ])
    .executeTakeFirst();
  if (row === undefined) return null;
  const [sbom, report] = await Promise.all([documentText(row.sbom), documentText(row.report)]);
  return {
    id,
    assetKind: row.kind,
    name: row.name,
    knowledgeSeq: row.knowledge_seq,
    sbomId: sbomIdOf(row.sbomHash),
    report: { sbom: shownAs(JSON.parse(sbom), row), ...JSON.parse(report) },
  };
}

/** What runs may be shown by the scan of somebody who found its image elsewhere: by what name is not told. */
export function shownAs(sbom: Sbom, { kind, name }: { readonly kind: string; readonly name: string }): Sbom {
  if (kind !== "workload" && kind !== "container" && kind !== "registry") return sbom;
  return { ...sbom, source: { ...sbom.source, name } };
}
