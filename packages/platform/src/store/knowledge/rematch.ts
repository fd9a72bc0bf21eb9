import type { Finding, Sbom } from "@plimsoll/model";
import type { NamePrint } from "@plimsoll/vulndb";
import type { Pool, PoolClient } from "pg";
import { fault } from "../../fault.ts";
import { matchOf } from "../ingest/component-matches.ts";
import { jsonForStore } from "../ingest/json-for-store.ts";
import { miniSboms, type StoredComponent } from "../ingest/mini-sbom.ts";
import { candidates } from "./candidates.ts";
import { findChangedNames, keepPrints } from "./changed-names.ts";
import { newestKnowledge } from "./newest.ts";

/** A name under which a revision says something else than the one before. */
export interface ChangedName {
  readonly ecosystem: string;
  readonly name: string;
}

/** A revision of the vulndb that the store is to follow. */
export interface Revision {
  readonly revision: string;
  /** RFC 3339. */
  readonly builtAt: string;
  /** Names whose records differ from the revision before; or prints of all names, which the store compares with those it kept; `null`: any may. */
  readonly changed: readonly ChangedName[] | { readonly prints: Iterable<NamePrint> } | null;
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
/** One revision at a time: what changed is told against the one before. */
const turnLock = 7214;

/**
 * Makes the store know what a new revision knows: components that changed names decide about are judged anew, and
 * counters follow. Ingest goes on beside it but for the moments of the exclusive lock. With prints, and asked
 * for the revision that the store has, it does nothing. Throws what the database and the judge throw.
 */
export async function rematch(pool: Pool, revision: Revision, now: number): Promise<Rematched> {
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [turnLock]);
    const newest = await newestKnowledge(client);
    if (isPrinted(revision) && newest.revision === revision.revision) return { seq: newest.seq, ...nothing };
    const everything = !(await stage(client, revision));
    FAULT: fault("rematch.staged");
    let judged = await judgeCandidates(client, revision, everything);
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock($1)", [lock]);
    // What came in while the others were judged.
    judged += await judgeCandidates(client, revision, everything);
    FAULT: fault("rematch.judged");
    const seq = await change(client, revision, now);
    FAULT: fault("rematch.changed");
    await client.query("commit");
    FAULT: fault("rematch.committed");
    return { seq, judged, ...(await recount(client, seq)) };
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    await leave(client);
  }
}

const nothing = { judged: 0, sets: 0, images: 0 };

/** Whether its prints say what it is: then equal revisions are equal. */
function isPrinted({ changed }: Revision): boolean {
  return changed !== null && "prints" in changed;
}

/** The connection as it was. */
async function leave(client: PoolClient): Promise<void> {
  const tables = ["candidate", "changed", "fresh_print", "judged", "wanted"].map((name) => `pg_temp.${name}`);
  try {
    await client.query(`drop table if exists ${tables.join(", ")}`);
    await client.query("select pg_advisory_unlock($1)", [turnLock]);
    client.release();
  } catch (error) {
    // Broken, or in nobody knows what state: the lock goes with it.
    client.release(error instanceof Error ? error : true);
  }
}

/** Prepares the temporary tables; false: nobody can say what changed. */
async function stage(client: PoolClient, { changed }: Revision): Promise<boolean> {
  await client.query(
    `create temporary table judged (component_id integer primary key);
     create temporary table wanted (component_id integer not null, vulnerability text not null, severity smallint not null, flags smallint not null)`,
  );
  if (changed !== null && "prints" in changed) return findChangedNames(client, changed.prints);
  await client.query("create temporary table changed (ecosystem text not null, name text not null)");
  if (changed === null) return false;
  await client.query("insert into changed select distinct * from unnest($1::text[], $2::text[])", [
    changed.map(({ ecosystem }) => ecosystem),
    changed.map(({ name }) => name),
  ]);
  return true;
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

async function judgeCandidates(client: PoolClient, { findingsOf }: Revision, everything: boolean): Promise<number> {
  let judged = 0;
  for await (const components of candidates(client, everything)) {
    judged += components.length;
    await client.query("insert into judged select unnest($1::integer[])", [components.map(({ id }) => id)]);
    const wanted = wantedOf(components, findingsOf);
    if (wanted.length === 0) continue;
    await client.query(
      `insert into wanted select * from jsonb_to_recordset($1)
       as w(component_id integer, vulnerability text, severity smallint, flags smallint)`,
      [jsonForStore(wanted)],
    );
  }
  return judged;
}

/** One row for each flaw of each component. */
function wantedOf(components: readonly StoredComponent[], findingsOf: Revision["findingsOf"]): object[] {
  return miniSboms(components).flatMap((sbom) =>
    findingsOf(sbom)
      .filter(({ packageId }) => !packageId.startsWith("owner:"))
      .map((finding) => ({ component_id: Number(finding.packageId), ...matchOf(finding) })),
  );
}

async function change(client: PoolClient, told: Revision, now: number): Promise<number> {
  const { revision, builtAt } = told;
  await client.query("analyze judged; analyze wanted");
  const answer = await client.query<{ seq: number }>("select rejudge($1, $2, $3) as seq", [
    revision,
    builtAt,
    new Date(now).toISOString(),
  ]);
  if (isPrinted(told)) await keepPrints(client);
  else await client.query("delete from knowledge_print");
  return answer.rows[0]?.seq ?? 0;
}

async function recount(client: PoolClient, seq: number): Promise<{ sets: number; images: number }> {
  const sets = await countOf(client, "select recount_sets($1) as n", seq);
  FAULT: fault("rematch.sets");
  await countOf(client, "select recount_running($1) as n", seq);
  // Whoever summed the old counters has committed once this lock was had.
  await client.query("begin");
  await client.query("select pg_advisory_xact_lock($1)", [lock]);
  await client.query("commit");
  const images = await countOf(client, "select recount_images($1) as n", seq);
  FAULT: fault("rematch.images");
  await client.query("update delta set counted_at = now() where seq = $1", [seq]);
  return { sets, images };
}

async function countOf(client: PoolClient, sql: string, seq: number): Promise<number> {
  return (await client.query<{ n: number }>(sql, [seq])).rows[0]?.n ?? 0;
}
