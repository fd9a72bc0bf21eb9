import { platformError } from "../errors.ts";
import { runThread } from "../thread/run-thread.ts";
import type { ImageFound, ImageProgress, ImageTask } from "./image-task.ts";

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
export function readImage(task: ImageTask, { heapMb, ...rest }: ReadImageOptions): Promise<ImageFound> {
  const file = import.meta.url.endsWith(".ts") ? "./read-image-worker.ts" : "./read-image-worker.mjs";
  return runThread({
    file: new URL(file, import.meta.url),
    task,
    heapMb,
    tooHeavy: (cause) =>
      platformError("IMAGE_TOO_HEAVY", { fields: { reference: task.reference, limit: heapMb }, cause }),
    ...rest,
  });
}
