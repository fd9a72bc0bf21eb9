import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { World } from "../world.ts";

/** What our own command line did as a program of its own. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  /** Its last words. */
  readonly stderr: string;
}

export interface CommandLineRun {
  readonly env: World["env"];
  /** Ends it. */
  readonly stop: AbortSignal;
  /** Variables besides. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Scans and builds of databases run as programs of their own: they take memory that goes away with them, and can be ended. */
export async function runCommandLine(args: readonly string[], { env, stop, more = {} }: CommandLineRun): Promise<Ran> {
  stop.throwIfAborted();
  const child = spawn(process.execPath, [commandLine(), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...env, ...more, PLIMSOLL_COMPAT: "" },
  });
  const end = (): void => void child.kill("SIGTERM");
  stop.addEventListener("abort", end, { once: true });
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    stop.throwIfAborted();
    return { code, stdout, stderr };
  } finally {
    stop.removeEventListener("abort", end);
  }
}

/** Beside us in the bundle as in the sources. */
function commandLine(): string {
  const isSource = import.meta.url.endsWith(".ts");
  return fileURLToPath(new URL(isSource ? "../../../cli/src/main.ts" : "../cli/main.cjs", import.meta.url));
}

/** The folder of the checkout, or of whatever the program lies in. */
export function programFolder(): string {
  const folder = dirname(dirname(dirname(commandLine())));
  return existsSync(folder) ? folder : "/";
}
