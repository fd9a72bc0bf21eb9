import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import { platformError } from "../../errors.ts";
import type { Comparison, Filter } from "../../filter/parse-filter.ts";
import type { Actor } from "../../identity/actor.ts";
import type { Tables } from "../tables.ts";

export type Rows = ExpressionBuilder<Tables, "asset">;

/**
 * What an actor may see of the assets: the one place that every list goes through (decision 15). A team sees its own
 * pipelines' results, and of its other assets and of those that belong to no team what lies in its zones.
 */
export function visibleTo(_: Rows, { team, audiences }: Pick<Actor, "team" | "audiences">): Expression<SqlBool> {
  if (team === null) return sql<SqlBool>`true`;
  if (audiences !== undefined) return sql<SqlBool>`asset.audience = any (${[...audiences]}::integer[])`;
  return sql<SqlBool>`asset.audience = any ((select audiences_of(${team}))::integer[])`;
}

/** Fields that lists filter by: a column of the asset, or a label of its scope. */
export type FilterFields = Readonly<Record<string, "name" | "kind" | { readonly label: string }>>;

/** A filter as a condition on assets. Throws UNKNOWN_FIELD. */
export function filtered(eb: Rows, filter: Filter, fields: FilterFields): Expression<SqlBool> {
  if (filter.kind !== "comparison") {
    const parts = filter.parts.map((part) => filtered(eb, part, fields));
    return filter.kind === "and" ? eb.and(parts) : eb.or(parts);
  }
  if (filter.field === "freeText") return freeText(filter);
  const zoneColumn = zoneFields.get(filter.field);
  if (zoneColumn !== undefined) return inZone(zoneColumn, filter);
  const field = fields[filter.field];
  if (field === undefined) {
    const known = ["freeText", ...zoneFields.keys(), ...Object.keys(fields)].join(", ");
    throw platformError("UNKNOWN_FIELD", { fields: { field: filter.field, fields: known } });
  }
  const column =
    typeof field === "string" ? sql.ref<string>(`asset.${field}`) : sql<string>`asset.scope ->> ${field.label}`;
  return compared(column, filter);
}

/** Every list can be filtered by zones, by name or by id. */
const zoneFields: ReadonlyMap<string, Expression<string>> = new Map([
  ["zone", sql<string>`z.name`],
  ["zone.name", sql<string>`z.name`],
  ["zone.id", sql<string>`z.id::text`],
]);

/** In one of the zones that the values name; a system zone holds everything. */
function inZone(column: Expression<string>, { operator, values }: Comparison): Expression<SqlBool> {
  const named = compared(column, {
    kind: "comparison",
    field: "zone",
    operator: operator === "contains" ? operator : "in",
    values,
  });
  const inside = sql<SqlBool>`asset.audience in (
    select u.id from audience u join zone z on z.of_team is null and (z.is_system or z.id = any (u.zones)) where ${named})`;
  return operator === "not-in" ? sql<SqlBool>`not ${inside}` : inside;
}

function compared(column: Expression<string>, { operator, values }: Comparison): Expression<SqlBool> {
  if (operator === "contains") return sql<SqlBool>`strpos(${column}, ${values[0] ?? ""}) > 0`;
  const list = sql`array[${sql.join(values)}]::text[]`;
  if (operator === "not-in") return sql<SqlBool>`coalesce(${column} <> all (${list}), true)`;
  return sql<SqlBool>`${column} = any (${list})`;
}

/** Part of the name, or the image's digest. */
function freeText({ operator, values }: Comparison): Expression<SqlBool> {
  const hits = values.map((value) => {
    const digest = /^(?:sha256:)?([0-9a-f]{64})$/.exec(value)?.[1];
    const byName = sql<SqlBool>`strpos(lower(asset.name), lower(${value})) > 0`;
    if (digest === undefined) return byName;
    return sql<SqlBool>`(${byName} or asset.image_id in (select id from image where image_id = decode(${digest}, 'hex')))`;
  });
  const any = sql<SqlBool>`(${sql.join(hits, sql` or `)})`;
  return operator === "not-in" ? sql<SqlBool>`not ${any}` : any;
}
