import type { Worker } from "node:worker_threads";
import { type Digest, parseDigest } from "@plimsoll/model";
import type { FileSpan } from "../archive/regular-file.ts";
import { sourceError } from "../errors.ts";

/** What a thread is asked: a part of a file that is open in this process. */
export interface DigestTask {
  readonly fd: number;
  readonly start: number;
  readonly length: number;
}

export type DigestAnswer =
  | { readonly kind: "digest"; readonly digest: string }
  | { readonly kind: "shrunk" }
  | { readonly kind: "failed"; readonly reason: string };

interface Job {
  readonly span: FileSpan;
  readonly done: (digest: Digest) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * SHA-256 digests of parts of open files, taken in threads while the caller goes on. Threads start with the first part
 * and end when nothing is left; disposing ends them at once, and what was not done never settles.
 */
export class DigestThreads implements AsyncDisposable {
  readonly #waiting: Job[] = [];
  readonly #threads = new Set<Worker>();
  readonly #most: number;

  /** `most`: threads at the same time. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The digest of a part. Throws FILE_SHRANK, FILE_UNREADABLE. */
  digest(span: FileSpan): Promise<Digest> {
    return new Promise((done, failed) => {
      this.#waiting.push({ span, done, failed });
      if (this.#threads.size < this.#most) this.#start();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#waiting.length = 0;
    await Promise.all([...this.#threads].map((thread) => thread.terminate()));
  }

  #start(): void {
    const file = import.meta.url.endsWith(".ts") ? "./digest-worker.ts" : "./digest-worker.mjs";
    // Most scans are of small images and start no threads: they need not load what starts them.
    const { Worker: Thread } = process.getBuiltinModule("node:worker_threads");
    const thread = new Thread(new URL(file, import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 1 } });
    this.#threads.add(thread);
    this.#next(thread);
  }

  #next(thread: Worker): void {
    const job = this.#waiting.shift();
    if (job === undefined) {
      this.#threads.delete(thread);
      void thread.terminate();
      return;
    }
    const { file, start, length } = job.span;
    const ended = (error: unknown): void => job.failed(unreadable(file.path, error));
    thread.once("error", ended);
    thread.once("message", (answer: DigestAnswer) => {
      thread.off("error", ended);
      settle(job, answer);
      this.#next(thread);
    });
    thread.postMessage({ fd: file.fd, start, length } satisfies DigestTask);
  }
}

function settle({ span: { file }, done, failed }: Job, answer: DigestAnswer): void {
  const digest = answer.kind === "digest" ? parseDigest(answer.digest) : null;
  if (digest !== null) done(digest);
  else if (answer.kind === "shrunk") failed(sourceError("FILE_SHRANK", { fields: { path: file.path } }));
  else failed(unreadable(file.path, answer.kind === "failed" ? answer.reason : "no digest"));
}

function unreadable(path: string, reason: unknown): Error {
  return sourceError("FILE_UNREADABLE", { fields: { path, reason: String(reason) } });
}
