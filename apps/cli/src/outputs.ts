import { accessSync, constants, statSync, writeFile } from "node:fs";
import { dirname, resolve } from "node:path";
import { messageOf } from "@plimsoll/kit";
import { cliError } from "./errors.ts";
import type { World } from "./world.ts";

/** A document that was asked for, and where it goes: `null` is standard output. */
export interface Target {
  readonly format: string;
  readonly path: string | null;
}

const stdoutPaths: ReadonlySet<string> = new Set(["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]);

/** A path as a target: `-` and the device files of standard output are standard output. */
export function targetOf(format: string, path: string): Target {
  return { format, path: stdoutPaths.has(path) ? null : path };
}

/** One document at most goes to standard output; throws STDOUT_TWICE. Every folder exists; throws OUTPUT_FOLDER_MISSING, OUTPUT_FAILED for a folder. Asked before work that takes minutes. */
export function checkTargets(targets: readonly Target[]): void {
  const formats = targets.filter(({ path }) => path === null).map(({ format }) => format);
  const [hint] = formats;
  if (hint !== undefined && formats.length > 1) {
    throw cliError("STDOUT_TWICE", { fields: { formats: formats.join(", "), hint } });
  }
  for (const { path } of targets) {
    if (path === null) continue;
    try {
      // With the slash a file in place of the folder is told as well.
      accessSync(`${dirname(resolve(path))}/`, constants.W_OK);
    } catch (cause) {
      throw cliError("OUTPUT_FOLDER_MISSING", { fields: { path }, cause });
    }
    if (isFolder(path)) throw cliError("OUTPUT_FAILED", { fields: { path, why: "it is a folder" } });
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Writes every document that was asked for; one that cannot be written keeps no other back. Throws the first's OUTPUT_FAILED. */
export async function deliverAll(
  targets: readonly Target[],
  documentOf: (target: Target) => string,
  world: World,
): Promise<void> {
  const failures: unknown[] = [];
  for (const target of targets) {
    world.signal.throwIfAborted();
    await deliver(target, documentOf(target), world).catch((failure: unknown) => failures.push(failure));
  }
  if (failures.length > 0) throw failures[0];
}

/** Writes a document where it belongs. Throws OUTPUT_FAILED. */
async function deliver({ path }: Target, text: string, { stdout }: World): Promise<void> {
  if (path === null) return stdout.write(text);
  try {
    await written(path, text);
  } catch (cause) {
    throw cliError("OUTPUT_FAILED", { fields: { path, why: messageOf(cause) }, cause });
  }
}

/** Never in this thread: a pipe may make its writer wait. */
function written(path: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    writeFile(path, text, (error) => (error === null ? resolve() : reject(error)));
  });
}
