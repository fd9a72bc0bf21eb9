import { Worker } from "node:worker_threads";
import { errorOfWord, type ThreadWord } from "./thread-word.ts";

export interface ThreadOptions<Progress> {
  /** The thread's first file, for both worlds: sources, and the bundle. */
  readonly file: URL;
  /** Plain data that it begins with. */
  readonly task: unknown;
  /** Heap that it may take, MiB. */
  readonly heapMb: number;
  /** Aborted: the thread ends at once, with its connections and all it holds. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** The error for a thread whose heap was not enough. */
  readonly tooHeavy: (cause: unknown) => Error;
}

/**
 * Has work done in a thread of its own: whoever waits for answers of this process does not wait for it, and what it
 * cannot hold ends the thread alone. Throws what the thread throws, `tooHeavy`, and the signal's reason.
 */
export async function runThread<Result, Progress>(options: ThreadOptions<Progress>): Promise<Result> {
  const { file, task, heapMb, signal, onProgress, tooHeavy } = options;
  signal.throwIfAborted();
  const thread = new Worker(file, {
    workerData: task,
    // Nothing of ours is in the environment for it.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 32 },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  thread.on("message", (word: ThreadWord<Result, Progress>) => {
    if (word.kind === "progress") onProgress(word.progress);
    else if (word.kind === "done") resolve(word.result);
    else reject(errorOfWord(word));
  });
  thread.on("error", (error) => reject(isOutOfMemory(error) ? tooHeavy(error) : error));
  thread.on("exit", () => reject(new Error("a thread ended without a word")));
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    await thread.terminate();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
