import { type Expression, type Kysely, type RawBuilder, type SqlBool, sql } from "kysely";
import { platformError } from "../../errors.ts";
import type { Tables } from "../tables.ts";
import { cursorPosition, cursorText } from "./cursor.ts";

export interface Listed<Row> {
  readonly rows: readonly Row[];
  /** `null` at the end. */
  readonly next: string | null;
  /** Rows of the whole list, as its first page was made; exact unless {@link hasMore}. */
  readonly total: number;
  /** There are more than `total`: counting stopped there. */
  readonly hasMore: boolean;
}

/** Rows are counted up to here. */
export const countedRows = 10_000;
/** The same where each row must be asked for its packages. */
const countedWide = 1000;

/** What a list sorts by; the keys together tell every row from every other. */
export interface SortOrder {
  readonly keys: readonly SortKey[];
  /** How many of the first keys an index has that can be walked, and the rows' other tables hang on. */
  readonly indexed: number;
}

export interface SortKey {
  readonly column: RawBuilder<unknown>;
  /** Type in SQL: cursors carry text. */
  readonly type: "integer" | "bigint" | "text" | "timestamptz" | "bytea";
}

/** A list to be read page by page. */
export interface Walk {
  /** What binds a cursor: kinds, viewer, filter, order. */
  readonly binding: readonly unknown[];
  readonly cursor: string | undefined;
  readonly limit: number;
  readonly order: "asc" | "desc";
  readonly sort: SortOrder;
  /** Rows without limit and order, for counting. */
  readonly counted: RawBuilder<unknown>;
  readonly isWide: boolean;
}

/** How a page is found: few rows match, so that all are fetched and sorted; or many, so that an index is walked. */
export type Plan = "fetch" | "walk";

export interface PagePart {
  readonly plan: Plan;
  /** `true` on the first page. */
  readonly after: RawBuilder<unknown>;
  /** The same on the indexed keys alone, which an index can begin at. */
  readonly from: RawBuilder<unknown>;
  readonly orderBy: RawBuilder<unknown>;
  /** The keys as columns: s0, s1, … as they are, k0, k1, … as text. */
  readonly keys: RawBuilder<unknown>;
  /** The order by those columns. */
  readonly inOrder: RawBuilder<unknown>;
  readonly limit: number;
}

type Keyed = Readonly<Record<string, unknown>>;

/** One page, found by whichever plan is cheaper; `read` runs its query. Throws BAD_CURSOR. */
export async function pageOfAssets<Row extends object>(
  db: Kysely<Tables>,
  walk: Walk,
  read: (part: PagePart) => Promise<readonly Row[]>,
): Promise<Listed<Row>> {
  const { binding, limit, sort } = walk;
  const bound = walk.isWide ? countedWide : countedRows;
  const begin = beginningOf(walk);
  const counted = begin?.counted ?? (await countUpTo(db, walk.counted, bound));
  const rows = await read(partOf(walk, begin?.after ?? null, counted > bound ? "walk" : "fetch"));
  const page = rows.slice(0, limit);
  const last: Keyed | undefined = rows.length > limit ? { ...page.at(-1) } : undefined;
  const keys = sort.keys.map((_, at) => String(last?.[`k${at}`]));
  return {
    rows: page,
    next: last === undefined ? null : cursorText(binding, [counted, ...keys]),
    total: Math.min(counted, bound),
    hasMore: counted > bound,
  };
}

interface Beginning {
  /** What the first page counted. */
  readonly counted: number;
  readonly after: readonly string[];
}

function beginningOf({ binding, cursor, sort }: Walk): Beginning | null {
  if (cursor === undefined) return null;
  const kinds = ["number", ...sort.keys.map(() => "string" as const)] as const;
  const [counted, ...keys] = cursorPosition(cursor, binding, kinds);
  const after = keys.map(String);
  if (!sort.keys.every(({ type }, at) => isOf(type, after[at] ?? ""))) throw platformError("BAD_CURSOR");
  return { counted: Number(counted), after };
}

function partOf({ order, sort, limit }: Walk, after: readonly string[] | null, plan: Plan): PagePart {
  const beyond = order === "desc" ? "<" : ">";
  const direction = sql.raw(order);
  const indexed = sort.keys.slice(0, sort.indexed);
  return {
    plan,
    after: after === null ? sql`true` : compare(sort.keys, after, beyond),
    from: after === null || indexed.length === 0 ? sql`true` : compare(indexed, after, `${beyond}=`),
    orderBy: sql.join(sort.keys.map(({ column }) => sql`${column} ${direction}`)),
    keys: sql.join(
      sort.keys.map((key, at) => sql`${key.column} as ${sql.ref(`s${at}`)}, ${asText(key)} as ${sql.ref(`k${at}`)}`),
    ),
    inOrder: sql.join(sort.keys.map((_, at) => sql`${sql.ref(`s${at}`)} ${direction}`)),
    limit: limit + 1,
  };
}

async function countUpTo(db: Kysely<Tables>, rows: RawBuilder<unknown>, bound: number): Promise<number> {
  const answer = await sql<{ n: number }>`select count(*) as n from (${rows} limit ${bound + 1}) t`.execute(db);
  return answer.rows[0]?.n ?? 0;
}

function compare(
  keys: readonly SortKey[],
  values: readonly unknown[],
  sign: "<" | "<=" | ">" | ">=",
): RawBuilder<unknown> {
  const columns = keys.map(({ column }) => column);
  const given = keys.map(({ type }, at) =>
    type === "bytea" ? sql`decode(${values[at]}, 'hex')` : sql`${values[at]}::${sql.raw(type)}`,
  );
  return sql`(${sql.join(columns)}) ${sql.raw(sign)} (${sql.join(given)})`;
}

function asText({ column, type }: SortKey): RawBuilder<unknown> {
  return type === "bytea" ? sql`encode(${column}, 'hex')` : sql`(${column})::text`;
}

/** Whether a text that came from outside can be read as what a key is. */
function isOf(type: SortKey["type"], text: string): boolean {
  if (type === "text") return !text.includes("\0");
  if (type === "bytea") return /^(?:[0-9a-f]{2})+$/.test(text);
  if (type === "timestamptz") return /^\d{4}-\d\d-\d\d /.test(text) && !Number.isNaN(Date.parse(text));
  const bits = type === "integer" ? 32 : 64;
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(bits, BigInt(text)) === BigInt(text);
}

/** All conditions of a list on its assets. */
export function conditionOf(
  kinds: readonly string[],
  visible: Expression<SqlBool>,
  filter: Expression<SqlBool> | null,
): RawBuilder<unknown> {
  return sql`asset.kind = any (${[...kinds]}::text[]) and ${visible} and ${filter ?? sql`true`}`;
}
