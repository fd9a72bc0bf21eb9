import type { Finding, Sbom } from "@plimsoll/model";
import type { Pool, PoolClient } from "pg";
import { type ComponentMatch, matchOf } from "../ingest/component-matches.ts";
import { jsonForStore } from "../ingest/json-for-store.ts";
import { miniSboms, type StoredComponent } from "../ingest/mini-sbom.ts";

/** A revision of the vulndb that the store is to follow. */
export interface Revision {
  readonly revision: string;
  /** RFC 3339. */
  readonly builtAt: string;
  /** Names whose records differ from the revision before; `null`: any may. */
  readonly changed: readonly { readonly ecosystem: string; readonly name: string }[] | null;
  /** What this revision finds in an SBOM. */
  readonly findingsOf: (sbom: Sbom) => readonly Finding[];
}

export interface Rematched {
  readonly seq: number;
  /** Components judged anew; sets and images whose counters changed. */
  readonly judged: number;
  readonly sets: number;
  readonly images: number;
}

/** Ingest holds it shared, a revision exclusively (store.md). */
const lock = 7210;
const batch = 5000;

/**
 * Makes the store know what a new revision knows: components by the changed names are judged anew, and counters follow.
 * Ingest goes on beside it but for the moments of the exclusive lock. Throws what the database and the judge throw.
 */
export async function rematch(pool: Pool, revision: Revision, now: number): Promise<Rematched> {
  const client = await pool.connect();
  try {
    const judged = new Map<number, readonly ComponentMatch[]>();
    await judgeCandidates(client, revision, judged);
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock($1)", [lock]);
    // What came in while the others were judged.
    await judgeCandidates(client, revision, judged);
    const seq = await change(client, revision, { judged, now });
    await client.query("commit");
    return { seq, judged: judged.size, ...(await recount(client, seq)) };
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** Counters of revisions whose program died before they were right. */
export async function recoverCounters(pool: Pool): Promise<number> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ seq: number }>("select seq from delta where counted_at is null order by seq");
    for (const { seq } of rows) await recount(client, seq);
    return rows.length;
  } finally {
    client.release();
  }
}

type Judged = Map<number, readonly ComponentMatch[]>;

async function judgeCandidates(client: PoolClient, revision: Revision, judged: Judged): Promise<void> {
  const candidates = (await candidatesOf(client, revision)).filter(({ id }) => !judged.has(id));
  for (let from = 0; from < candidates.length; from += batch) {
    for (const sbom of miniSboms(candidates.slice(from, from + batch))) {
      const byPackage = Map.groupBy(revision.findingsOf(sbom), ({ packageId }) => packageId);
      for (const { id } of sbom.packages) {
        if (id.startsWith("owner:")) continue;
        judged.set(Number(id), (byPackage.get(id) ?? []).map(matchOf));
      }
    }
  }
}

async function candidatesOf(client: PoolClient, { changed }: Revision): Promise<StoredComponent[]> {
  if (changed === null) {
    return (await client.query<StoredComponent>("select id, version, facts from component order by id")).rows;
  }
  const names = [changed.map(({ ecosystem }) => ecosystem), changed.map(({ name }) => name)];
  const { rows } = await client.query<StoredComponent>(
    `with changed as (select distinct * from unnest($1::text[], $2::text[]) as t(ecosystem, name))
     select c.id, c.version, c.facts from component c join changed on c.name = changed.name and c.ecosystem = changed.ecosystem
     union
     select c.id, c.version, c.facts from component c join changed on c.via = changed.name
     order by 1`,
    names,
  );
  return rows;
}

interface Change {
  readonly judged: Judged;
  readonly now: number;
}

async function change(client: PoolClient, { revision, builtAt }: Revision, { judged, now }: Change): Promise<number> {
  const rows = [...judged].map(([id, matches]) => ({ id, matches }));
  const answer = await client.query<{ seq: number }>("select rejudge($1, $2, $3, $4) as seq", [
    jsonForStore(rows),
    revision,
    builtAt,
    new Date(now).toISOString(),
  ]);
  return answer.rows[0]?.seq ?? 0;
}

async function recount(client: PoolClient, seq: number): Promise<{ sets: number; images: number }> {
  const sets = await countOf(client, "select recount_sets($1) as n", seq);
  // Whoever summed the old counters has committed once this lock was had.
  await client.query("begin");
  await client.query("select pg_advisory_xact_lock($1)", [lock]);
  await client.query("commit");
  const images = await countOf(client, "select recount_images($1) as n", seq);
  await client.query("update delta set counted_at = now() where seq = $1", [seq]);
  return { sets, images };
}

async function countOf(client: PoolClient, sql: string, seq: number): Promise<number> {
  return (await client.query<{ n: number }>(sql, [seq])).rows[0]?.n ?? 0;
}
