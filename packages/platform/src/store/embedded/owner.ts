import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { platformError } from "../../errors.ts";

/** A process by its number and the moment it started, so that a number given out anew is not taken for it. */
interface Owner {
  readonly pid: number;
  readonly startedAt: string | null;
}

/**
 * Claims `folder` for this process by a file that names it; the claim of a process that is gone is taken over. Throws
 * STORE_IN_USE. The returned function gives the claim back.
 */
export function claim(file: string, folder: string): () => void {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) }), { mode: 0o600 });
  try {
    while (!linked(mine, file)) {
      const text = readText(file);
      const pid = ownerOf(file);
      if (pid !== null) throw platformError("STORE_IN_USE", { fields: { pid, folder } });
      if (text !== null) dropStale(file, text);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(file, { force: true });
}

/** Number of the living process that has a claim; `null`: none has. */
export function ownerOf(file: string): number | null {
  const text = readText(file);
  const owner = text === null ? null : parse(text);
  return owner !== null && startOf(owner.pid) === owner.startedAt ? owner.pid : null;
}

/** Moved away before it is looked at again: a fresh claim that was caught by mistake goes back. */
function dropStale(file: string, text: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readText(aside) !== text) linked(aside, file);
  rmSync(aside, { force: true });
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function parse(text: string): Owner | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Field 22 of /proc/PID/stat (proc(5)), clock ticks since boot; `null` when there is no such process. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
