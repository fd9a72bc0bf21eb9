import { type Expression, expressionBuilder, type Kysely, type RawBuilder, sql } from "kysely";
import { type Filter, parseFilter } from "../../filter/parse-filter.ts";
import type { Actor } from "../../identity/actor.ts";
import type { Tables } from "../tables.ts";
import { asksSome, completeField, filtered, imagePlaceFields, inUseField, splitFilter } from "./asset-filter.ts";
import { conditionOf, type Listed, type PagePart, pageOfAssets, pageQuery, type SortOrder } from "./asset-page.ts";
import { type NameOfFlaw, resolveComponents } from "./component-filter.ts";
import { type FilterFields, labelField, severityField, someOf, textField, yesField } from "./filter-fields.ts";
import type { ListQuery, Totals } from "./pipeline-results.ts";
import { sbomIdOf } from "./sbom-id.ts";
import { visibleTo } from "./visible-assets.ts";

/** What a list of live results is of. */
export interface LiveKind {
  readonly kinds: readonly string[];
  readonly fields: FilterFields;
}

export interface LiveRow {
  /** Result of the last scan; 32 hex digits. */
  readonly resultId: string;
  /** 16 hex digits. */
  readonly assetId: string;
  readonly imageId: string;
  /** Name of its newest SBOM, a UUID; `null`: there is none. */
  readonly sbomId: string | null;
  readonly kind: string;
  readonly name: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly policy: string;
  readonly totals: Totals;
  /** Findings with a known exploit, and with a known fix. */
  readonly exploitable: number;
  readonly fixable: number;
  /** Whether the verdict could not be wrong; `null`: there is none. */
  readonly isComplete: boolean | null;
  /** The same of its packages in use; `null`: nobody looked. */
  readonly running: Totals | null;
}

/** Conditions on the counters of the asset's image alone: an index of these is walked with them. */
const counterFields: FilterFields = {
  severity: severityField((counters) => someOf("c", counters)),
  hasFix: yesField(someOf("c", ["fixable"])),
  hasExploit: yesField(someOf("c", ["exploitable"])),
};

const liveFields: FilterFields = {
  policyStatus: textField(
    sql<string>`coalesce((select v.status from verdict v where v.asset_id = asset.id), 'noPolicy')`,
  ),
  complete: completeField(sql`true`),
  ...counterFields,
  inUse: inUseField,
  hasRunningVulns: inUseField,
};

export const registryKind: LiveKind = { kinds: ["registry"], fields: { ...liveFields, ...imagePlaceFields } };

const kubernetes = ["cluster.name", "namespace.name", "workload.name", "workload.type", "pod.container.name"];

const runtimeFields: FilterFields = {
  ...liveFields,
  "asset.type": textField(sql<string>`asset.kind`),
  ...Object.fromEntries(kubernetes.map((name) => [`kubernetes.${name}`, labelField(`kubernetes.${name}`)])),
  cluster: labelField("kubernetes.cluster.name"),
  namespace: labelField("kubernetes.namespace.name"),
  workload: labelField("kubernetes.workload.name"),
  "host.hostName": labelField("host.hostName"),
  "image.name": labelField("image.name"),
  "container.image": labelField("container.image"),
  "container.image.id": labelField("container.image.id"),
};

export const runtimeKind: LiveKind = { kinds: ["workload", "host", "container"], fields: runtimeFields };

/** Whatever is known now of anything, wherever it was seen. */
export const anyKind: LiveKind = {
  kinds: ["pipeline", "registry", "workload", "host", "container"],
  fields: { ...runtimeFields, ...imagePlaceFields },
};

const assetId = { column: sql`asset.id`, type: "bigint" } as const;
const imageId = { column: sql`c.image_id`, type: "bigint" } as const;
const rank = { column: sql`c.rank`, type: "bigint" } as const;
const runningRank = { column: sql`u.rank`, type: "bigint" } as const;
const runningSet = { column: sql`u.id`, type: "integer" } as const;

/** Worst last; a list is asked for in either direction. */
const sortOrders = {
  risk: { keys: [{ column: sql`c.exploitable`, type: "integer" }, rank, imageId, assetId], indexed: 3 },
  vulnTotalBySeverity: { keys: [rank, imageId, assetId], indexed: 2 },
  runningVulnTotalBySeverity: { keys: [runningRank, runningSet, assetId], indexed: 2 },
  name: { keys: [{ column: sql`asset.name collate "C"`, type: "text" }, assetId], indexed: 0 },
  createdAt: { keys: [{ column: sql`asset.updated_at`, type: "timestamptz" }, assetId], indexed: 0 },
} as const satisfies Readonly<Record<string, SortOrder>>;

export interface LiveQuery extends ListQuery {
  readonly sort: keyof typeof sortOrders;
  /** `desc`: the worst first. */
  readonly order: "asc" | "desc";
}

type Found = Totals & Omit<LiveRow, "totals" | "sbomId"> & { readonly sbomHash: Buffer | null };

const isByRunning = (sort: SortOrder): boolean => sort.keys[0] === runningRank;

/** Live results: what is known now, not what was when they were scanned. Throws BAD_FILTER, UNKNOWN_FIELD, BAD_CURSOR. */
export async function liveResults(
  db: Kysely<Tables>,
  actor: Pick<Actor, "team" | "audiences">,
  { kind, query, nameOfFlaw }: { readonly kind: LiveKind; readonly query: LiveQuery; readonly nameOfFlaw: NameOfFlaw },
): Promise<Listed<LiveRow>> {
  const { filter: text = "", cursor, limit, order, sort } = query;
  const filter = parseFilter(text);
  const conditions = await resolveComponents(db, filter, nameOfFlaw);
  const visible = visibleTo(expressionBuilder<Tables, "asset">(), actor);
  const part = (some: Filter | null) => (some === null ? sql`true` : filtered(some, kind.fields, conditions));
  const { inside, outside } = splitFilter(filter, counterFields);
  const scope = {
    ofAssets: conditionOf(kind.kinds, visible, part(outside)),
    ofCounters: part(inside),
    asksCounters: filter !== null && asksSome(filter, counterFields),
  };
  const walk = {
    binding: [kind.kinds, actor.team, text, sort, order],
    ...{ cursor, limit, order },
    sort: sortOrders[sort],
  };
  const page = await pageOfAssets<Found>(walk, async (asked) => {
    const { rows } = await pageQuery<Found>(asked, listOf(asked, walk.sort, scope)).execute(db);
    return rows;
  });
  return { ...page, rows: page.rows.map(rowOf) };
}

interface Scope {
  /** On rows of asset; and on those of image_counter, as c. */
  readonly ofAssets: RawBuilder<unknown>;
  readonly ofCounters: Expression<unknown>;
  readonly asksCounters: boolean;
}

const counters = sql`c.critical, c.high, c.medium, c.low, c.negligible, c.unknown, c.exploitable, c.fixable`;
const columns = sql`asset.id, asset.kind, asset.name, asset.scope, asset.image_id, asset.updated_at, asset.in_use`;

function listOf({ from }: PagePart, sort: SortOrder, { ofAssets, ofCounters, asksCounters }: Scope) {
  const both = sql`asset join image_counter c on c.image_id = asset.image_id`;
  // In the order of an index of counters: each row is asked whether it belongs to the list.
  const byCounters = sql`(select * from image_counter c where ${from} and ${ofCounters}) c cross join lateral (
    select asset.* from asset where asset.image_id = c.image_id and ${ofAssets} offset 0) asset`;
  const byRunning = sql`(select * from running_set u where ${from}) u cross join lateral (
    select asset.* from asset where asset.in_use = u.id and ${ofAssets} offset 0) asset
    join (select * from image_counter c where ${ofCounters}) c on c.image_id = asset.image_id`;
  const byAssets = sql`(select asset.* from asset where ${ofAssets}) asset
    join (select * from image_counter c where ${ofCounters}) c on c.image_id = asset.image_id`;
  return {
    found: sql`select asset.id from ${asksCounters ? both : sql`asset`} where ${ofAssets} and ${ofCounters}`,
    fetchedAs: sql`hit join asset on asset.id = hit.id join image_counter c on c.image_id = asset.image_id
      ${isByRunning(sort) ? sql`join running_set u on u.id = asset.in_use` : sql``}`,
    walked: isByRunning(sort) ? byRunning : sort.indexed > 0 ? byCounters : byAssets,
    columns: sql`${columns}, ${counters}`,
    rest: {
      columns: sql`coalesce(encode(v.result_id, 'hex'), '') as "resultId", lpad(to_hex(page.id), 16, '0') as "assetId",
        coalesce(case when v.result_id is null then w.image else encode(image.image_id, 'hex') end, '') as "imageId", coalesce(v.evaluated_at, page.updated_at) as "createdAt",
        coalesce(v.status, 'noPolicy') as policy, v.complete as "isComplete", r.sbom as "sbomHash",
        case when page.in_use > 0 then jsonb_build_object('critical', u.critical, 'high', u.high, 'medium', u.medium,
          'low', u.low, 'negligible', u.negligible, 'unknown', u.unknown) end as running`,
      joins: sql`left join image on image.id = page.image_id left join verdict v on v.asset_id = page.id
        left join result r on r.asset_id = page.id and r.id = v.result_id left join running_set u on u.id = page.in_use
        left join lateral (select encode(x.image_id, 'hex') as image from running x where x.asset_id = page.id limit 1) w on true`,
    },
  };
}

function rowOf({ critical, high, medium, low, negligible, unknown, ...row }: Found): LiveRow {
  const { resultId, assetId, imageId: image, kind, name, scope, createdAt, policy, exploitable, fixable } = row;
  const totals = { critical, high, medium, low, negligible, unknown };
  const sbomId = row.sbomHash === null ? null : sbomIdOf(row.sbomHash);
  const seen = { resultId, assetId, imageId: image, sbomId, kind, name, scope, createdAt };
  return { ...seen, policy, totals, exploitable, fixable, running: row.running, isComplete: row.isComplete };
}
