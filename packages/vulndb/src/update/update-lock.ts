import { open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { type Clock, messageOf } from "@plimsoll/kit";
import { vulndbError } from "../errors.ts";
import { parseJson } from "../records/json-text.ts";
import { memberOf, numberOf, textOf } from "../records/json-value.ts";

const lockFile = ".update.lock";
/** The holder touches its lock this often … */
const beatMs = 10_000;
/** … and one not touched for so long belongs to nobody (a machine that died, a process id used again). */
const staleMs = 60_000;

export interface LockOptions {
  /** How long to wait for another update to finish, ms. */
  readonly waitMs: number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: Clock;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Makes this process the only one that updates a folder until the lock is disposed. A lock whose process is gone is
 * taken over. Throws UPDATE_RUNNING when another update is still at it after `waitMs`.
 */
export async function lockUpdates(dir: string, { waitMs, sleep, now }: LockOptions): Promise<AsyncDisposable> {
  const path = join(dir, lockFile);
  for (let waited = 0; ; waited += 250) {
    if (await create(path)) return held(path, now);
    const holder = await liveHolder(path, now());
    if (holder === null) continue;
    if (waited >= waitMs) throw vulndbError("UPDATE_RUNNING", { fields: { path: dir, lock: path, ...holder } });
    await sleep(250);
  }
}

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o644);
    try {
      await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder));
    } finally {
      await file.close();
    }
    return true;
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    throw vulndbError("UPDATE_UNWRITABLE", { fields: { path, why: messageOf(cause) }, cause });
  }
}

async function held(path: string, now: Clock): Promise<AsyncDisposable> {
  await touch(path, now());
  const beat = setInterval(() => void touch(path, now()), beatMs);
  beat.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(beat);
      await rm(path, { force: true });
    },
  };
}

async function touch(path: string, now: number): Promise<void> {
  // Gone means that somebody removed it by hand; the update itself still writes whole files only.
  await utimes(path, now / 1000, now / 1000).catch(() => undefined);
}

/** Who holds the lock; `null` when it is free now, a dead holder's lock having been removed. */
async function liveHolder(path: string, now: number): Promise<Holder | null> {
  const [text, found] = await Promise.all([readFile(path, "utf8").catch(() => null), stat(path).catch(() => null)]);
  if (text === null || found === null) return null;
  const document = parseJson(text);
  const holder = { pid: numberOf(memberOf(document, "pid")) ?? 0, host: textOf(memberOf(document, "host")) ?? "?" };
  // A lock just made has no text yet: its age decides.
  const isDead = text !== "" && holder.host === hostname() && !isRunning(holder.pid);
  if (!isDead && now - found.mtimeMs < staleMs) return holder;
  await removeStale(path, text);
  return null;
}

/** Moves the dead lock away first: of two processes that found it dead, one succeeds, and a new lock is not removed in its place. */
async function removeStale(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}.stale`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readFile(aside, "utf8").catch(() => text);
  if (moved === text) await rm(aside, { force: true });
  else await rename(aside, path);
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return codeOf(cause) === "EPERM";
  }
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : undefined;
}
