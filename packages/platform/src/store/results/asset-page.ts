import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import { platformError } from "../../errors.ts";
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

/** Rows are counted up to here; where more match, an index is walked. */
const countedRows = 10_000;

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
}

/** How a page is found: few rows match, so that all are fetched and sorted; or many, so that an index is walked. */
type Plan = "fetch" | "walk";

export interface PagePart {
  readonly plan: Plan;
  /** Most rows that a fetch may find; with one more it finds out that it is the wrong plan. */
  readonly most: number;
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

/** What a page's query answers: with a fetch, each row (if only one, of nothing) says how many match, up to one more than may. */
type Answered<Row> = Row & { readonly counted?: number; readonly k0: string | null };

/** One page, found by whichever plan is cheaper; `read` runs its query. Throws BAD_CURSOR. */
export async function pageOfAssets<Row extends object>(
  walk: Walk,
  read: (part: PagePart) => Promise<readonly Answered<Row>[]>,
): Promise<Listed<Row>> {
  const { binding, limit, sort } = walk;
  const begin = beginningOf(walk);
  const after = begin?.after ?? null;
  const isMuch = (counted: number): boolean => counted > countedRows;
  const fetched = begin !== null && isMuch(begin.counted) ? null : await read(partOf(walk, after, "fetch"));
  // Later pages say what the first one counted.
  const counted = begin?.counted ?? fetched?.[0]?.counted ?? 0;
  const rows =
    fetched === null || isMuch(fetched[0]?.counted ?? 0)
      ? await read(partOf(walk, after, "walk"))
      : fetched.filter(({ k0 }) => k0 !== null);
  const page = rows.slice(0, limit);
  const last: Keyed | undefined = rows.length > limit ? { ...page.at(-1) } : undefined;
  const keys = sort.keys.map((_, at) => String(last?.[`k${at}`]));
  return {
    rows: page,
    next: last === undefined ? null : cursorText(binding, [counted, ...keys]),
    total: Math.min(counted, countedRows),
    hasMore: isMuch(counted),
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
    most: countedRows,
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

/**
 * The query of a page. `found`: the list's rows without order; `walked`: the same in the order of an index. `columns`
 * and the order's keys speak of what `found` and `walked` give under those names; `rest` adds to the rows of `page`.
 */
export function pageQuery<Row>(
  part: PagePart,
  list: {
    readonly found: RawBuilder<unknown>;
    readonly fetchedAs: RawBuilder<unknown>;
    readonly walked: RawBuilder<unknown>;
    readonly columns: RawBuilder<unknown>;
    readonly rest: { readonly columns: RawBuilder<unknown>; readonly joins: RawBuilder<unknown> };
  },
): RawBuilder<Answered<Row>> {
  const { columns, rest } = list;
  const isFetch = part.plan === "fetch";
  const hit = sql`hit as materialized (${list.found} limit ${part.most + 1}),
    tally as materialized (select count(*) as counted from hit), `;
  const fits = sql`(select counted from tally) <= ${part.most} and ${part.after}`;
  return sql<Answered<Row>>`
    with ${isFetch ? hit : sql``} page as materialized (
      select ${columns}, ${part.keys} from ${isFetch ? list.fetchedAs : list.walked}
      where ${isFetch ? fits : part.after} order by ${part.orderBy} limit ${part.limit})
    select page.*, ${rest.columns} ${isFetch ? sql`, tally.counted from tally left join page on true` : sql`from page`}
    ${rest.joins} order by ${part.inOrder}`;
}

/** All conditions of a list on its assets. */
export function conditionOf(
  kinds: readonly string[],
  visible: Expression<SqlBool>,
  filter: Expression<unknown>,
): RawBuilder<unknown> {
  return sql`asset.kind = any (${[...kinds]}::text[]) and ${visible} and ${filter}`;
}
