import { Worker } from "node:worker_threads";
import { PlimsollError } from "@plimsoll/kit";
import { platformError } from "../errors.ts";
import type { ImageFound, ImageProgress, ImageTask, ImageWord } from "./image-task.ts";

export interface ReadImageOptions {
  /** Heap that it may take, MiB. */
  readonly heapMb: number;
  /** Aborted: the thread ends at once, with its connections and all it holds. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ImageProgress) => void;
}

/**
 * Reads an image of a registry in a thread of its own: whoever waits for answers of this server does not wait for it, and
 * what it cannot hold ends the thread alone. The heap is capped; files that are looked into lie outside of it, each of at
 * most `Limits.fileBytes`. Throws IMAGE_TOO_HEAVY, what opening and reading throw, and the signal's reason.
 */
export async function readImage(task: ImageTask, options: ReadImageOptions): Promise<ImageFound> {
  const { heapMb, signal, onProgress } = options;
  signal.throwIfAborted();
  const file = import.meta.url.endsWith(".ts") ? "./read-image-worker.ts" : "./read-image-worker.mjs";
  const thread = new Worker(new URL(file, import.meta.url), {
    workerData: task,
    // Nothing of ours is in the environment for it.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 32 },
  });
  const { promise, resolve, reject } = Promise.withResolvers<ImageFound>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  thread.on("message", (word: ImageWord) => {
    if (word.kind === "progress") onProgress(word.progress);
    else if (word.kind === "found") resolve(word.found);
    else reject(errorOf(word));
  });
  thread.on("error", (error) => reject(faultOf(error, task, heapMb)));
  thread.on("exit", () => reject(new Error("the thread that read an image ended without a word")));
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    await thread.terminate();
  }
}

function errorOf(word: Extract<ImageWord, { kind: "failed" | "broken" }>): Error {
  if (word.kind === "broken") return new Error(word.why);
  const { code, fields, ...spec } = word.error;
  return new PlimsollError(code, spec, { fields });
}

function faultOf(error: unknown, { reference }: ImageTask, limit: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
  return platformError("IMAGE_TOO_HEAVY", { fields: { reference, limit }, cause: error });
}
