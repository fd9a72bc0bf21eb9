import { fork } from "node:child_process";
import type { SliceNews, SliceOrder } from "./fuzz-worker.ts";

/** An input that broke a promise. */
export interface Finding {
  readonly target: string;
  /**
   * crash, slow, unsteady (two answers to the same bytes), printed (anything, to the terminal), hang, memory, died (the
   * thread or process ended by itself).
   */
  readonly what: string;
  readonly input: Buffer;
  readonly error: string;
}

export interface Slice {
  readonly executions: number;
  /** Processor time that went into fuzzing, ms. */
  readonly cpuMs: number;
  /** `null` when the thread did not come to its end. */
  readonly end: Extract<SliceNews, { kind: "end" }> | null;
  readonly findings: readonly Finding[];
}

export type SlicePlan = Omit<SliceOrder, "beat" | "input">;

/** V8 collects and compiles in the thread that fuzzes, so that this counts as its processor time. */
const flags = ["--disable-warning=ExperimentalWarning", "--single-threaded"];

/** Fuzzes one target in a process of its own: the memory it is judged by is its own, and what kills it kills no more. */
export async function runSlice(plan: SlicePlan): Promise<Slice> {
  const child = fork(new URL("./slice-process.ts", import.meta.url), { execArgv: flags, serialization: "advanced" });
  let slice: Slice | undefined;
  child.on("message", (told: Slice) => {
    slice = told;
  });
  child.send(plan);
  const how = await new Promise<string>((resolve) => {
    child.on("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  return slice ?? diedOf(plan, how);
}

function diedOf({ target, seed }: SlicePlan, how: string): Slice {
  const error = `the process ended with ${how} (seed ${seed})`;
  return { executions: 0, cpuMs: 0, end: null, findings: [{ target, what: "died", input: Buffer.alloc(0), error }] };
}
