import { platformError } from "../errors.ts";
import type { Queryable } from "./transaction.ts";

/** How the platform's lists are asked for (contract, appendix A: offset, limit, `field:value`, `field:asc`). */
export interface PageQuery {
  readonly offset: number;
  readonly limit: number;
  readonly filter: readonly string[];
  readonly orderby: readonly string[];
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

/** What is listed: SQL of ours, and the columns by which clients filter and sort. */
export interface Listing {
  readonly columns: string;
  readonly from: string;
  readonly where: string;
  /** Values of `$1`, `$2`, … in `from` and `where`. */
  readonly values?: readonly unknown[];
  /** Field → column. The first one sorts. */
  readonly fields: Readonly<Record<string, string>>;
  readonly query: PageQuery;
}

/** One page of a list of a few thousand rows at most. Throws BAD_VALUE for a filter or an order that is not there. */
export async function listRows<Row>(client: Queryable, listing: Listing): Promise<Page<Row>> {
  const { columns, from, where, values = [], query } = listing;
  const filters = query.filter.map((text) => pair(text, listing));
  const conditions = filters.map(({ column }, at) => ` and ${column}::text = $${values.length + at + 1}`).join("");
  const all = [...values, ...filters.map(({ value }) => value)];
  const base = `from ${from} where ${where}${conditions}`;
  const counted = await client.query<{ total: number }>(`select count(*) as total ${base}`, all);
  const { rows } = await client.query(
    `select ${columns} ${base} order by ${orderOf(listing)} limit $${all.length + 1} offset $${all.length + 2}`,
    [...all, query.limit, query.offset],
  );
  return { rows: rows as readonly Row[], total: Number(counted.rows[0]?.total ?? 0) };
}

function orderOf(listing: Listing): string {
  const orders = listing.query.orderby.map((text) => {
    const { column, value } = pair(text, listing);
    const direction = value.toLowerCase();
    if (direction !== "asc" && direction !== "desc")
      throw bad("orderby", `${JSON.stringify(text)} is not FIELD:asc or FIELD:desc`);
    return `${column} ${direction}`;
  });
  const first = Object.values(listing.fields)[0] ?? "1";
  return [...orders, first, listing.fields.id ?? first].join(", ");
}

function pair(text: string, { fields }: Listing): { readonly column: string; readonly value: string } {
  const at = text.indexOf(":");
  const column = Object.hasOwn(fields, text.slice(0, at)) ? fields[text.slice(0, at)] : undefined;
  if (column === undefined) {
    throw bad(
      "a filter or order",
      `${JSON.stringify(text)} is not FIELD:VALUE with one of ${Object.keys(fields).join(", ")}`,
    );
  }
  return { column, value: text.slice(at + 1) };
}

function bad(field: string, why: string) {
  return platformError("BAD_VALUE", { fields: { field, why } });
}
