import { type Expression, type Kysely, type SqlBool, sql } from "kysely";
import { badFilter, type Comparison, type Filter } from "../../filter/parse-filter.ts";
import { componentsOfFlaws, componentsOfPackages } from "../search/find-components.ts";
import { packageWanted } from "../search/package-wanted.ts";
import type { Tables } from "../tables.ts";

/** Fields that ask for packages or flaws. */
export const componentFields = ["vulnerability", "cve", "package", "package.name"] as const;

/** Conditions on assets, by the comparison that asks for it. */
export type ComponentConditions = ReadonlyMap<Comparison, Expression<SqlBool>>;

export interface ResolvedComponents {
  readonly conditions: ComponentConditions;
  /** One of them is of what so much has that no list of it was made: probing a row costs more than elsewhere. */
  readonly isWide: boolean;
}

/** Names that one flaw goes by: its group's, if the knowledge at hand says so. */
export type NameOfFlaw = (id: string) => string;

/** Beyond so many places (package in a set × sets above) rows are probed one by one instead (store.md, "Bounded plan"). */
const mostPlaces = 3000;

/** Looks up what a filter's comparisons with packages and flaws name. Throws BAD_FILTER. */
export async function resolveComponents(
  db: Kysely<Tables>,
  filter: Filter | null,
  nameOfFlaw: NameOfFlaw,
): Promise<ResolvedComponents> {
  const conditions = new Map<Comparison, Expression<SqlBool>>();
  let isWide = false;
  for (const comparison of comparisonsOf(filter)) {
    const ids = await componentsOf(db, comparison, nameOfFlaw);
    const { images, condition } = await assetsWith(db, ids);
    conditions.set(comparison, comparison.operator === "not-in" ? sql<SqlBool>`not ${condition}` : condition);
    isWide ||= images === null;
  }
  return { conditions, isWide };
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

interface AssetsWith {
  /** Rows of `image`; `null`: too many to list. */
  readonly images: readonly number[] | null;
  readonly condition: Expression<SqlBool>;
}

/** Assets whose image has one of these components: by a list of images where there are few, else by asking each asset. */
async function assetsWith(db: Kysely<Tables>, ids: readonly number[]): Promise<AssetsWith> {
  const places = await sql<{ n: number }>`select count(*) as n from (
    select from package_set_edge e join set_ancestor a on a.ancestor_id = e.set_id
    where e.component_id = any (${ids}::integer[]) limit ${mostPlaces + 1}) t`.execute(db);
  if ((places.rows[0]?.n ?? 0) > mostPlaces) {
    const condition = sql<SqlBool>`exists (
      select from set_ancestor a join package_set_edge e on e.set_id = a.ancestor_id
      where a.set_id = (select i.set_id from image i where i.id = asset.image_id) and e.component_id = any (${ids}::integer[])
      having sum(e.n) > 0)`;
    return { images: null, condition };
  }
  const found = await sql<{ id: number }>`select i.id from image i join (
    select a.set_id from package_set_edge e join set_ancestor a on a.ancestor_id = e.set_id
    where e.component_id = any (${ids}::integer[]) group by a.set_id having sum(e.n) > 0) s on s.set_id = i.set_id`.execute(
    db,
  );
  const images = found.rows.map(({ id }) => id);
  return { images, condition: sql<SqlBool>`asset.image_id = any (${images}::bigint[])` };
}
