import { type Kysely, type RawBuilder, sql } from "kysely";
import { badFilter } from "../../filter/parse-filter.ts";
import type { Tables } from "../tables.ts";
import { namesOf, type PackageWanted } from "./package-wanted.ts";

/** Components that have one of these flaws now. */
export async function componentsOfFlaws(db: Kysely<Tables>, flaws: readonly string[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select distinct m.component_id as id from vulnerability v
    join component_match m on m.vulnerability_id = v.id and m.valid_to = 2147483647
    where v.name = any (${flaws}::text[])`.execute(db);
  return rows.map(({ id }) => id);
}

/** Most components that one question may name. */
const mostComponents = 20_000;

/** Components that are one of these packages, or whose names begin so. Throws BAD_FILTER where that is too many. */
export async function componentsOfPackages(
  db: Kysely<Tables>,
  wanted: readonly PackageWanted[],
  byPrefix = false,
): Promise<number[]> {
  const any = sql.join(
    wanted.map((one) => isPackage(one, byPrefix)),
    sql` or `,
  );
  const { rows } = await sql<{ id: number }>`
    select c.id from component c where ${any} limit ${mostComponents + 1}`.execute(db);
  if (rows.length > mostComponents) throw badFilter("too many packages have such names: name more of it");
  return rows.map(({ id }) => id);
}

/** A condition on a row `c` of component; names are looked up by index. */
export function isPackage(wanted: PackageWanted, byPrefix: boolean): RawBuilder<unknown> {
  const names = namesOf(wanted).map((name) =>
    byPrefix ? sql`c.name like ${`${likeText(name)}%`}` : sql`c.name = ${name}`,
  );
  const { version, ecosystems } = wanted;
  const rest = [
    ...(version === undefined ? [] : [sql`c.version = ${version}`]),
    ...(ecosystems === undefined ? [] : [sql`c.facts ->> 'ecosystem' = any (${[...ecosystems]}::text[])`]),
  ];
  return sql`(${sql.join([sql`(${sql.join(names, sql` or `)})`, ...rest], sql` and `)})`;
}

/** A text that means itself in `like`. */
export function likeText(text: string): string {
  return text.replace(/[\\%_]/g, String.raw`\$&`);
}
