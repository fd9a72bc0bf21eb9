import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** One run of a command: wall time in ms, peak resident memory in bytes (file mappings included), exit code. */
export interface Run {
  readonly wallMs: number;
  readonly peakBytes: number;
  readonly code: number | null;
  readonly stderr: string;
}

export interface Command {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that mean the work was done. */
  readonly accepts?: readonly number[];
  /** Called before each run, outside the clock. */
  readonly prepare?: () => void;
}

export interface Row {
  readonly name: string;
  /** Median and lowest wall time in ms, highest peak in bytes. */
  readonly medianMs: number;
  readonly minMs: number;
  readonly peakBytes: number;
  /** Wall time of each round in ms: the rows of one table have the same rounds. */
  readonly roundsMs: readonly number[];
}

/**
 * Runs all commands `rounds` times, interleaved so that noise of the machine falls on all alike; `inputs`: files and
 * folders that each finds read already. Throws when one does not do its work.
 */
export async function measure(
  commands: readonly Command[],
  rounds: number,
  inputs: readonly string[] = [],
): Promise<Row[]> {
  const runs = new Map<string, Run[]>(commands.map((command) => [command.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const command of commands) {
      command.prepare?.();
      settle(inputs);
      const run = await runOnce(command);
      if (!(command.accepts ?? [0]).includes(run.code ?? -1)) {
        throw new Error(`${command.name} ended with ${run.code}: ${run.stderr.slice(-800)}`);
      }
      runs.get(command.name)?.push(run);
    }
  }
  return commands.map(({ name }) => rowOf(name, runs.get(name) ?? []));
}

/**
 * What the command before left to be written (syft unpacks whole images) must not fall on the next, nor must it be the
 * first to read again what the machine has put out of memory meanwhile.
 */
function settle(inputs: readonly string[]): void {
  spawnSync("sync");
  if (inputs.length > 0) spawnSync("find", [...inputs, "-type", "f", "-exec", "cat", "{}", "+"], { stdio: "ignore" });
}

function rowOf(name: string, runs: readonly Run[]): Row {
  const roundsMs = runs.map((run) => run.wallMs);
  return {
    name,
    medianMs: median(roundsMs),
    minMs: Math.min(...roundsMs),
    peakBytes: Math.max(...runs.map((run) => run.peakBytes)),
    roundsMs,
  };
}

/** Pair by pair: the median, over all rounds, of one command's time against the fastest of the others' in the same round. */
export function pairRatio(own: Row, others: readonly Row[]): number {
  const fastest = (round: number): number => Math.min(...others.map(({ roundsMs }) => roundsMs[round] ?? Number.NaN));
  return median(own.roundsMs.map((ms, round) => ms / fastest(round)));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

function runOnce({ argv: [file, ...args], env }: Command): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(file, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } });
    let peakBytes = 0;
    let stderr = "";
    const timer = setInterval(() => {
      peakBytes = Math.max(peakBytes, peakOf(child.pid ?? 0));
    }, 4);
    child.stderr.on("data", (data: Buffer) => {
      stderr = `${stderr}${data}`.slice(-4000);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(timer);
      resolve({ wallMs: performance.now() - started, peakBytes, code, stderr });
    });
  });
}

/** VmHWM only grows, so the last look before the end is the peak. */
function peakOf(pid: number): number {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0; // it has just ended
  }
}

/** A Markdown table; ratios against the row called `base`. */
export function table(rows: readonly Row[], base: string): string {
  const reference = rows.find((row) => row.name === base) ?? rows[0];
  const lines = rows.map((row) => {
    const ratio = (row.medianMs / (reference?.medianMs ?? 1)).toFixed(2);
    return `| ${row.name} | ${seconds(row.medianMs)} | ${seconds(row.minMs)} | ${ratio} | ${megabytes(row.peakBytes)} |`;
  });
  return ["| | median | fastest | ratio | peak memory |", "| --- | --- | --- | --- | --- |", ...lines].join("\n");
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
