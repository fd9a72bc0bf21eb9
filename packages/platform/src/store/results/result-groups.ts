import { expressionBuilder, type Kysely, type RawBuilder, sql } from "kysely";
import { parseFilter } from "../../filter/parse-filter.ts";
import type { Actor } from "../../identity/actor.ts";
import type { Tables } from "../tables.ts";
import { filtered, tagOfName } from "./asset-filter.ts";
import { conditionOf } from "./asset-page.ts";
import { type NameOfFlaw, resolveComponents } from "./component-filter.ts";
import type { FilterFields } from "./filter-fields.ts";
import { registryKind, runtimeKind } from "./live-results.ts";
import { pipelineFields, type Totals } from "./pipeline-results.ts";
import { visibleTo } from "./visible-assets.ts";

/** Numbers of a list, or of a part of it. Severities, exploits and fixes count rows that have some. */
export interface Group {
  /** `null`: of what has no such label. */
  readonly value: string | null;
  readonly rows: number;
  readonly images: number;
  readonly rowsBySeverity: Omit<Totals, "unknown">;
  readonly exploitable: number;
  readonly fixable: number;
  readonly failed: number;
  readonly incomplete: number;
  readonly newest: Date | null;
}

export interface ResultGroups {
  readonly whole: Group;
  /** Worst first. */
  readonly rows: readonly Group[];
  /** How many there are. */
  readonly groups: number;
}

export interface GroupsQuery {
  readonly stage: "pipeline" | "registry" | "runtime";
  readonly by?: keyof typeof groupedBy | undefined;
  readonly filter?: string | undefined;
  /** Part of the group's name. */
  readonly like?: string | undefined;
  readonly limit: number;
}

const label = (name: string) => sql<string>`asset.scope ->> ${sql.lit(name)}`;

/** By what a list can be taken apart. */
const groupedBy = {
  vendor: label("registry.vendor"),
  registry: label("registry.name"),
  repository: label("repository.name"),
  tag: tagOfName,
  type: sql<string>`asset.kind`,
  cluster: label("kubernetes.cluster.name"),
  namespace: label("kubernetes.namespace.name"),
  workload: label("kubernetes.workload.name"),
  host: label("host.hostName"),
  policyStatus: sql<string>`coalesce(v.status, 'noPolicy')`,
} as const satisfies Readonly<Record<string, RawBuilder<string>>>;

interface Stage {
  readonly kinds: readonly string[];
  readonly fields: FilterFields;
  /** With counters as c, verdicts as v. */
  readonly from: RawBuilder<unknown>;
}

const live = sql`asset join image_counter c on c.image_id = asset.image_id left join verdict v on v.asset_id = asset.id`;
// As it was answered then: the verdict too, and whether it could be wrong, which is kept of the newest.
const frozen = sql`asset join result on result.asset_id = asset.id
  cross join lateral (select result.critical, result.high, result.medium, result.low, result.negligible, result.unknown,
    result.exploitable, result.fixable) c
  left join verdict newest on newest.asset_id = asset.id and newest.result_id = result.id
  cross join lateral (
    select result.policy as status, newest.complete, result.created_at as evaluated_at) v`;

const stages: Readonly<Record<GroupsQuery["stage"], Stage>> = {
  pipeline: { kinds: ["pipeline"], fields: pipelineFields, from: frozen },
  registry: { ...registryKind, from: live },
  runtime: { ...runtimeKind, from: live },
};

const numbers = sql`count(*)::integer as rows, count(distinct image)::integer as images,
  count(*) filter (where critical > 0)::integer as critical, count(*) filter (where high > 0)::integer as high,
  count(*) filter (where medium > 0)::integer as medium, count(*) filter (where low > 0)::integer as low,
  count(*) filter (where negligible > 0)::integer as negligible,
  count(*) filter (where exploitable > 0)::integer as exploitable, count(*) filter (where fixable > 0)::integer as fixable,
  count(*) filter (where status = 'failed')::integer as failed,
  count(*) filter (where not complete)::integer as incomplete, max(at) as newest`;

type Counted = Omit<Group, "rowsBySeverity"> & Group["rowsBySeverity"];

/** A list of results taken apart; one pass over what its filter leaves. Throws BAD_FILTER, UNKNOWN_FIELD. */
export async function resultGroups(
  db: Kysely<Tables>,
  actor: Pick<Actor, "team" | "audiences">,
  { query, nameOfFlaw }: { readonly query: GroupsQuery; readonly nameOfFlaw: NameOfFlaw },
): Promise<ResultGroups> {
  const { stage, by, limit, like = "" } = query;
  const { kinds, fields, from } = stages[stage];
  const filter = parseFilter(query.filter ?? "");
  const conditions = await resolveComponents(db, filter, nameOfFlaw);
  const visible = visibleTo(expressionBuilder<Tables, "asset">(), actor);
  const condition = conditionOf(kinds, visible, filter === null ? sql`true` : filtered(filter, fields, conditions));
  const value = by === undefined ? sql`null::text` : groupedBy[by];
  const { rows } = await sql<Counted & { isWhole: number; groups: number }>`
    with row as materialized (
      select ${value} as value, asset.image_id as image, c.critical, c.high, c.medium + c.unknown as medium, c.low,
        c.negligible, c.exploitable, c.fixable, v.status, v.complete, v.evaluated_at as at
      from ${from} where ${condition}),
    part as (
      select value, ${numbers} from row where ${by !== undefined} and (${like} = '' or strpos(lower(value), lower(${like})) > 0)
      group by value)
    select 1 as "isWhole", 0 as groups, null as value, ${numbers} from row
    union all (select 0, (count(*) over ())::integer, part.* from part
      order by exploitable desc, critical desc, high desc, medium desc, rows desc, value limit ${limit})`.execute(db);
  const parts = rows.filter(({ isWhole }) => isWhole === 0);
  const [whole] = rows.filter(({ isWhole }) => isWhole === 1).map(groupOf);
  if (whole === undefined) throw new Error("an aggregate answers one row");
  return { whole, rows: parts.map(groupOf), groups: parts[0]?.groups ?? 0 };
}

function groupOf({ critical, high, medium, low, negligible, ...row }: Counted): Group {
  const { value, rows, images, exploitable, fixable, failed, incomplete, newest } = row;
  const rowsBySeverity = { critical, high, medium, low, negligible };
  return { value, rows, images, rowsBySeverity, exploitable, fixable, failed, incomplete, newest };
}
