import type { Package } from "@plimsoll/model";
import { type Kysely, sql } from "kysely";
import { joinLoaded, type LoadedPackages } from "../../inventory/loaded-packages.ts";
import type { Component } from "../ingest/component.ts";
import { documentText } from "../ingest/document.ts";
import { jsonForStore } from "../ingest/json-for-store.ts";
import type { Tables } from "../tables.ts";
import type { Queryable } from "../transaction.ts";

/** Assets whose packages in use are to be found: those that share what runs and what was loaded. */
export interface PendingUse {
  /** 64 hex digits: the SBOM; `null`: it is not scanned. */
  readonly sbom: string | null;
  /** Keys of what was seen loaded; empty: nobody looked any more. */
  readonly loaded: readonly string[];
  readonly assets: readonly { readonly id: string; readonly n: number }[];
}

/** Some of what is to be found, what needs one SBOM together. */
export async function pendingUses(client: Queryable, most: number): Promise<readonly PendingUse[]> {
  const { rows } = await client.query<PendingUse>(
    `with part as (select asset_id, n from in_use_pending order by asset_id limit $1), each as (
       select p.asset_id, p.n, encode(r.sbom, 'hex') as sbom, coalesce(
         (select array_agg(distinct x.loaded::text order by x.loaded::text) from running x
          where x.asset_id = p.asset_id and x.loaded is not null), '{}') as loaded
       from part p left join verdict v on v.asset_id = p.asset_id
       left join result r on r.asset_id = p.asset_id and r.id = v.result_id
     )
     select sbom, loaded, jsonb_agg(jsonb_build_object('id', asset_id::text, 'n', n) order by asset_id) as assets
     from each group by sbom, loaded order by sbom`,
    [most],
  );
  return rows;
}

/** What was seen loaded, by its keys, together. */
export async function loadedPackages(client: Queryable, keys: readonly string[]): Promise<LoadedPackages> {
  const { rows } = await client.query<{ packages: LoadedPackages }>(
    "select packages from loaded_set where key = any ($1::uuid[]) order by key",
    [keys],
  );
  return joinLoaded(rows.map(({ packages }) => packages));
}

/** Packages of a kept SBOM with what else tells them apart; `null`: it is gone. */
export async function sbomByHash(client: Queryable, sha256: string): Promise<string | null> {
  const { rows } = await client.query<{ bytes: Buffer }>("select bytes from blob where sha256 = decode($1, 'hex')", [
    sha256,
  ]);
  return rows[0] === undefined ? null : documentText(rows[0].bytes);
}

/** A component and how many packages in use are instances of it. */
export interface UsedComponent {
  readonly component: string;
  readonly n: number;
}

/** Components of packages in use, counted, in order. */
export function usedComponents(
  packages: readonly Package[],
  used: ReadonlySet<string>,
  components: ReadonlyMap<string, Component>,
): readonly UsedComponent[] {
  const keys = packages.filter(({ id }) => used.has(id)).flatMap(({ id }) => components.get(id)?.key ?? []);
  const counts = Map.groupBy(keys, (key) => key);
  return [...counts]
    .map(([component, all]) => ({ component, n: all.length }))
    .sort((a, b) => (a.component < b.component ? -1 : 1));
}

/**
 * Gives assets their packages in use (`null`: nobody says), unless more was said of them meanwhile; their verdicts are
 * due. `key`: names the set. In the transaction of `client`.
 */
export async function setInUse(
  client: Queryable,
  assets: PendingUse["assets"],
  {
    set,
    now,
  }: {
    readonly set: { readonly key: string; readonly components: readonly UsedComponent[] } | null;
    readonly now: string;
  },
): Promise<number> {
  await client.query("select pg_advisory_xact_lock_shared(7210)");
  let id: number | null = null;
  if (set !== null) {
    const { rows } = await client.query<{ id: number }>("select add_running_set($1, $2) as id", [
      set.key,
      jsonForStore(set.components),
    ]);
    id = rows[0]?.id ?? null;
  }
  const { rows } = await client.query<{ n: number }>(
    `with settled as (
       delete from in_use_pending p using jsonb_to_recordset($1) as d(id bigint, n integer)
       where p.asset_id = d.id and p.n = d.n returning p.asset_id
     ), locked as materialized (
       select a.id from asset a join settled s on s.asset_id = a.id
       where a.in_use <> coalesce($2::integer, unknown_set(a.id)) order by a.id for no key update
     ), changed as (
       update asset a set in_use = coalesce($2::integer, unknown_set(a.id)) from locked l where a.id = l.id returning a.id
     ), due as (
       update verdict v set valid_until = least(valid_until, $3::timestamptz) from changed c where v.asset_id = c.id
     )
     select count(*)::integer as n from changed`,
    [JSON.stringify(assets), id, now],
  );
  return rows[0]?.n ?? 0;
}

/** What was seen loaded of an asset, from all who say so; `null`: nobody looked. */
export async function loadedOf(db: Kysely<Tables>, resultId: string): Promise<LoadedPackages | null> {
  const { rows } = await sql<{ packages: LoadedPackages }>`
    select distinct l.key, l.packages from running r join loaded_set l on l.key = r.loaded
    where r.asset_id = ('x' || ${resultId.slice(0, 16)})::bit(64)::bigint order by l.key`.execute(db);
  return rows.length === 0 ? null : joinLoaded(rows.map(({ packages }) => packages));
}
