import { type Expression, type Kysely, type SqlBool, sql } from "kysely";
import { badFilter, type Comparison, type Filter } from "../../filter/parse-filter.ts";
import { componentsOfFlaws, componentsOfPackages } from "../search/find-components.ts";
import { packageWanted } from "../search/package-wanted.ts";
import type { Tables } from "../tables.ts";

/** Fields that ask for packages or flaws. */
export const componentFields = ["vulnerability", "cve", "package", "package.name"] as const;

/** Conditions on assets, by the comparison that asks for it. */
export type ComponentConditions = ReadonlyMap<Comparison, Expression<SqlBool>>;

/** Names that one flaw goes by: its group's, if the knowledge at hand says so. */
export type NameOfFlaw = (id: string) => string;

/** Beyond so many places (package in a set × sets above), a fifth of a second's work, rows are asked one by one instead (store.md, "Bounded plan"). */
const mostPlaces = 100_000;

/** Looks up what a filter's comparisons with packages and flaws name. Throws BAD_FILTER. */
export async function resolveComponents(
  db: Kysely<Tables>,
  filter: Filter | null,
  nameOfFlaw: NameOfFlaw,
): Promise<ComponentConditions> {
  const conditions = new Map<Comparison, Expression<SqlBool>>();
  for (const comparison of comparisonsOf(filter)) {
    const condition = await assetsWith(db, await componentsOf(db, comparison, nameOfFlaw));
    conditions.set(comparison, comparison.operator === "not-in" ? sql<SqlBool>`not ${condition}` : condition);
  }
  return conditions;
}

function comparisonsOf(filter: Filter | null): Comparison[] {
  if (filter === null) return [];
  if (filter.kind !== "comparison") return filter.parts.flatMap(comparisonsOf);
  return componentFields.some((field) => field === filter.field) ? [filter] : [];
}

async function componentsOf(
  db: Kysely<Tables>,
  { field, operator, values }: Comparison,
  nameOfFlaw: NameOfFlaw,
): Promise<readonly number[]> {
  if (field === "vulnerability" || field === "cve") {
    if (operator !== "in" && operator !== "not-in") throw badFilter(`${field} is compared by =, != or in`);
    return componentsOfFlaws(db, values.map(nameOfFlaw));
  }
  if (operator === "contains" || operator === "at-least")
    throw badFilter(`${field} is compared by =, !=, in or startsWith`);
  const wanted = values.map((value) => (field === "package" ? packageWanted(value) : { name: value }));
  return componentsOfPackages(db, wanted, operator === "starts-with");
}

/** Assets whose image has one of these components: by a list of images where there are few, else by asking each asset. */
async function assetsWith(db: Kysely<Tables>, ids: readonly number[]): Promise<Expression<SqlBool>> {
  const places = await sql<{ n: number }>`select count(*) as n from (
    select from package_set_edge e join set_ancestor a on a.ancestor_id = e.set_id
    where e.component_id = any (${ids}::integer[]) limit ${mostPlaces + 1}) t`.execute(db);
  if ((places.rows[0]?.n ?? 0) > mostPlaces) return asking(db, ids);
  const found = await sql<{ id: number }>`select i.id from image i join (
    select a.set_id from package_set_edge e join set_ancestor a on a.ancestor_id = e.set_id
    where e.component_id = any (${ids}::integer[]) group by a.set_id having sum(e.n) > 0) s on s.set_id = i.set_id`.execute(
    db,
  );
  return sql<SqlBool>`asset.image_id = any (${found.rows.map(({ id }) => id)}::bigint[])`;
}

/** Sets that bring such a component, or take it away, as two lists that a row's few ancestors are looked up in. */
async function asking(db: Kysely<Tables>, ids: readonly number[]): Promise<Expression<SqlBool>> {
  const { rows } = await sql<{ id: number; brings: boolean }>`
    select set_id as id, bool_or(n > 0) as brings from package_set_edge where component_id = any (${ids}::integer[])
    group by set_id, n > 0`.execute(db);
  const [bringing, taking] = [true, false].map((side) =>
    rows.filter(({ brings }) => brings === side).map(({ id }) => id),
  );
  const ancestors = sql`set_ancestor a where a.set_id = (select i.set_id from image i where i.id = asset.image_id)`;
  // `+ 0`: as a filter, the list is hashed once; as a condition of the index each of its entries is looked up.
  const has = (sets: readonly number[] = []) =>
    sql<SqlBool>`exists (select from ${ancestors} and a.ancestor_id + 0 = any (${[...sets]}::integer[]))`;
  const counted = sql`exists (
    select from set_ancestor a join package_set_edge e on e.set_id = a.ancestor_id
    where a.set_id = (select i.set_id from image i where i.id = asset.image_id) and e.component_id = any (${ids}::integer[])
    having sum(e.n) > 0)`;
  if (taking?.length === 0) return has(bringing);
  return sql<SqlBool>`(${has(bringing)} and (not ${has(taking)} or ${counted}))`;
}
