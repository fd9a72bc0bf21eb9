import type { SaidAsset } from "../../inventory/gather.ts";
import { jsonForStore } from "../ingest/json-for-store.ts";
import type { Queryable } from "../transaction.ts";

/** What a source has said: asset id (decimal) → hash of all that was said of it. */
export async function knownRunning(client: Queryable, source: number): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ id: string; content: string }>({
    text: "select asset_id::text as id, content::text as content from running where source_id = $1",
    values: [source],
  });
  return new Map(rows.map(({ id, content }) => [id, content]));
}

/** Writes down what a source says of some assets, in the transaction of `client`; they come in the order of their ids. */
export async function takeRunning(
  client: Queryable,
  said: readonly SaidAsset[],
  { source, now }: { readonly source: number; readonly now: string },
): Promise<void> {
  const loaded = new Map(said.flatMap((one) => (one.loaded === null ? [] : [[one.loaded.key, one.loaded.packages]])));
  if (loaded.size > 0) {
    await client.query(
      `insert into loaded_set (key, packages)
       select (l ->> 'key')::uuid, l -> 'packages' from jsonb_array_elements($1) l order by 1 on conflict do nothing`,
      [jsonForStore([...loaded].map(([key, packages]) => ({ key, packages })))],
    );
  }
  const rows = said.map(({ asset, key, loaded: seen, imageId, ...rest }) => ({
    ...{ ...key, kind: asset.kind, name: asset.name, scope: asset.scope, ...rest, image: imageId },
    ...{ loaded: seen?.key ?? null, loadedAt: seen === null ? null : (seen.since ?? now) },
  }));
  await client.query("select take_running($1, $2, $3)", [jsonForStore(rows), source, now]);
}

/** A source no longer says that these are there; returns how many assets went with it. */
export async function dropRunning(client: Queryable, source: number, ids: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ gone: number }>("select drop_running($1, $2::bigint[]) as gone", [source, ids]);
  return rows[0]?.gone ?? 0;
}

/** Assets that retention has not heard of for long are seen now. */
export async function touchRunning(
  client: Queryable,
  ids: readonly string[],
  { now, before }: { readonly now: string; readonly before: string },
): Promise<void> {
  await client.query(
    `update asset set updated_at = greatest(updated_at, $2) where id in (
       select id from asset where id = any ($1::bigint[]) and updated_at < $3 order by id for no key update)`,
    [ids, now, before],
  );
}

export interface UnscannedImage {
  readonly image: string;
  readonly id?: string;
  readonly digest?: string;
}

/** Images that a source says run and that nobody has scanned: some of them, and how many there are. */
export async function imagesToScan(
  client: Queryable,
  source: number,
  most: number,
): Promise<{ readonly images: readonly UnscannedImage[]; readonly total: number }> {
  const { rows } = await client.query<{ name: string; id: string | null; digest: string | null; total: number }>(
    `select a.name, encode(r.image_id, 'hex') as id, encode(r.digest, 'hex') as digest, (count(*) over ())::integer as total
     from running r join asset a on a.id = r.asset_id
     where r.source_id = $1 and a.kind <> 'host' and not exists (select from verdict v where v.asset_id = a.id)
     group by 1, 2, 3 order by 1, 2, 3 limit $2`,
    [source, most],
  );
  const images = rows.map(({ name, id, digest }) => ({
    image: name,
    ...(id !== null && { id: `sha256:${id}` }),
    ...(digest !== null && { digest: `sha256:${digest}` }),
  }));
  return { images, total: rows[0]?.total ?? 0 };
}
