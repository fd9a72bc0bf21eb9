import { Worker } from "node:worker_threads";
import type { SliceNews, SliceOrder } from "./fuzz-worker.ts";

/** An input that broke a promise. */
export interface Finding {
  readonly target: string;
  /** crash, slow, unsteady (two answers to the same bytes), hang, memory, died (the thread ended by itself). */
  readonly what: string;
  readonly input: Buffer;
  readonly error: string;
}

export interface Slice {
  readonly executions: number;
  /** `null` when the thread did not come to its end. */
  readonly end: Extract<SliceNews, { kind: "end" }> | null;
  readonly findings: readonly Finding[];
}

export type SlicePlan = Omit<SliceOrder, "beat" | "input">;

/** An execution may be this long in wall time on a busy machine, ms: the thread itself judges by processor time. */
const hangMs = 30_000;
const heapMb = 512;
const mostRssBytes = 3 * 2 ** 30;
const mostFindings = 50;
const inputBytes = 2 ** 20;

/** Fuzzes one target in a thread of its own that is stopped when it hangs or eats the memory. */
export async function runSlice(plan: SlicePlan): Promise<Slice> {
  const beat = new Float64Array(new SharedArrayBuffer(24));
  const shown = new Uint8Array(new SharedArrayBuffer(inputBytes));
  const order: SliceOrder = {
    ...plan,
    beat: beat.buffer as SharedArrayBuffer,
    input: shown.buffer as SharedArrayBuffer,
  };
  const worker = new Worker(new URL("./fuzz-worker.ts", import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  const findings: Finding[] = [];
  let end: Slice["end"] = null;
  const found = (what: string, input: Uint8Array, error: string): void => {
    if (findings.length < mostFindings) findings.push({ target: plan.target, what, input: Buffer.from(input), error });
  };
  const current = (): Uint8Array => shown.slice(0, beat[2]);
  const timer = setInterval(() => {
    const since = beat[0] ?? 0;
    const isHung = since > 0 && Date.now() - since > hangMs;
    if (!isHung && process.memoryUsage.rss() < mostRssBytes) return;
    clearInterval(timer);
    found(isHung ? "hang" : "memory", current(), isHung ? `over ${hangMs} ms` : "over 3 GiB resident");
    void worker.terminate();
  }, 250);
  worker.on("message", (news: SliceNews) => {
    if (news.kind === "finding") found(news.what, news.input, news.error);
    else end = news;
  });
  worker.on("error", (error) => found("died", current(), error instanceof Error ? (error.stack ?? "") : String(error)));
  await new Promise<void>((resolve) => worker.on("exit", () => resolve()));
  clearInterval(timer);
  return { executions: beat[1] ?? 0, end, findings };
}
