import { setImmediate as letOthersRun } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { type Digest, parseDigest } from "@plimsoll/model";
import type { FileSpan } from "../archive/regular-file.ts";
import { sourceError } from "../errors.ts";
import { type DigestAnswer, type DigestTask, scratchBytes, spanDigest } from "./span-digest.ts";

interface Job {
  readonly span: FileSpan;
  readonly done: (digest: Digest) => void;
  readonly failed: (error: unknown) => void;
}

/** Bytes that the caller's own thread hashes before signals, timers and files get their turn: some milliseconds. */
const turnBytes = 4 * 2 ** 20;

/**
 * SHA-256 digests of parts of open files, taken in threads while the caller goes on. Threads start with the first part
 * and end when nothing is left; disposing ends them at once, and what was not done never settles.
 */
export class DigestThreads implements AsyncDisposable {
  readonly #waiting: Job[] = [];
  readonly #threads = new Set<Worker>();
  readonly #most: number;
  #helping: Promise<void> = Promise.resolve();
  #isStopped = false;

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

  /** The caller's thread has nothing better to do: between other work it takes parts too, those asked for last first. */
  help(): void {
    this.#helping = this.#helping.then(async () => {
      for (let job = this.#waiting.pop(); job !== undefined; job = this.#waiting.pop()) await this.#hash(job);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#waiting.length = 0;
    this.#isStopped = true;
    await this.#helping;
    await Promise.all([...this.#threads].map((thread) => thread.terminate()));
  }

  async #hash(job: Job): Promise<void> {
    const { file, start, length } = job.span;
    const steps = spanDigest({ fd: file.fd, start, length }, Buffer.allocUnsafeSlow(scratchBytes));
    for (let turn = turnBytes; !this.#isStopped; ) {
      const { done, value } = steps.next();
      if (done === true) return settle(job, value);
      turn -= value;
      if (turn > 0) continue;
      turn = turnBytes;
      await letOthersRun();
    }
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
