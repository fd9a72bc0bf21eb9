import { type Severity, severities, severityRank } from "@plimsoll/model";
import { type Expression, type SqlBool, sql } from "kysely";
import { badFilter, type Comparison } from "../../filter/parse-filter.ts";

/** What a field's comparison means, as a condition on a row of `asset` (and of `result`, in lists of those). Throws BAD_FILTER. */
export type FilterField = (comparison: Comparison) => Expression<SqlBool>;

export type FilterFields = Readonly<Record<string, FilterField>>;

/** A text of the row. */
export function textField(column: Expression<string>): FilterField {
  return (comparison) => compared(column, comparison);
}

/** A label of the asset's scope; equality is looked up by index. */
export function labelField(name: string): FilterField {
  const column = sql<string>`asset.scope ->> ${name}::text`;
  return (comparison) =>
    comparison.operator === "in"
      ? anyOf(comparison.values.map((value) => sql`asset.scope @> ${JSON.stringify({ [name]: value })}::jsonb`))
      : compared(column, comparison);
}

/** Yes or no. */
export function yesField(holds: Expression<SqlBool>): FilterField {
  return ({ field, operator, values: [value = ""] }) => {
    const wanted = yesOrNo.get(value.toLowerCase());
    if (wanted === undefined || (operator !== "in" && operator !== "not-in"))
      throw badFilter(`${field} is true or false`);
    return wanted === (operator === "in") ? holds : sql<SqlBool>`not ${holds}`;
  };
}

const yesOrNo: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["false", false],
  ["no", false],
]);

/** Something of a severity, or (`>=`) at least so severe. `some`: whether one of these counters is not zero. */
export function severityField(some: (counters: readonly Severity[]) => Expression<SqlBool>): FilterField {
  return ({ field, operator, values }) => {
    const named = values.map((value) => {
      const severity = severities.find((known) => known === value.toLowerCase());
      if (severity === undefined) throw badFilter(`${field} is one of ${severities.join(", ")}`);
      return severity;
    });
    if (operator === "in") return some(named);
    if (operator === "not-in") return sql<SqlBool>`not ${some(named)}`;
    const [least] = named;
    if (operator !== "at-least" || least === undefined) throw badFilter(`${field} is compared by =, !=, in or >=`);
    return some(severities.filter((severity) => severityRank(severity) >= severityRank(least)));
  };
}

/** A sum of counters of `table` that is not zero. */
export function someOf(table: string, counters: readonly string[]): Expression<SqlBool> {
  return sql<SqlBool>`(${sql.join(
    counters.map((counter) => sql.ref(`${table}.${counter}`)),
    sql` + `,
  )} > 0)`;
}

/** One of these, by brackets of its own. */
export function anyOf(conditions: readonly Expression<unknown>[]): Expression<SqlBool> {
  return sql<SqlBool>`(${sql.join(conditions, sql` or `)})`;
}

/** All of these. */
export function allOf(conditions: readonly Expression<unknown>[]): Expression<SqlBool> {
  return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

/** A text against a comparison's values; no text is unlike every value. */
export function compared(column: Expression<string>, { field, operator, values }: Comparison): Expression<SqlBool> {
  const [value = ""] = values;
  if (operator === "at-least") throw badFilter(`${field} has no order`);
  if (operator === "contains") return sql<SqlBool>`strpos(${column}, ${value}) > 0`;
  if (operator === "starts-with") return sql<SqlBool>`starts_with(${column}, ${value})`;
  const list = sql`array[${sql.join(values)}]::text[]`;
  if (operator === "not-in") return sql<SqlBool>`coalesce(${column} <> all (${list}), true)`;
  return sql<SqlBool>`${column} = any (${list})`;
}
