import { expressionBuilder, type Kysely, sql } from "kysely";
import type { Actor } from "../../identity/actor.ts";
import { visibleTo } from "../results/visible-assets.ts";
import type { Tables } from "../tables.ts";

type Viewer = Pick<Actor, "team" | "audiences">;

/** Whom a revision concerns: assets of images that have a component whose flaws it changed. Exact, counters or not. */
export async function assetsChangedBy(
  db: Kysely<Tables>,
  viewer: Viewer,
  seq: number,
): Promise<{ readonly images: number; readonly assets: number }> {
  const visible = visibleTo(expressionBuilder<Tables, "asset">(), viewer);
  const { rows } = await sql<{ images: number; assets: number }>`
    with edge as materialized (
      select e.set_id, sum(e.n) as n from match_change c join package_set_edge e on e.component_id = c.component_id
      where c.seq = ${seq} group by e.set_id),
    hit as materialized (
      select a.set_id from edge e join set_ancestor a on a.ancestor_id = e.set_id group by a.set_id having sum(e.n) > 0)
    select count(distinct asset.image_id) as images, count(*) as assets
    from hit join image i on i.set_id = hit.set_id join asset on asset.image_id = i.id where ${visible}`.execute(db);
  return rows[0] ?? { images: 0, assets: 0 };
}

/** What one flaw's change means: in how many images it is found, or no longer found or rated otherwise, since the revision. */
export interface FlawChanged {
  readonly name: string;
  readonly images: number;
  readonly assets: number;
}

/** Most flaws told. */
const mostFlaws = 1000;

/** The same flaw by flaw, the most far-reaching first. */
export async function flawsChangedBy(db: Kysely<Tables>, viewer: Viewer, seq: number): Promise<FlawChanged[]> {
  const visible = visibleTo(expressionBuilder<Tables, "asset">(), viewer);
  const { rows } = await sql<FlawChanged>`
    with flaw as materialized (
      select distinct m.vulnerability_id, m.component_id from match_change c
      join component_match m on m.component_id = c.component_id and (m.valid_from = ${seq} or m.valid_to = ${seq})
      where c.seq = ${seq}),
    edge as materialized (
      select f.vulnerability_id, e.set_id, sum(e.n)::integer as n
      from flaw f join package_set_edge e on e.component_id = f.component_id group by 1, 2),
    hit as materialized (
      select e.vulnerability_id, a.set_id from edge e join set_ancestor a on a.ancestor_id = e.set_id
      group by 1, 2 having sum(e.n) > 0),
    in_set as materialized (
      select i.set_id, count(distinct i.id) as images, count(*) as assets
      from image i join asset on asset.image_id = i.id where ${visible} group by i.set_id)
    select v.name, sum(s.images)::bigint as images, sum(s.assets)::bigint as assets
    from hit h join in_set s on s.set_id = h.set_id join vulnerability v on v.id = h.vulnerability_id
    group by v.name order by images desc, v.name limit ${mostFlaws}`.execute(db);
  return rows;
}
