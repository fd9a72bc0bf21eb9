import { platformError } from "../../errors.ts";
import { badFilter, type Filter, parseFilter } from "../../filter/parse-filter.ts";
import { cursorPosition, cursorText } from "../results/cursor.ts";
import type { Queryable } from "../transaction.ts";

export interface AuditQuery {
  readonly filter?: string | undefined;
  readonly cursor?: string | undefined;
  /** RFC 3339: from then, and before then. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
}

export interface AuditRow {
  readonly id: number;
  readonly at: Date;
  readonly actor: string;
  readonly actorName: string;
  readonly address: string | null;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const columns: Readonly<Record<string, string>> = {
  actor: "actor",
  actorName: "actor_name",
  action: "action",
  subject: "subject",
  address: "coalesce(address, '')",
};

/** Who did what, the newest first. Throws BAD_FILTER, UNKNOWN_FIELD, BAD_CURSOR. */
export async function auditRows(
  client: Queryable,
  { filter: text = "", cursor, from = "", to = "", limit }: AuditQuery,
): Promise<{ readonly rows: readonly AuditRow[]; readonly next: string | null }> {
  const list = ["audit", text, from, to];
  const values: unknown[] = [];
  const bound = (value: unknown): string => `$${values.push(value)}`;
  const conditions = ["true"];
  if (cursor !== undefined) conditions.push(`id < ${bound(positionOf(cursor, list))}`);
  if (from !== "") conditions.push(`at >= ${bound(from)}`);
  if (to !== "") conditions.push(`at < ${bound(to)}`);
  const filter = parseFilter(text);
  if (filter !== null) conditions.push(conditionOf(filter, bound));
  const { rows } = await client.query<AuditRow>(
    `select id, at, actor, actor_name as "actorName", address, action, subject, detail from audit
     where ${conditions.join(" and ")} order by id desc limit ${bound(limit + 1)}`,
    values,
  );
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { rows: page, next: last === undefined ? null : cursorText(list, [last.id]) };
}

function positionOf(cursor: string, list: readonly string[]): number {
  const [id] = cursorPosition(cursor, list, ["number"]);
  if (typeof id !== "number" || !Number.isSafeInteger(id)) throw platformError("BAD_CURSOR");
  return id;
}

function conditionOf(filter: Filter, bound: (value: unknown) => string): string {
  if (filter.kind !== "comparison") {
    return `(${filter.parts.map((part) => conditionOf(part, bound)).join(` ${filter.kind} `)})`;
  }
  const { field, operator, values } = filter;
  const column = Object.hasOwn(columns, field) ? columns[field] : undefined;
  if (column === undefined) {
    throw platformError("UNKNOWN_FIELD", { fields: { field, fields: Object.keys(columns).join(", ") } });
  }
  if (operator === "contains") return `strpos(${column}, ${bound(values[0] ?? "")}) > 0`;
  if (operator === "starts-with") return `starts_with(${column}, ${bound(values[0] ?? "")})`;
  if (operator === "at-least") throw badFilter(`${field} has no order`);
  return `${column} ${operator === "in" ? "= any" : "<> all"} (${bound(values)}::text[])`;
}
