import type { Report } from "@plimsoll/model";
import { policyWord } from "../policy-word.ts";
import type { Queryable } from "../transaction.ts";

/** A live asset (never a pipeline's: those are frozen), and the result whose SBOM its verdict is made from. */
export interface LiveAsset {
  /** 32 hex digits. */
  readonly resultId: string;
}

/** Most that are looked up at once. */
const most = 50_000;

const columns = "encode(v.result_id, 'hex') as \"resultId\"";

/** Live assets whose verdict holds no longer at `now` (decision 10), longest first. */
export async function expiredAssets(client: Queryable, now: string): Promise<readonly LiveAsset[]> {
  const { rows } = await client.query<LiveAsset>(
    `select ${columns} from verdict v join asset a on a.id = v.asset_id
     where v.valid_until <= $1 and a.kind <> 'pipeline' order by v.valid_until, v.asset_id limit ${most}`,
    [now],
  );
  return rows;
}

/** Whether some live asset's verdict holds no longer. */
export async function hasExpired(client: Queryable, now: string): Promise<boolean> {
  const { rows } = await client.query(
    `select from verdict v join asset a on a.id = v.asset_id where v.valid_until <= $1 and a.kind <> 'pipeline' limit 1`,
    [now],
  );
  return rows.length > 0;
}

/** Revisions of knowledge whose changes are not yet in the verdicts, oldest first. */
export async function unevaluatedRevisions(client: Queryable): Promise<readonly number[]> {
  const { rows } = await client.query<{ seq: number }>("select seq from delta where evaluated_at is null order by seq");
  return rows.map(({ seq }) => seq);
}

/** Live assets with a package that the revision judges otherwise, and a verdict older than it; those behind `after`. */
export async function assetsChangedBy(
  client: Queryable,
  seq: number,
  after: LiveAsset | undefined,
): Promise<readonly LiveAsset[]> {
  const { rows } = await client.query<LiveAsset>(
    `with changed as (
       select distinct e.set_id from match_change c join package_set_edge e on e.component_id = c.component_id where c.seq = $1
     ), above as (
       select distinct a.set_id from changed s join set_ancestor a on a.ancestor_id = s.set_id
     )
     select ${columns}
     from above b join image i on i.set_id = b.set_id
     join asset a on a.image_id = i.id and a.kind <> 'pipeline'
     join verdict v on v.asset_id = a.id and v.evaluated_at <= (select since from knowledge where seq = $1)
     where v.asset_id > ('x' || left($2, 16))::bit(64)::bigint
     order by v.asset_id limit ${most}`,
    [seq, after?.resultId ?? "0".repeat(32)],
  );
  return rows;
}

/** Writes down that a revision is in all verdicts. */
export async function markEvaluated(client: Queryable, seq: number, now: string): Promise<void> {
  await client.query("update delta set evaluated_at = $2 where seq = $1", [seq, now]);
}

/** Results (32 hex digits) that are judged alike, together: those of one SBOM, shown by one name, with the same in use. */
export async function judgedAlike(
  client: Queryable,
  assets: readonly LiveAsset[],
): Promise<readonly (readonly string[])[]> {
  const { rows } = await client.query<{ results: string[] }>(
    `with each as (
       select encode(r.id, 'hex') as id, r.sbom, r.report, a.kind, a.name, (
         select array_agg(distinct x.loaded order by x.loaded) from running x where x.asset_id = a.id and x.loaded is not null
       ) as loaded
       from unnest($1::text[]) w(id) join result r on r.asset_id = ('x' || left(w.id, 16))::bit(64)::bigint and r.id = decode(w.id, 'hex')
       join asset a on a.id = r.asset_id
     )
     select array_agg(id order by id) as results from each group by sbom, report, kind, name, loaded order by min(id)`,
    [assets.map(({ resultId }) => resultId)],
  );
  return rows.map(({ results }) => results);
}

/** Gives live assets another verdict, unless they were scanned or judged meanwhile; the kept results stay as they are. */
export async function keepVerdicts(
  client: Queryable,
  results: readonly string[],
  { report, now }: { readonly report: Pick<Report, "policies" | "verdict">; readonly now: string },
): Promise<void> {
  await client.query(
    `with mine as materialized (
       select v.asset_id from unnest($1::text[]) w(id) join verdict v
         on v.asset_id = ('x' || left(w.id, 16))::bit(64)::bigint and v.result_id = decode(w.id, 'hex')
       join asset a on a.id = v.asset_id and a.kind <> 'pipeline'
       order by 1 for no key update of v
     )
     update verdict v set status = $2, complete = $3, evaluated_at = $4, valid_until = $5
     from mine where v.asset_id = mine.asset_id and v.evaluated_at <= $4`,
    [results, policyWord(report), report.verdict.complete, now, report.verdict.validUntil],
  );
}
