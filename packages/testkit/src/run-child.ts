import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "./shared-data.ts";

/** What to run and how long to wait for it. */
export type ChildRun = {
  /** Arguments behind the program; by default the program is our own command line, from source. */
  readonly args: readonly string[];
  /** Another program: a script for the pinned Node (`.ts`, `.mjs`) or an executable. */
  readonly program?: string;
  /** Added to an environment of PATH and a private HOME, TMPDIR and XDG folders, and nothing else. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
  /** The child is killed after this time and `signal` says so. Default 30 s. */
  readonly timeoutMs?: number;
};

/** What a child process did. */
export type ChildResult = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Peak resident memory; `Infinity` when the child did not live to tell. */
  readonly peakRssBytes: number;
  readonly wallMs: number;
  /** Files it left in its temporary folder, home, caches or (unless `cwd` is given) working folder; sorted. */
  readonly filesLeft: readonly string[];
};

/** The source entry of the command line. */
export const cliEntry: string = join(repositoryRoot, "apps", "cli", "src", "main.ts");

/** Runs a program in a fresh sandbox of folders and tells everything that can be asserted about it. */
export async function runChild(run: ChildRun): Promise<ChildResult> {
  const sandbox = mkdtempSync(join(tmpdir(), "plimsoll-child-"));
  try {
    const folders = { home: join(sandbox, "home"), tmp: join(sandbox, "tmp"), work: join(sandbox, "work") };
    for (const folder of Object.values(folders)) mkdirSync(folder);
    const started = performance.now();
    const outcome = await outcomeOf(run, folders);
    return { ...outcome, wallMs: performance.now() - started, filesLeft: filesIn(sandbox) };
  } finally {
    rmSync(sandbox, { recursive: true, force: true });
  }
}

type Folders = { readonly home: string; readonly tmp: string; readonly work: string };

async function outcomeOf(run: ChildRun, folders: Folders): Promise<Omit<ChildResult, "wallMs" | "filesLeft">> {
  const program = run.program ?? cliEntry;
  if (!existsSync(program)) throw new Error(`${program} does not exist`);
  const [command, ...first] = /\.[cm]?[jt]s$/.test(program) ? [process.execPath, program] : [program];
  const child = spawn(command, [...first, ...run.args], {
    cwd: run.cwd ?? folders.work,
    env: { ...environment(folders), ...run.env },
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    timeout: run.timeoutMs ?? 30_000,
    killSignal: "SIGKILL",
  });
  // A child may end before it has read its input: EPIPE is its right, the exit code tells the rest.
  child.stdin.on("error", () => undefined);
  child.stdin.end(run.stdin ?? "");
  const closed = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve([code, signal]));
  });
  const [stdout, stderr, peak, [code, signal]] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    buffer(child.stdio[3] as Readable),
    closed,
  ]);
  return { code, signal, stdout: stdout.toString(), stderr: stderr.toString(), peakRssBytes: peakOf(peak.toString()) };
}

function environment({ home, tmp }: Folders): Record<string, string> {
  const preload = pathToFileURL(join(import.meta.dirname, "report-peak.ts")).href;
  return {
    PATH: process.env.PATH ?? "",
    HOME: home,
    TMPDIR: tmp,
    XDG_CACHE_HOME: join(home, ".cache"),
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local", "share"),
    NODE_OPTIONS: `--import=${preload}`,
  };
}

function peakOf(text: string): number {
  const lines = text.split("\n").filter(Boolean);
  return lines.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...lines.map(Number));
}

function filesIn(sandbox: string): string[] {
  return readdirSync(sandbox, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(sandbox.length + 1))
    .sort();
}
