import { expressionBuilder, type Kysely, type RawBuilder, sql } from "kysely";
import type { Actor } from "../../identity/actor.ts";
import { visibleTo } from "../results/visible-assets.ts";
import type { Tables } from "../tables.ts";

type Viewer = Pick<Actor, "team" | "audiences">;

/** Whether a viewer sees a package anywhere: content is global, what is told of it hangs on assets (decision 15). */
export interface Sight {
  /** A `with` query's first part, and a comma. */
  readonly given: RawBuilder<unknown>;
  /** A condition on an array of component ids. */
  readonly sees: (components: RawBuilder<unknown>) => RawBuilder<unknown>;
}

/** Up to so many assets a viewer's sets are listed; who sees more finds one quickly by trying. */
const fewAssets = 10_000;

/** How a viewer's sight is asked for most cheaply. */
export async function sightOf(db: Kysely<Tables>, viewer: Viewer): Promise<Sight> {
  const visible = visibleTo(expressionBuilder<Tables, "asset">(), viewer);
  const few = viewer.team !== null && (await countOf(db, visible)) <= fewAssets;
  if (!few) {
    return {
      given: sql``,
      sees: (components) => sql`(
        select true from package_set_edge e
        cross join lateral (
          select from set_ancestor a join image i on i.set_id = a.set_id join asset on asset.image_id = i.id
          where a.ancestor_id = e.set_id and ${visible} limit 1) any_asset
        where e.component_id = any (${components}) and e.n > 0 limit 1)`,
    };
  }
  return {
    given: sql`seen as materialized (
      select distinct a.ancestor_id as set_id
      from (select distinct i.set_id from asset join image i on i.id = asset.image_id where ${visible}) mine
      join set_ancestor a on a.set_id = mine.set_id), `,
    sees: (components) => sql`exists (
      select from package_set_edge e
      where e.component_id = any (${components}) and e.n > 0 and e.set_id in (select set_id from seen))`,
  };
}

async function countOf(db: Kysely<Tables>, visible: ReturnType<typeof visibleTo>): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (select from asset where ${visible} limit ${fewAssets + 1}) t`.execute(db);
  return rows[0]?.n ?? 0;
}
