import { mkdir, mkdtemp, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Clock, messageOf, PlimsollError } from "@plimsoll/kit";
import { vulndbError } from "../errors.ts";
import { schemaVersion } from "../store/schema.ts";
import { lockUpdates } from "../update/update-lock.ts";
import { chainOf, unpackChain } from "./delta-chain.ts";
import { openEnvelope } from "./envelope.ts";
import { digestOfFile } from "./file-digest.ts";
import { type InstallNote, readInstallNote, writeInstallNote } from "./install-note.ts";
import { installedRevision } from "./installed-revision.ts";
import type { Trust } from "./keys.ts";
import { parseManifest, type Revision } from "./manifest.ts";
import type { InstallProgress } from "./progress.ts";
import type { RevisionSource } from "./revision-source.ts";
import { checkDatabase, unpackFull } from "./unpack-full.ts";

export interface InstallOptions {
  /** The database file to replace. */
  readonly path: string;
  readonly trust: Trust;
  readonly now: Clock;
  /** Takes also what no trusted key signed. */
  readonly allowUnsigned?: boolean;
  /** Takes also a revision older than one that was here, or another one of the same number. */
  readonly allowOlder?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: InstallProgress) => void;
  /** How long to wait for another import into the same folder, ms. Default 10 minutes. */
  readonly lockWaitMs?: number;
}

export interface InstallReport {
  /** `current`: that revision was installed already. */
  readonly status: "installed" | "current";
  /** By which files. */
  readonly by: "full" | "deltas" | "nothing";
  /** Bytes of those files. */
  readonly fetchedBytes: number;
  readonly revision: Revision;
  readonly note: InstallNote;
  /** Why deltas were there and could not be used; `null` when none was needed. */
  readonly deltaFault: string | null;
}

/**
 * Brings the newest revision of a repository to `path`: checks who signed it, that it is no older than what was here, then
 * each file's size and digest, then the database's own; only then replaces the old one, by renaming. Nothing of a failed
 * attempt is left. Throws the REVISION_, KEY_ and SIGNATURE_ errors, REPOSITORY_MISSING, DB_NEWER, DB_OLDER, DB_CORRUPT,
 * UPDATE_RUNNING, INSTALL_FAILED, what the source's way throws, or the reason of an aborted signal.
 */
export async function installRevision(source: RevisionSource, options: InstallOptions): Promise<InstallReport> {
  const { path, now, lockWaitMs = 600_000 } = options;
  const folder = dirname(path);
  await writable(path, () => mkdir(folder, { recursive: true }));
  const sleep = async (ms: number) => void (await wait(ms));
  await using _lock = await lockUpdates(folder, { waitMs: lockWaitMs, sleep, now });
  await removeLeftovers(folder);
  const offer = await offerOf(source, options);
  const { revision, note } = offer;
  const installed = await installedAt(path);
  checkOrder(offer, installed, { source, options });
  const report = { revision, note, deltaFault: null };
  if (installed?.revision === revision.revision && installed.sha256 === revision.database.sha256) {
    await writable(path, () => writeInstallNote(path, note));
    return { ...report, status: "current", by: "nothing", fetchedBytes: 0 };
  }
  const scratch = await writable(path, () => mkdtemp(join(folder, scratchPrefix)));
  try {
    const unpacked = await unpack(source, { offer, installed, scratch, options });
    options.signal?.throwIfAborted();
    await writable(path, () => replace(path, unpacked.path));
    await writable(path, () => writeInstallNote(path, note));
    return { ...report, ...unpacked, status: "installed" };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const scratchPrefix = ".plimsoll-import-";

/** Of an import that was killed: nobody else is at work, because we hold the lock. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder);
  const left = names.filter((name) => name.startsWith(scratchPrefix));
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

interface Offer {
  readonly revision: Revision;
  readonly note: InstallNote;
}

async function offerOf(source: RevisionSource, options: InstallOptions): Promise<Offer> {
  const { place } = source;
  const { trust, path, now, allowUnsigned = false } = options;
  const { payload, signedBy } = openEnvelope(await source.envelope(), { trust, place, allowUnsigned });
  const revision = parseManifest(payload, place);
  const { schema } = revision;
  const fields = { path: `of ${place}`, found: schema, known: schemaVersion };
  if (schema !== schemaVersion) throw vulndbError(schema > schemaVersion ? "DB_NEWER" : "DB_OLDER", { fields });
  const highest = [readInstallNote(path)?.highest ?? "", installedRevision(path) ?? "", revision.revision];
  const note = {
    revision: revision.revision,
    highest: highest.sort(byNumber).at(-1) ?? revision.revision,
    sha256: revision.database.sha256,
    signedBy,
    place,
    createdAt: revision.createdAt,
    expiresAt: revision.expiresAt,
    checkedAt: new Date(now()).toISOString(),
  };
  return { revision, note: options.allowOlder === true ? { ...note, highest: revision.revision } : note };
}

/** A day: clocks differ, and what is further ahead would make every later revision look older. */
const aheadMs = 86_400_000;

interface Asked {
  readonly source: RevisionSource;
  readonly options: InstallOptions;
}

/** Revisions only grow. */
function checkOrder({ revision, note }: Offer, installed: Installed | null, { source, options }: Asked): void {
  const { place } = source;
  const { revision: found, createdAt } = revision;
  const latest = new Date(options.now() + aheadMs).toISOString();
  if (Date.parse(createdAt) > Date.parse(latest) || byNumber(found, numberOf(latest)) > 0) {
    throw vulndbError("REVISION_AHEAD", { fields: { place, found, createdAt } });
  }
  if (options.allowOlder === true) return;
  if (note.highest !== found) {
    throw vulndbError("REVISION_OLDER", { fields: { place, found, known: note.highest } });
  }
  const known = readInstallNote(options.path);
  const isOther = known?.revision === found && known.sha256 !== revision.database.sha256;
  if (isOther && installed?.revision === found) throw vulndbError("REVISION_OTHER", { fields: { place, found } });
}

/** The number that a build at a moment gets, with room for builds within one second. */
function numberOf(moment: string): string {
  return moment.slice(0, 19).replace(/\D/g, "");
}

/** Numbers of 14 to 20 digits without leading zeros. */
function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

interface Installed {
  readonly revision: string;
  readonly sha256: string;
}

/** What lies there now; `null` for nothing, and for what is no database of ours. */
async function installedAt(path: string): Promise<Installed | null> {
  const revision = installedRevision(path);
  return revision === null ? null : { revision, sha256: await digestOfFile(path) };
}

interface Unpacking {
  readonly offer: Offer;
  readonly installed: Installed | null;
  readonly scratch: string;
  readonly options: InstallOptions;
}

type Unpacked = Pick<InstallReport, "by" | "fetchedBytes" | "deltaFault"> & { readonly path: string };

/** By deltas when they lead here from what is installed and are less to fetch; else, or when they fail, the whole. */
async function unpack(source: RevisionSource, { offer, installed, scratch, options }: Unpacking): Promise<Unpacked> {
  const { revision } = offer;
  const context = { scratch, signal: options.signal, onProgress: options.onProgress };
  const chain = chainOf(revision, installed);
  let deltaFault: string | null = null;
  if (chain.length > 0) {
    try {
      const path = await unpackChain(source, { ...context, chain, old: options.path, database: revision.database });
      checkDatabase(path, revision, source);
      return { path, by: "deltas", fetchedBytes: sum(chain), deltaFault };
    } catch (thrown) {
      options.signal?.throwIfAborted();
      deltaFault = messageOf(thrown);
    }
  }
  const path = join(scratch, basename(options.path));
  await unpackFull(source, revision, { ...context, path });
  checkDatabase(path, revision, source);
  return { path, by: "full", fetchedBytes: revision.full.bytes, deltaFault };
}

function sum(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((all, { bytes }) => all + bytes, 0);
}

/** Bytes on disk before the rename: a crash must not leave a renamed empty file. */
async function replace(path: string, by: string): Promise<void> {
  {
    await using file = await open(by, "r+");
    await file.sync();
  }
  await rename(by, path);
}

async function writable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof PlimsollError) throw cause;
    throw vulndbError("INSTALL_FAILED", { fields: { path, why: messageOf(cause) }, cause });
  }
}
