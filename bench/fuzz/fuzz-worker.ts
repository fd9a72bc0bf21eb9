import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { Corpus } from "./corpus.ts";
import { Coverage, type LineCount } from "./coverage.ts";
import { fuzz, type Watch } from "./fuzz-loop.ts";
import type { FuzzTarget } from "./target.ts";

/** What a slice is given. */
export interface SliceOrder {
  readonly target: string;
  readonly root: string;
  readonly state: string;
  readonly seed: number;
  /** Of processor time. */
  readonly forMs: number;
  /**
   * Ms since the epoch at which the execution under way began (0 = none), executions so far, bytes of the input, ms of
   * processor time so far.
   */
  readonly beat: SharedArrayBuffer;
  readonly input: SharedArrayBuffer;
}

/** What a slice tells while it runs, and at its end. */
export type SliceNews =
  | { readonly kind: "finding"; readonly what: string; readonly input: Uint8Array; readonly error: string }
  | { readonly kind: "end"; readonly executions: number; readonly corpus: number; readonly lines: LineCount };

const order = workerData as SliceOrder;
const beat = new Float64Array(order.beat);
const shown = new Uint8Array(order.input);

const watch: Watch = {
  begin(input) {
    shown.set(input.subarray(0, shown.length));
    beat[2] = input.length;
    beat[0] = Date.now();
    beat[1] = (beat[1] ?? 0) + 1;
  },
  end() {
    beat[0] = 0;
  },
  spent(cpuMs) {
    beat[3] = cpuMs;
  },
  finding(what, input, error) {
    tell({
      kind: "finding",
      what,
      input,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  },
};

/** Findings go to the thread that watches, so what is printed here, a parser or its library printed. */
for (const print of ["log", "info", "warn", "error"] as const) {
  console[print] = (...words) => watch.finding("printed", Buffer.from(shown.slice(0, beat[2])), words.join(" "));
}

const coverage = new Coverage();
const { targets } = await import("./targets.ts");
const target = targets.find(({ name }) => name === order.target);
if (target === undefined) throw new Error(`no such target: ${order.target}`);
coverage.watch(order.root, target.scope);
const corpus = new Corpus(join(order.state, "corpus", order.target));
if (corpus.inputs.length === 0) for (const seed of await target.seeds()) corpus.add(seed);
for (const input of corpus.inputs) await replay(target, input);
const lines = coverage.lines();
const executions = await fuzz({ target, corpus, coverage, watch }, order.seed, order.forMs);
tell({ kind: "end", executions, corpus: corpus.inputs.length, lines });

async function replay(target: FuzzTarget, input: Buffer): Promise<void> {
  watch.begin(input);
  try {
    await target.run(input);
  } catch {
    // Told again, as a finding, when the loop starts.
  } finally {
    watch.end();
  }
}

function tell(news: SliceNews): void {
  parentPort?.postMessage(news);
}
