/** Process of one slice: told a plan, it tells what came of it (see `runSlice`). */
import { Worker } from "node:worker_threads";
import type { SliceNews, SliceOrder } from "./fuzz-worker.ts";
import type { Finding, Slice, SlicePlan } from "./run-slice.ts";

/** An execution may be this long in wall time on a busy machine, ms: the thread itself judges by processor time. */
const hangMs = 30_000;
const heapMb = 512;
const mostRssBytes = 2 * 2 ** 30;
const mostFindings = 50;
const inputBytes = 2 ** 20;

process.once("message", async (plan: SlicePlan) => {
  const slice = await watchSlice(plan);
  process.send?.(slice, () => process.disconnect());
});

/** Fuzzes in a thread that is stopped when it hangs or eats the memory. */
async function watchSlice(plan: SlicePlan): Promise<Slice> {
  const beat = new Float64Array(new SharedArrayBuffer(32));
  const shown = new Uint8Array(new SharedArrayBuffer(inputBytes));
  const worker = new Worker(new URL("./fuzz-worker.ts", import.meta.url), {
    workerData: { ...plan, beat: beat.buffer, input: shown.buffer } as SliceOrder,
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
    found(isHung ? "hang" : "memory", current(), isHung ? `over ${hangMs} ms` : `over ${mostRssBytes} bytes resident`);
    void worker.terminate();
  }, 250);
  worker.on("message", (news: SliceNews) => {
    if (news.kind === "finding") found(news.what, news.input, news.error);
    else end = news;
  });
  worker.on("error", (error) => found("died", current(), error instanceof Error ? (error.stack ?? "") : String(error)));
  await new Promise<void>((resolve) => worker.on("exit", () => resolve()));
  clearInterval(timer);
  return { executions: beat[1] ?? 0, cpuMs: beat[3] ?? 0, end, findings };
}
