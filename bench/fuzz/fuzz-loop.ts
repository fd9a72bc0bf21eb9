import { setImmediate } from "node:timers/promises";
import { type Chance, chanceOf } from "./chance.ts";
import type { Corpus } from "./corpus.ts";
import type { Coverage } from "./coverage.ts";
import type { FuzzTarget } from "./target.ts";

/** What the loop tells the thread that watches it. */
export interface Watch {
  /** Called before an input runs, so that it is known when the run never ends. */
  begin(input: Buffer): void;
  end(): void;
  /** Called between batches with the processor time used so far, ms. */
  spent(cpuMs: number): void;
  finding(kind: "crash" | "slow" | "unsteady" | "printed", input: Buffer, error: unknown): void;
}

/** Longest processor time of one execution, ms. */
const slowMs = 2_000;
/** One in so many inputs runs twice. */
const twiceOf = 16;
const mostShapes = 100;

interface Loop {
  readonly target: FuzzTarget;
  readonly corpus: Corpus;
  readonly coverage: Coverage;
  readonly watch: Watch;
  readonly chance: Chance;
  readonly shapes: Set<string>;
  /** Inputs between two looks at the coverage, so that looking takes a tenth of the time. */
  batch: number;
}

/**
 * Changes inputs of the corpus and runs them until the thread has used so many ms of processor time; keeps those that
 * reach new blocks or end in a new way. Answers the number of executions.
 */
export async function fuzz(
  parts: Omit<Loop, "chance" | "shapes" | "batch">,
  seed: number,
  forMs: number,
): Promise<number> {
  const loop: Loop = { ...parts, chance: chanceOf(seed), shapes: new Set(), batch: 32 };
  const start = cpuMs();
  let executions = 0;
  for (const input of loop.corpus.inputs) {
    const shape = await execute(loop, input);
    if (shape !== null) loop.shapes.add(shape);
    executions += 1;
  }
  loop.coverage.learn();
  for (let spent = 0; spent < forMs; ) {
    executions += await oneBatch(loop);
    await setImmediate(); // What was closed is freed in its turn, which would never come.
    spent = cpuMs() - start;
    loop.watch.spent(spent);
  }
  return executions;
}

async function oneBatch(loop: Loop): Promise<number> {
  const { corpus, coverage, shapes } = loop;
  const inputs: Buffer[] = [];
  const start = cpuMs();
  while (inputs.length < loop.batch && cpuMs() - start < 2_000) {
    const input = changed(loop);
    inputs.push(input);
    const shape = await execute(loop, input);
    if (shape === null || shapes.has(shape) || shapes.size >= mostShapes) continue;
    shapes.add(shape);
    corpus.add(input);
  }
  const middle = cpuMs();
  const isNew = coverage.isNew();
  const lookMs = cpuMs() - middle;
  loop.batch = Math.max(8, Math.min(5_000, Math.ceil((inputs.length * lookMs * 9) / Math.max(1, middle - start))));
  return inputs.length + (isNew ? await keepNew(loop, inputs) : 0);
}

/** Finds by halves which inputs reach what is new. Answers how many executions that took. */
async function keepNew(loop: Loop, inputs: readonly Buffer[]): Promise<number> {
  for (const input of inputs) await execute(loop, input);
  const [only] = inputs;
  if (!loop.coverage.isNew() || only === undefined) return inputs.length;
  if (inputs.length === 1) {
    await execute(loop, only);
    loop.coverage.learn();
    loop.corpus.add(only);
    return 2;
  }
  const half = inputs.length >> 1;
  const first = await keepNew(loop, inputs.slice(0, half));
  return inputs.length + first + (await keepNew(loop, inputs.slice(half)));
}

function changed({ target, corpus, chance }: Loop): Buffer {
  let input = corpus.pick(chance);
  const other = corpus.pick(chance);
  for (let edits = 1 + chance.below(5); edits > 0; edits--) {
    const mutate = chance.pick(target.mutators);
    input = mutate(input, { chance, other }).subarray(0, target.maxBytes ?? 131_072);
  }
  return Buffer.from(input);
}

/** Shape of the outcome; `null` when the input is a finding. */
async function execute({ target, watch, chance }: Loop, input: Buffer): Promise<string | null> {
  watch.begin(input);
  const start = cpuMs();
  try {
    const { shape, value } = await target.run(input);
    if (cpuMs() - start > slowMs) watch.finding("slow", input, new Error(`${Math.round(cpuMs() - start)} ms`));
    if (chance.once(twiceOf) && textOf((await target.run(input)).value) !== textOf(value)) {
      watch.finding("unsteady", input, new Error("the same bytes gave two answers"));
    }
    return shape;
  } catch (error) {
    watch.finding("crash", input, error);
    return null;
  } finally {
    watch.end();
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
