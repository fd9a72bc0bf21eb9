import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Actor } from "../../identity/actor.ts";
import { cursorPosition, cursorText } from "../results/cursor.ts";
import type { Tables } from "../tables.ts";
import { isPackage, likeText } from "./find-components.ts";
import type { PackageWanted } from "./package-wanted.ts";
import { sightOf } from "./seen-sets.ts";

type Viewer = Pick<Actor, "team" | "audiences">;

/** A part of a list of names. */
export interface NamesQuery {
  readonly cursor?: string | undefined;
  /** Names looked at; those that the viewer sees nowhere are left out, so that a page may be short, or empty, and still not the last. */
  readonly limit: number;
}

export interface NamesPage<Row> {
  readonly rows: readonly Row[];
  /** `null` at the end. */
  readonly next: string | null;
}

export interface FlawFound {
  readonly name: string;
  /** Its worst rank among what is open now, and whether some of that has a fix, or an exploit. */
  readonly severity: number;
  readonly hasFix: boolean;
  readonly hasExploit: boolean;
}

/** Flaws that something the viewer sees has now, by the beginning of any spelling; in the order of their names. Throws BAD_CURSOR. */
export async function flawsNamed(
  db: Kysely<Tables>,
  viewer: Viewer,
  { beginnings, cursor, limit }: NamesQuery & { readonly beginnings: readonly string[] },
): Promise<NamesPage<FlawFound>> {
  const binding = ["flaws", viewer.team, beginnings];
  const [after] = cursor === undefined ? [] : cursorPosition(cursor, binding, ["string"]);
  const { given, sees } = await sightOf(db, viewer);
  const { rows } = await sql<FlawFound & { seen: boolean | null }>`
    with ${given} candidate as materialized (
      select v.id, v.name from vulnerability v
      where ${beginsWith(sql`v.name`, beginnings)} and ${after === undefined ? sql`true` : sql`v.name ~>~ ${after}::text`}
        and exists (select from component_match m where m.vulnerability_id = v.id and m.valid_to = 2147483647)
      order by v.name using ~<~ limit ${limit + 1})
    select candidate.name, o.severity, o.flags & 1 <> 0 as "hasFix", o.flags & 2 <> 0 as "hasExploit",
      ${sees(sql`o.components`)} as seen
    from candidate cross join lateral (
      select max(m.severity) as severity, bit_or(m.flags) as flags, array_agg(m.component_id) as components
      from component_match m where m.vulnerability_id = candidate.id and m.valid_to = 2147483647) o
    order by candidate.name using ~<~`.execute(db);
  return pageOf(rows, limit, (last) => cursorText(binding, [last.name]));
}

export interface PackageFound {
  /** Key of its advisories: `npm`, `debian:12`. */
  readonly ecosystem: string;
  readonly name: string;
  /** Some of its versions, and how many there are. */
  readonly versions: readonly string[];
  readonly versionCount: number;
}

/** Versions told of each name. */
const someVersions = 20;

/** Packages that the viewer sees somewhere, by the beginning of their names, or one version of one; in the order of their names. Throws BAD_CURSOR. */
export async function packagesNamed(
  db: Kysely<Tables>,
  viewer: Viewer,
  { wanted, cursor, limit }: NamesQuery & { readonly wanted: PackageWanted },
): Promise<NamesPage<PackageFound>> {
  const binding = ["packages", viewer.team, wanted];
  const [name, ecosystem] = cursor === undefined ? [] : cursorPosition(cursor, binding, ["string", "string"]);
  const { given, sees } = await sightOf(db, viewer);
  const after =
    name === undefined
      ? sql`true`
      : sql`(c.name ~>~ ${name}::text or (c.name = ${name}::text and c.ecosystem > ${ecosystem}::text))`;
  const { rows } = await sql<PackageFound & { seen: boolean | null }>`
    with ${given} candidate as materialized (
      select c.name, c.ecosystem, array_agg(c.id) as components, array_agg(distinct c.version) as versions
      from component c where ${isPackage(wanted, wanted.version === undefined)} and ${after}
      group by c.name, c.ecosystem order by c.name using ~<~, c.ecosystem limit ${limit + 1})
    select ecosystem, name, versions[1:${sql.lit(someVersions)}] as versions, cardinality(versions) as "versionCount",
      ${sees(sql`candidate.components`)} as seen
    from candidate order by name using ~<~, ecosystem`.execute(db);
  return pageOf(rows, limit, (last) => cursorText(binding, [last.name, last.ecosystem]));
}

function pageOf<Row extends object>(
  rows: readonly (Row & { readonly seen: boolean | null })[],
  limit: number,
  cursorAt: (last: Row) => string,
): NamesPage<Row> {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const visible = page.filter(({ seen }) => seen === true).map(({ seen: _, ...row }) => row as unknown as Row);
  return { rows: visible, next: last === undefined ? null : cursorAt(last) };
}

function beginsWith(column: RawBuilder<unknown>, beginnings: readonly string[]): RawBuilder<unknown> {
  return sql`(${sql.join(
    beginnings.map((text) => sql`${column} like ${`${likeText(text)}%`}`),
    sql` or `,
  )})`;
}
