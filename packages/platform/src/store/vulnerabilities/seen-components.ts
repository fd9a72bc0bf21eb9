import { expressionBuilder, type Kysely, sql } from "kysely";
import type { Actor } from "../../identity/actor.ts";
import type { StoredComponent } from "../ingest/mini-sbom.ts";
import { visibleTo } from "../results/visible-assets.ts";
import type { Tables } from "../tables.ts";

/** Components that have a flaw now and are in something that the actor may see, by name and version; at most `limit`. */
export async function seenComponents(
  db: Kysely<Tables>,
  actor: Pick<Actor, "team" | "audiences">,
  { flaw, limit }: { readonly flaw: string; readonly limit: number },
): Promise<StoredComponent[]> {
  const visible = visibleTo(expressionBuilder<Tables, "asset">(), actor);
  const { rows } = await sql<StoredComponent>`
    select c.id, c.version, c.facts
    from vulnerability v
    join component_match m on m.vulnerability_id = v.id and m.valid_to = 2147483647
    join component c on c.id = m.component_id
    where v.name = ${flaw} and exists (
      select from package_set_edge e
      join set_ancestor a on a.ancestor_id = e.set_id
      join image i on i.set_id = a.set_id
      join asset on asset.image_id = i.id and ${visible}
      where e.component_id = c.id and e.n > 0)
    order by c.name, c.version, c.id
    limit ${limit}`.execute(db);
  return rows;
}
