import { type Severity, severities, severityRank } from "@plimsoll/model";
import { expressionBuilder, type Kysely, type RawBuilder, sql } from "kysely";
import type { Actor } from "../../identity/actor.ts";
import { visibleTo } from "../results/visible-assets.ts";
import { isPackage } from "../search/find-components.ts";
import type { PackageWanted } from "../search/package-wanted.ts";
import type { Tables } from "../tables.ts";

/** Whose reach is asked for: a flaw's (by the name the store keeps it under) or a package's. */
export type Reaching = { readonly flaw: string } | { readonly wanted: PackageWanted };

/** What is affected now, of what the viewer sees; every number is exact. */
export interface BlastRadius {
  readonly images: number;
  readonly assets: number;
  readonly workloads: number;
  readonly hosts: number;
  readonly pipelines: number;
  readonly registryImages: number;
  /** Distinct `registry.name` labels, clusters, and teams among the assets. */
  readonly registries: number;
  readonly clusters: number;
  readonly teams: number;
  /** By the worst that it is rated in the image, worst first; `null`: nothing is known against the package. */
  readonly bySeverity: readonly {
    readonly severity: Severity | null;
    readonly images: number;
    readonly assets: number;
  }[];
  /** Where it comes from, the most far-reaching first: so many of these, and how many there are. */
  readonly broughtBy: readonly Origin[];
  readonly origins: number;
}

/** A layer that brings it, known by all layers below it and itself. */
export interface Origin {
  /** 64 hex digits; `null` for what has no layers. */
  readonly chainId: string | null;
  readonly command: string;
  /** Images and assets it is brought to, and that still have it. */
  readonly images: number;
  readonly assets: number;
  /** Names under which the image that ends with this layer was seen: some. */
  readonly bases: readonly string[];
}

/** Origins and names of each that are told. */
const someOrigins = 50;
const someBases = 5;

/**
 * Counts over the edges of the components in question: sets above them where they are still there, their images, what
 * the viewer sees of these; then the same by the set that brought it (store.md).
 */
export async function blastRadius(
  db: Kysely<Tables>,
  viewer: Pick<Actor, "team" | "audiences">,
  reaching: Reaching,
): Promise<BlastRadius> {
  const visible = visibleTo(expressionBuilder<Tables, "asset">(), viewer);
  const { rows } = await sql<{ answer: Answer }>`
    with component_hit as materialized (${componentsOf(reaching)}),
    place as materialized (
      select a.set_id, e.set_id as origin, e.component_id, e.n
      from component_hit h join package_set_edge e on e.component_id = h.id join set_ancestor a on a.ancestor_id = e.set_id),
    present as materialized (
      select set_id, component_id from place group by set_id, component_id having sum(n) > 0),
    set_hit as materialized (
      select p.set_id, max(h.severity) as severity from present p join component_hit h on h.id = p.component_id group by p.set_id),
    seen as materialized (
      select s.set_id, s.severity, asset.id, asset.kind, asset.image_id, asset.team_id,
        asset.scope ->> 'registry.name' as registry, asset.scope ->> 'kubernetes.cluster.name' as cluster
      from set_hit s join image i on i.set_id = s.set_id join asset on asset.image_id = i.id where ${visible}),
    in_set as materialized (
      select set_id, count(distinct image_id) as images, count(*) as assets, min(image_id) as image_id from seen group by set_id),
    brought as materialized (
      select o.origin, sum(s.images) as images, sum(s.assets) as assets, min(s.image_id) as image_id
      from (select distinct p.set_id, p.origin from place p join present q using (set_id, component_id) where p.n > 0) o
      join in_set s on s.set_id = o.set_id group by o.origin),
    origin as (
      select * from brought order by images desc, origin limit ${someOrigins})
    select jsonb_build_object(
      'total', (select jsonb_build_object('images', count(distinct image_id), 'assets', count(*),
        'workloads', count(*) filter (where kind = 'workload'), 'hosts', count(*) filter (where kind = 'host'),
        'pipelines', count(*) filter (where kind = 'pipeline'), 'registryImages', count(*) filter (where kind = 'registry'),
        'registries', count(distinct registry), 'clusters', count(distinct cluster), 'teams', count(distinct team_id)) from seen),
      'bySeverity', (select coalesce(jsonb_agg(t order by rank desc nulls last), '[]') from (
        select severity as rank, count(distinct image_id) as images, count(*) as assets from seen group by severity) t),
      'origins', (select count(*) from brought),
      'broughtBy', (select coalesce(jsonb_agg(jsonb_build_object('images', o.images, 'assets', o.assets,
          'chainId', l.chain, 'command', coalesce(l.command, ''), 'bases', b.names) order by o.images desc, o.origin), '[]')
        from origin o
        left join lateral (
          select encode(chain_id, 'hex') as chain, command from image_layer
          where image_id = o.image_id and set_id = o.origin order by position limit 1) l on true
        cross join lateral (
          select coalesce(jsonb_agg(name order by name), '[]') as names from (
            select distinct asset.name from image i join asset on asset.image_id = i.id
            where i.set_id = o.origin and ${visible} order by 1 limit ${someBases}) n) b)
    ) as answer`.execute(db);
  const answer = rows[0]?.answer;
  if (answer === undefined) throw new Error("an aggregate answers one row");
  const { total, bySeverity, ...origins } = answer;
  return {
    ...total,
    ...origins,
    bySeverity: bySeverity.map(({ rank, ...counts }) => ({ severity: severityOf(rank), ...counts })),
  };
}

interface Answer extends Pick<BlastRadius, "origins" | "broughtBy"> {
  readonly total: Omit<BlastRadius, "origins" | "broughtBy" | "bySeverity">;
  readonly bySeverity: readonly { readonly rank: number | null; readonly images: number; readonly assets: number }[];
}

function componentsOf(reaching: Reaching): RawBuilder<unknown> {
  if ("flaw" in reaching) {
    return sql`select m.component_id as id, max(m.severity) as severity from vulnerability v
      join component_match m on m.vulnerability_id = v.id and m.valid_to = 2147483647
      where v.name = ${reaching.flaw} group by m.component_id`;
  }
  return sql`select c.id, (
      select max(m.severity) from component_match m where m.component_id = c.id and m.valid_to = 2147483647) as severity
    from component c where ${isPackage(reaching.wanted, false)}`;
}

function severityOf(rank: number | null): Severity | null {
  return severities.find((severity) => severityRank(severity) === rank) ?? null;
}
