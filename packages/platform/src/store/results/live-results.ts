import { type Kysely, sql } from "kysely";
import { type Filter, parseFilter } from "../../filter/parse-filter.ts";
import type { Actor } from "../../identity/actor.ts";
import type { Tables } from "../tables.ts";
import { cursorPosition, cursorText } from "./cursor.ts";
import type { Listed, ListQuery, Totals } from "./pipeline-results.ts";
import { type FilterFields, filtered, visibleTo } from "./visible-assets.ts";

/** What a list of live results is of. */
export interface LiveKind {
  readonly kinds: readonly string[];
  readonly fields: FilterFields;
}

export interface LiveQuery extends ListQuery {
  /** `desc`: the worst first. */
  readonly order: "asc" | "desc";
}

export interface LiveRow {
  /** Result of the last scan; 32 hex digits. */
  readonly resultId: string;
  /** 16 hex digits. */
  readonly assetId: string;
  readonly imageId: string;
  readonly kind: string;
  readonly name: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly policy: string;
  readonly totals: Totals;
}

const label = (name: string) => ({ label: name });
const kubernetes = ["cluster.name", "namespace.name", "workload.name", "workload.type", "pod.container.name"];

export const registryKind: LiveKind = {
  kinds: ["registry"],
  fields: {
    pullString: "name",
    name: "name",
    vendor: label("registry.vendor"),
    "registry.vendor": label("registry.vendor"),
    "registry.name": label("registry.name"),
    "repository.name": label("repository.name"),
  },
};

export const runtimeKind: LiveKind = {
  kinds: ["workload", "host"],
  fields: {
    name: "name",
    "asset.type": "kind",
    ...Object.fromEntries(kubernetes.map((name) => [`kubernetes.${name}`, label(`kubernetes.${name}`)])),
    "host.hostName": label("host.hostName"),
    "image.name": label("image.name"),
  },
};

/** Live results by risk: what is known now, not what was when they were scanned. Throws BAD_FILTER, UNKNOWN_FIELD, BAD_CURSOR. */
export async function liveResults(
  db: Kysely<Tables>,
  actor: Pick<Actor, "team">,
  { kind, query }: { readonly kind: LiveKind; readonly query: LiveQuery },
): Promise<Listed<LiveRow>> {
  const { filter: text = "", cursor, limit, order } = query;
  const list = [kind.kinds, actor.team, text, order];
  const filter = parseFilter(text);
  const after = cursor === undefined ? null : cursorPosition(cursor, list, ["number", "string"]);
  const beyond = order === "desc" ? sql`<` : sql`>`;
  const rows = await baseQuery(db, actor, { kind, filter })
    .innerJoin("image", "image.id", "asset.image_id")
    .innerJoin("image_counter as c", "c.image_id", "asset.image_id")
    .innerJoin("verdict", "verdict.asset_id", "asset.id")
    .select(({ ref }) => [
      sql<string>`encode(${ref("verdict.result_id")}, 'hex')`.as("resultId"),
      sql<string>`lpad(to_hex(${ref("asset.id")}), 16, '0')`.as("assetId"),
      sql<string>`encode(${ref("image.image_id")}, 'hex')`.as("imageId"),
      "asset.kind",
      "asset.name",
      "asset.scope",
      "verdict.evaluated_at as createdAt",
      "verdict.status as policy",
      "c.risk",
      "c.critical",
      "c.high",
      "c.medium",
      "c.low",
      "c.negligible",
      "c.unknown",
    ])
    .$if(after !== null, (q) =>
      q.where(
        sql<boolean>`(c.risk, asset.id) ${beyond} (${after?.[0]}::bigint, ('x' || ${after?.[1]})::bit(64)::bigint)`,
      ),
    )
    .orderBy("c.risk", order)
    .orderBy("asset.id", order)
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    rows: page.map(({ critical, high, medium, low, negligible, unknown, risk: _, ...row }) => ({
      ...row,
      totals: { critical, high, medium, low, negligible, unknown },
    })),
    next: last === undefined ? null : cursorText(list, [last.risk, last.assetId]),
    total: await countOf(db, actor, { kind, filter }),
  };
}

interface Wanted {
  readonly kind: LiveKind;
  readonly filter: Filter | null;
}

function baseQuery(db: Kysely<Tables>, actor: Pick<Actor, "team">, { kind, filter }: Wanted) {
  const query = db
    .selectFrom("asset")
    .where("asset.kind", "in", [...kind.kinds])
    .where((eb) => visibleTo(eb, actor));
  return filter === null ? query : query.where((eb) => filtered(eb, filter, kind.fields));
}

async function countOf(db: Kysely<Tables>, actor: Pick<Actor, "team">, wanted: Wanted): Promise<number> {
  const row = await baseQuery(db, actor, wanted)
    .select(({ fn }) => fn.countAll<number>().as("n"))
    .executeTakeFirst();
  return Number(row?.n ?? 0);
}
