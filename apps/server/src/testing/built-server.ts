import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { repositoryRoot } from "@plimsoll/testkit";

/** The program as people start it. */
export const launcher: readonly string[] = [join(repositoryRoot, "bin", "plimsoll")];

const built = [process.execPath, join(repositoryRoot, "dist", "server", "main.mjs")];

/** Builds if need be, however long that takes: what a test kills must never be an installation. */
export function buildFirst(): void {
  execFileSync(launcher[0] ?? "", ["--version"], { stdio: "ignore" });
}

/** A program that runs until somebody stops it. */
export interface Started {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves with what the pattern found in either stream. Throws when the program ends before. */
  said(pattern: RegExp): Promise<string>;
  /** To the whole group, as a terminal does it. */
  signal(name: NodeJS.Signals): void;
  /** Code or signal; what is still running after a while is killed and told. */
  ended(): Promise<number | NodeJS.Signals | "killed">;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Another program than what the launcher becomes, with its first arguments. */
  readonly program?: readonly string[];
}

const patienceMs = 90_000;
const living = new Set<ChildProcess>();

/** For `afterAll`: a test that failed in the middle leaves no server behind. */
export async function endLeftOvers(): Promise<void> {
  for (const child of living) child.kill("SIGINT");
  await Promise.all([...living].map((child) => once(child, "close")));
}

/** Starts the built server with these arguments in an environment without anybody's settings. */
export function startBuilt(args: readonly string[], { env = {}, program = built }: StartOptions = {}): Started {
  const [command = "", ...rest] = [...program, ...args];
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(command, rest, {
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  living.add(child);
  child.once("close", () => living.delete(child));
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const closed = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once("close", (code, signal) => resolve(signal ?? code ?? -1)),
  );
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, name);
  };
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    signal,
    said: async (pattern) => {
      for (let waited = 0; ; waited += 20) {
        const found = pattern.exec(`${stdout}\n${stderr}`);
        if (found !== null) return found[1] ?? found[0];
        if (child.exitCode !== null || child.signalCode !== null || waited > patienceMs) {
          throw new Error(`it did not say ${pattern}: ${stdout}${stderr}`);
        }
        await wait(20);
      }
    },
    ended: () =>
      Promise.race([
        closed,
        wait(patienceMs, "killed" as const, { ref: false }).then((word) => {
          signal("SIGKILL");
          return word;
        }),
      ]),
  };
}

/** Living processes that were told of a folder: what a stop should leave none of. */
export function processesOf(folder: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return command.includes(folder) ? [`${pid} ${command}`] : [];
      } catch {
        return [];
      }
    });
}
