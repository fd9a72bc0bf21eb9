import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { Actor } from "../../identity/actor.ts";
import type { Tables } from "../tables.ts";

export type Rows = ExpressionBuilder<Tables, "asset">;

/**
 * What an actor may see of the assets: the one place that every list goes through (decision 15). A team sees its own
 * pipelines' results, and of its other assets and of those that belong to no team what lies in its zones.
 */
export function visibleTo(_: Rows, { team, audiences }: Pick<Actor, "team" | "audiences">): Expression<SqlBool> {
  if (team === null) return sql<SqlBool>`true`;
  if (audiences !== undefined) return sql<SqlBool>`asset.audience = any (${[...audiences]}::integer[])`;
  return sql<SqlBool>`asset.audience = any ((select audiences_of(${team}))::integer[])`;
}
