import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Clock, messageOf, PlimsollError } from "@plimsoll/kit";
import { vulndbError } from "../errors.ts";
import { dbStatus } from "../status.ts";
import { lockUpdates } from "../update/update-lock.ts";
import { writeAtomic } from "../update/write-atomic.ts";
import { openEnvelope, signEnvelope } from "./envelope.ts";
import { digestOfFile } from "./file-digest.ts";
import type { SigningKey } from "./keys.ts";
import { makeFiles } from "./make-files.ts";
import {
  isFileName,
  manifestText,
  parseManifest,
  type Revision,
  type RevisionDelta,
  type RevisionFile,
} from "./manifest.ts";
import { envelopeFile, folderSource } from "./revision-source.ts";

export interface PublishOptions {
  /** The database to publish. */
  readonly database: string;
  /** The repository: made when missing, else extended. */
  readonly folder: string;
  /** Without any the revision is not signed. */
  readonly keys: readonly SigningKey[];
  readonly now: Clock;
  /** Days until there should be a newer revision. */
  readonly expiresInDays: number;
  /** Steps from earlier revisions that stay on offer. */
  readonly keepDeltas: number;
  /** zstd level 1 … 19. */
  readonly level: number;
  /** Whether an earlier delta can still be fetched. Default: it lies in the folder, whole. */
  readonly isOffered?: (file: RevisionFile) => Promise<boolean>;
  readonly signal?: AbortSignal;
  /** Called with what is being done. */
  readonly onProgress?: (text: string) => void;
}

export interface PublishReport {
  /** `renewed`: that database was published already, and is signed anew with a later expiry. */
  readonly status: "published" | "renewed";
  readonly revision: Revision;
  /** Why there is no delta from the revision before; `null` when there is one, or none could be. */
  readonly deltaFault: string | null;
}

/**
 * Adds a database as the newest revision to a repository: a folder of files that any web server can give out. The
 * manifest is replaced last; a reader sees the old revision or the new one, each whole. Throws EXPORT_OLDER,
 * EXPORT_FAILED, UPDATE_RUNNING, what opening the database throws, or the reason of an aborted signal.
 */
export async function publishRevision(options: PublishOptions): Promise<PublishReport> {
  const { folder, database, now } = options;
  const { revision } = dbStatus(database);
  try {
    await mkdir(folder, { recursive: true });
    const sleep = async (ms: number) => void (await wait(ms));
    await using _lock = await lockUpdates(folder, { waitMs: 600_000, sleep, now });
    const previous = await newestIn(folder, options.keys);
    checkNewer(previous?.revision ?? null, { revision, folder });
    const scratch = await mkdtemp(join(folder, scratchPrefix));
    try {
      return await addRevision(options, { previous, scratch });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (cause instanceof PlimsollError) throw cause;
    throw vulndbError("EXPORT_FAILED", { fields: { revision, place: folder, why: messageOf(cause) }, cause });
  }
}

const scratchPrefix = ".plimsoll-export-";

/** The newest revision of a repository as it is now. */
interface Previous {
  readonly revision: Revision;
  readonly manifestSha256: string;
  /** Signed by the keys that sign now: only then what it says of older files is said again. */
  readonly isOurs: boolean;
}

async function newestIn(folder: string, keys: readonly SigningKey[]): Promise<Previous | null> {
  const found = await stat(join(folder, envelopeFile)).catch(() => null);
  if (found === null) return null;
  await using source = folderSource(folder);
  const trust = { keys, retired: new Set<string>() };
  const { payload, signedBy } = openEnvelope(await source.envelope(), { trust, place: folder, allowUnsigned: true });
  return {
    revision: parseManifest(payload, folder),
    manifestSha256: createHash("sha256").update(payload).digest("hex"),
    isOurs: signedBy.length > 0 || keys.length === 0,
  };
}

function checkNewer(known: Revision | null, { revision, folder }: { revision: string; folder: string }): void {
  if (known === null || BigInt(known.revision) <= BigInt(revision)) return;
  const fields = { place: folder, known: known.revision, found: revision };
  throw vulndbError("EXPORT_OLDER", { fields });
}

interface Adding {
  readonly previous: Previous | null;
  readonly scratch: string;
}

async function addRevision(options: PublishOptions, { previous, scratch }: Adding): Promise<PublishReport> {
  const { folder, database, signal, onProgress, level } = options;
  const status = dbStatus(database);
  const base = previous?.isOurs === true ? previous.revision : null;
  const context = { scratch, folder, level, signal, onProgress };
  const made = await makeFiles(database, { ...context, revision: status.revision, base });
  const isRenewed = previous?.revision.revision === status.revision;
  if (isRenewed && previous.revision.database.sha256 !== made.database.sha256) {
    const why = "another database was published under this number; build it anew";
    throw vulndbError("EXPORT_FAILED", { fields: { revision: status.revision, place: folder, why } });
  }
  signal?.throwIfAborted();
  const renewed = isRenewed ? previous.revision : null;
  const kept = base === null ? [] : await stillOffered(base.deltas, options);
  const deltas = [...kept, ...(made.delta === null ? [] : [made.delta.step])];
  const revision: Revision = {
    revision: status.revision,
    schema: status.schema,
    builtAt: status.builtAt,
    ...lifeOf(options),
    database: made.database,
    full: renewed?.full ?? made.full,
    deltas: deltas.slice(-Math.max(0, options.keepDeltas)),
    feeds: status.feeds,
    previous: renewed?.previous ?? previousOf(previous),
  };
  if (renewed === null) await moveIn(made.files, { scratch, folder });
  await writeManifest(revision, options);
  await removeOld(revision, { folder, before: previous?.revision ?? null });
  const deltaFault = made.delta === null ? made.deltaFault : null;
  return { status: renewed === null ? "published" : "renewed", revision, deltaFault };
}

function lifeOf({ now, expiresInDays }: PublishOptions): Pick<Revision, "createdAt" | "expiresAt"> {
  const at = now();
  const createdAt = new Date(at).toISOString();
  return { createdAt, expiresAt: new Date(at + expiresInDays * 86_400_000).toISOString() };
}

function previousOf(previous: Previous | null): Revision["previous"] {
  return previous === null ? null : { revision: previous.revision.revision, sha256: previous.manifestSha256 };
}

/** Steps whose files are there, and that lead on without a gap. */
async function stillOffered(deltas: readonly RevisionDelta[], options: PublishOptions): Promise<RevisionDelta[]> {
  const isOffered = options.isOffered ?? ((file) => isWhole(options.folder, file));
  const offered = await Promise.all(deltas.map(isOffered));
  const gap = offered.lastIndexOf(false);
  return deltas.slice(gap + 1);
}

async function isWhole(folder: string, { name, bytes, sha256 }: RevisionFile): Promise<boolean> {
  const found = await stat(join(folder, name)).catch(() => null);
  return found?.isFile() === true && found.size === bytes && (await digestOfFile(join(folder, name))) === sha256;
}

async function moveIn(files: readonly string[], { scratch, folder }: { scratch: string; folder: string }) {
  for (const name of files) await rename(join(scratch, name), join(folder, name));
}

/** The manifest once under its number, for those who follow the chain of revisions, and last as the newest. */
async function writeManifest(revision: Revision, { folder, keys }: PublishOptions): Promise<void> {
  const envelope = signEnvelope(Buffer.from(manifestText(revision), "utf8"), keys);
  await writeAtomic(join(folder, `${revision.revision}.json`), envelope);
  await writeAtomic(join(folder, envelopeFile), envelope);
}

/** What no manifest names any more; the whole database of the revision before stays for those who are fetching it now. */
async function removeOld(revision: Revision, { folder, before }: { folder: string; before: Revision | null }) {
  const kept = new Set([revision.full.name, before?.full.name, ...revision.deltas.map(({ name }) => name)]);
  const numbers = new Set([
    revision.revision,
    ...revision.deltas.flatMap(({ from, to }) => [from.revision, to.revision]),
  ]);
  for (const name of await readdir(folder)) {
    const manifest = /^(\d{14,20})\.json$/.exec(name)?.[1];
    const isOld = manifest === undefined ? isFileName(name) && !kept.has(name) : !numbers.has(manifest);
    const isLeft = name.startsWith(scratchPrefix);
    if (isOld || isLeft) await rm(join(folder, name), { recursive: true, force: true });
  }
}
