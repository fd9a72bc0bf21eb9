import { type Kysely, sql } from "kysely";
import { type Filter, parseFilter } from "../../filter/parse-filter.ts";
import type { Actor } from "../../identity/actor.ts";
import type { Tables } from "../tables.ts";
import { cursorPosition, cursorText } from "./cursor.ts";
import { type FilterFields, filtered, visibleTo } from "./visible-assets.ts";

export interface ListQuery {
  readonly filter?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface Totals {
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly negligible: number;
  /** Rated by nobody. */
  readonly unknown: number;
}

export interface PipelineRow {
  /** 32 hex digits. */
  readonly resultId: string;
  /** 64 hex digits. */
  readonly imageId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly policy: string;
  readonly totals: Totals;
}

export interface Listed<Row> {
  readonly rows: readonly Row[];
  /** `null` at the end. */
  readonly next: string | null;
  readonly total: number;
}

const fields: FilterFields = { pullString: "name", name: "name" };

/** Frozen results of pipelines, newest first. Throws BAD_FILTER, UNKNOWN_FIELD, BAD_CURSOR. */
export async function pipelineResults(
  db: Kysely<Tables>,
  actor: Pick<Actor, "team">,
  { filter: text = "", cursor, limit }: ListQuery,
): Promise<Listed<PipelineRow>> {
  const list = ["pipeline", actor.team, text];
  const filter = parseFilter(text);
  const after = cursor === undefined ? null : cursorPosition(cursor, list, ["string", "string"]);
  const rows = await baseQuery(db, actor, filter)
    .innerJoin("image", "image.id", "asset.image_id")
    .select(({ ref }) => [
      sql<string>`encode(${ref("result.id")}, 'hex')`.as("resultId"),
      sql<string>`encode(${ref("image.image_id")}, 'hex')`.as("imageId"),
      "asset.name",
      "result.created_at",
      sql<string>`${ref("result.created_at")}::text`.as("position"),
      "result.policy",
      "result.critical",
      "result.high",
      "result.medium",
      "result.low",
      "result.negligible",
      "result.unknown",
    ])
    .$if(after !== null, (query) =>
      query.where(
        sql<boolean>`(result.created_at, result.id) < (${after?.[0]}::timestamptz, decode(${after?.[1]}, 'hex'))`,
      ),
    )
    .orderBy("result.created_at", "desc")
    .orderBy("result.id", "desc")
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    rows: page.map(({ created_at, position: _, resultId, imageId, name, policy, ...totals }) => ({
      resultId,
      imageId,
      name,
      createdAt: created_at,
      policy,
      totals,
    })),
    next: last === undefined ? null : cursorText(list, [last.position, last.resultId]),
    total: await countOf(db, actor, filter),
  };
}

function baseQuery(db: Kysely<Tables>, actor: Pick<Actor, "team">, filter: Filter | null) {
  const query = db
    .selectFrom("asset")
    .innerJoin("result", "result.asset_id", "asset.id")
    .where("asset.kind", "=", "pipeline")
    .where((eb) => visibleTo(eb, actor));
  return filter === null ? query : query.where((eb) => filtered(eb, filter, fields));
}

async function countOf(db: Kysely<Tables>, actor: Pick<Actor, "team">, filter: Filter | null): Promise<number> {
  const row = await baseQuery(db, actor, filter)
    .select(({ fn }) => fn.countAll<number>().as("n"))
    .executeTakeFirst();
  return Number(row?.n ?? 0);
}
