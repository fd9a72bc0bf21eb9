import { expressionBuilder, type Kysely, type RawBuilder, sql } from "kysely";
import { parseFilter } from "../../filter/parse-filter.ts";
import type { Actor } from "../../identity/actor.ts";
import type { Tables } from "../tables.ts";
import { completeField, filtered, imagePlaceFields } from "./asset-filter.ts";
import { conditionOf, type Listed, type PagePart, pageOfAssets, pageQuery, type SortOrder } from "./asset-page.ts";
import { type NameOfFlaw, resolveComponents } from "./component-filter.ts";
import { type FilterFields, severityField, someOf, textField, yesField } from "./filter-fields.ts";
import { sbomIdOf } from "./sbom-id.ts";
import { visibleTo } from "./visible-assets.ts";

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
  /** Name of its SBOM, a UUID. */
  readonly sbomId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly policy: string;
  readonly totals: Totals;
  /** Findings with a known exploit, and with a known fix, as it was known then. */
  readonly exploitable: number;
  readonly fixable: number;
  /** Whether the verdict could not be wrong; `null`: unknown, as it is not the newest of its image. */
  readonly isComplete: boolean | null;
}

/** Severities and verdicts are the frozen ones; packages never change; flaws are those known now. */
export const pipelineFields: FilterFields = {
  ...imagePlaceFields,
  complete: completeField(sql`v.result_id = result.id`),
  policyStatus: textField(sql<string>`result.policy`),
  severity: severityField((counters) => someOf("result", counters)),
  hasFix: yesField(someOf("result", ["fixable"])),
  hasExploit: yesField(someOf("result", ["exploitable"])),
};

const id = { column: sql`result.id`, type: "bytea" } as const;
const rank = { column: sql`result.rank`, type: "bigint" } as const;

const sortOrders = {
  createdAt: { keys: [{ column: sql`result.created_at`, type: "timestamptz" }, id], indexed: 2 },
  risk: { keys: [{ column: sql`result.exploitable`, type: "integer" }, rank, id], indexed: 3 },
  vulnTotalBySeverity: { keys: [rank, id], indexed: 2 },
  name: { keys: [{ column: sql`asset.name collate "C"`, type: "text" }, id], indexed: 0 },
} as const satisfies Readonly<Record<string, SortOrder>>;

export interface PipelineQuery extends ListQuery {
  readonly sort: keyof typeof sortOrders;
  /** `desc`: the newest or worst first. */
  readonly order: "asc" | "desc";
}

type Found = Totals & Omit<PipelineRow, "totals" | "sbomId"> & { readonly sbomHash: Buffer };

/** Frozen results of pipelines. Throws BAD_FILTER, UNKNOWN_FIELD, BAD_CURSOR. */
export async function pipelineResults(
  db: Kysely<Tables>,
  actor: Pick<Actor, "team" | "audiences">,
  { query, nameOfFlaw }: { readonly query: PipelineQuery; readonly nameOfFlaw: NameOfFlaw },
): Promise<Listed<PipelineRow>> {
  const { filter: text = "", cursor, limit, order, sort } = query;
  const filter = parseFilter(text);
  const conditions = await resolveComponents(db, filter, nameOfFlaw);
  const visible = visibleTo(expressionBuilder<Tables, "asset">(), actor);
  const wanted = filter === null ? sql`true` : filtered(filter, pipelineFields, conditions);
  const condition = conditionOf(["pipeline"], visible, wanted);
  const walk = {
    binding: ["pipeline", actor.team, text, sort, order],
    ...{ cursor, limit, order },
    sort: sortOrders[sort],
  };
  const page = await pageOfAssets<Found>(walk, async (asked) => {
    const { rows } = await pageQuery<Found>(asked, listOf(asked, walk.sort, condition)).execute(db);
    return rows;
  });
  return { ...page, rows: page.rows.map(rowOf) };
}

const frozen = sql`result.id, result.asset_id, result.created_at, result.sbom, result.policy, result.critical, result.high, result.medium, result.low,
  result.negligible, result.unknown, result.exploitable, result.fixable`;

function listOf({ from }: PagePart, sort: SortOrder, condition: RawBuilder<unknown>) {
  const both = sql`asset join result on result.asset_id = asset.id`;
  // In the order of an index of results: each row is asked whether it belongs to the list.
  const byResults = sql`(select * from result where ${from}) result cross join lateral (
    select asset.* from asset where asset.id = result.asset_id and ${condition} offset 0) asset`;
  return {
    found: sql`select result.asset_id, result.id from ${both} where ${condition}`,
    fetchedAs: sql`hit join result on (result.asset_id, result.id) = (hit.asset_id, hit.id) join asset on asset.id = hit.asset_id`,
    walked:
      sort.indexed > 0
        ? byResults
        : sql`(select result.*, asset.name, asset.image_id from ${both} where ${condition}) result
      cross join lateral (select result.name, result.image_id) asset`,
    columns: sql`asset.name, asset.image_id, ${frozen}`,
    rest: {
      columns: sql`encode(page.id, 'hex') as "resultId", encode(image.image_id, 'hex') as "imageId",
        page.created_at as "createdAt", page.sbom as "sbomHash", v.complete as "isComplete"`,
      joins: sql`left join image on image.id = page.image_id
        left join verdict v on v.asset_id = page.asset_id and v.result_id = page.id`,
    },
  };
}

function rowOf({ resultId, imageId, sbomHash, name, createdAt, policy, isComplete, ...counters }: Found): PipelineRow {
  const { critical, high, medium, low, negligible, unknown, exploitable, fixable } = counters;
  const totals = { critical, high, medium, low, negligible, unknown };
  const sbomId = sbomIdOf(sbomHash);
  return { resultId, imageId, sbomId, name, createdAt, policy, totals, exploitable, fixable, isComplete };
}
