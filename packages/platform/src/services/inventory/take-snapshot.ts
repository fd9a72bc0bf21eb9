import type { SnapshotAnswer, SnapshotRequest } from "@plimsoll/contract";
import type { PoolClient } from "pg";
import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { Gathering, type SaidAsset, seenOf } from "../../inventory/gather.ts";
import { readPart } from "../../inventory/read-part.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { inventoryJob } from "../../jobs/inventory.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import { dropRunning, imagesToScan, knownRunning, takeRunning, touchRunning } from "../../store/inventory/running.ts";
import {
  answeredBefore,
  keepAnswer,
  keepPart,
  type PartState,
  partBytes,
  partNumbers,
  type SnapshotKey,
} from "../../store/inventory/snapshots.ts";
import { hearSource, markTaken } from "../../store/inventory/sources.ts";
import type { Services } from "../services.ts";

type Needed = Pick<Services, "pool" | "clock">;

/** Keeps a part of a snapshot that is to come. Throws FORBIDDEN and what keeping throws. */
export async function receivePart(
  { pool, clock }: Needed,
  actor: Actor,
  { id, part, bytes }: { readonly id: string; readonly part: number; readonly bytes: Uint8Array },
): Promise<PartState> {
  demand(actor, "inventory.send");
  return keepPart(pool, { owner: actor.id, id }, { part, bytes, now: clock() });
}

/** Which parts of a snapshot are here. Throws FORBIDDEN. */
export async function readParts({ pool }: Needed, actor: Actor, id: string): Promise<PartState> {
  demand(actor, "inventory.send");
  const key = { owner: actor.id, id };
  return { received: await partNumbers(pool, key), ended: (await answeredBefore(pool, key)) !== null };
}

/**
 * Takes a snapshot: what is new or has changed is written down, and what a complete one does not name any more goes. Sent
 * again under its id it is answered as before. Throws FORBIDDEN, SNAPSHOT_PARTS_MISSING, SNAPSHOT_UNREADABLE,
 * SNAPSHOT_TOO_LARGE, SNAPSHOT_BUSY.
 */
export async function takeSnapshot(services: Needed, actor: Actor, sent: SnapshotRequest): Promise<SnapshotAnswer> {
  demand(actor, "inventory.send");
  const { pool, clock } = services;
  const key = { owner: actor.id, id: sent.id };
  const before = await answeredBefore(pool, key);
  if (before !== null) return before;
  const { takenAt, problems } = momentOf(sent, clock());
  const { assets, cleaned } = await gathered(services, { key, sent, team: actor.team });
  const client = await pool.connect();
  let failed = true;
  try {
    const lock = [lockOf, `${actor.team ?? 0} ${sent.source.kind} ${sent.source.name}`];
    const { rows } = await client.query<{ got: boolean }>("select pg_try_advisory_lock($1, hashtext($2)) as got", lock);
    if (rows[0]?.got !== true) throw platformError("SNAPSHOT_BUSY", { fields: { seconds: 5 } });
    try {
      const taking = { key, sent, actor, assets, takenAt, problems: [...problems, ...cleaned], now: clock() };
      const answer = await taken(client, taking);
      failed = false;
      return answer;
    } finally {
      await client.query("rollback").catch(() => undefined);
      await client.query("select pg_advisory_unlock($1, hashtext($2))", lock);
    }
  } catch (error) {
    // A refusal leaves the connection as it was.
    failed = failed && !(error instanceof Error && "code" in error && error.code === "SNAPSHOT_BUSY");
    throw error;
  } finally {
    client.release(failed);
  }
}

/** First key of the advisory locks of sources. */
const lockOf = 7215;
/** Assets written in one transaction: scans wait for none of them long. */
const batch = 1000;
/** How far a collector's clock may be ahead, ms. */
const mostAhead = 300_000;
/** Retention goes by days: half of one is soon enough to tell it that something still runs. */
const touchAfter = 12 * 3_600_000;
const mostToScan = 1000;

function momentOf({ takenAt }: SnapshotRequest, now: number) {
  const said = Math.max(0, Date.parse(takenAt));
  if (said <= now + mostAhead) return { takenAt: new Date(said).toISOString(), problems: [] };
  const seconds = Math.round((said - now) / 1000);
  const problem = `the collector's clock is ${seconds} seconds ahead: the snapshot is taken as of now`;
  return { takenAt: new Date(now).toISOString(), problems: [problem] };
}

interface Gathered {
  readonly key: SnapshotKey;
  readonly sent: SnapshotRequest;
  readonly team: number | null;
}

/** All that its parts and its own contents say. */
async function gathered({ pool }: Needed, { key, sent, team }: Gathered) {
  const here = new Set(await partNumbers(pool, key));
  const missing = Array.from({ length: sent.parts }, (_, part) => part).filter((part) => !here.has(part));
  if (missing.length > 0) {
    throw platformError("SNAPSHOT_PARTS_MISSING", { fields: { parts: sent.parts, missing: missing.join(", ") } });
  }
  const gathering = new Gathering({ team, source: sent.source });
  for (let part = 0; part < sent.parts; part++) {
    const bytes = await partBytes(pool, key, part);
    if (bytes !== null) gathering.add(await readPart(part, bytes));
  }
  if (sent.contents !== undefined) gathering.add(sent.contents);
  return { assets: gathering.assets(), cleaned: gathering.problems() };
}

interface Taking {
  readonly key: SnapshotKey;
  readonly sent: SnapshotRequest;
  readonly actor: Actor;
  readonly assets: readonly SaidAsset[];
  /** RFC 3339, by the collector's clock as far as it can be believed. */
  readonly takenAt: string;
  readonly problems: readonly string[];
  readonly now: number;
}

async function taken(client: PoolClient, taking: Taking): Promise<SnapshotAnswer> {
  const { key, sent, actor, assets, takenAt, problems } = taking;
  const again = await answeredBefore(client, key);
  if (again !== null) return again;
  const now = new Date(taking.now).toISOString();
  const { collector = "", complete: isComplete } = sent;
  const name = { team: actor.team, ...sent.source };
  const source = await hearSource(client, name, { collector, takenAt, now });
  const nothing = { added: 0, changed: 0, unchanged: 0, gone: 0, toScan: [], toScanTotal: 0 };
  if (source === null) {
    return ended(client, taking, {
      outcome: "outdated",
      source,
      seen: seenOf(assets),
      ...nothing,
      problems: [...problems],
    });
  }
  const known = await knownRunning(client, source);
  const fresh = assets.filter(({ key: { id }, content }) => known.get(id) !== content);
  for (let at = 0; at < fresh.length; at += batch) {
    await client.query("begin");
    await takeRunning(client, fresh.slice(at, at + batch), { source, now });
    await client.query("commit");
  }
  const named = new Set(assets.map(({ key: { id } }) => id));
  const missing = isComplete ? [...known.keys()].filter((id) => !named.has(id)) : [];
  for (let at = 0; at < missing.length; at += batch) {
    await client.query("begin");
    await dropRunning(client, source, missing.slice(at, at + batch));
    await client.query("commit");
  }
  const before = new Date(taking.now - touchAfter).toISOString();
  await touchRunning(client, [...named], { now, before });
  await markTaken(client, source, { takenAt, now, isComplete });
  const { images, total } = await imagesToScan(client, source, mostToScan);
  const added = fresh.filter(({ key: { id } }) => !known.has(id)).length;
  return ended(client, taking, {
    ...{ outcome: "taken", source, seen: seenOf(assets), added, changed: fresh.length - added },
    ...{ unchanged: assets.length - fresh.length, gone: missing.length },
    ...{ toScan: [...images], toScanTotal: total, problems: [...problems] },
  });
}

/** The answer, kept, told to the audit, and what follows from it asked for, at once. */
async function ended(client: PoolClient, { key, sent, actor, now }: Taking, answer: SnapshotAnswer) {
  const { toScan: _, problems, ...counts } = answer;
  await client.query("begin");
  await keepAnswer(client, key, { answer, now });
  const subject = answer.source === null ? `snapshot:${sent.id}` : `inventory-source:${answer.source}`;
  const detail = { ...sent.source, ...counts, problems: problems.length };
  await recordAudit(client, actor, { action: "inventory.snapshot", subject, detail, at: now });
  if (answer.added + answer.changed + answer.gone > 0) {
    await enqueue(client, inventoryJob, { payload: { silentHours: null }, priority: "runtime", key: "snapshot" });
  }
  await client.query("commit");
  return answer;
}
