import { setImmediate as letOthersRun } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { type Digest, parseDigest } from "@plimsoll/model";
import type { FileSpan } from "../archive/regular-file.ts";
import { sourceError } from "../errors.ts";
import { type DigestAnswer, type DigestTask, isMine, scratchBytes, spanDigest } from "./span-digest.ts";

interface Job {
  readonly task: DigestTask;
  readonly span: FileSpan;
  readonly done: (digest: Digest) => void;
  readonly failed: (error: unknown) => void;
}

/** Bytes that the caller's own thread hashes before signals, timers and files get their turn: some milliseconds. */
const turnBytes = 4 * 2 ** 20;

/**
 * SHA-256 digests of parts of open files, taken in threads while the caller goes on. Every thread is told of every part,
 * and who comes to it first takes it: none waits for the caller to have time for it. Threads start with the first part and
 * end when nothing is left; disposing ends them at once, and what was not done never settles.
 */
export class DigestThreads implements AsyncDisposable {
  /** What was asked for and is not answered, by id. */
  readonly #open = new Map<number, Job>();
  readonly #threads = new Set<Worker>();
  readonly #most: number;
  #asked = 0;
  #helping: Promise<void> = Promise.resolve();
  #isStopped = false;

  /** `most`: threads at the same time. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The digest of a part. Throws FILE_SHRANK, FILE_UNREADABLE. */
  digest(span: FileSpan): Promise<Digest> {
    return new Promise((done, failed) => {
      const { file, start, length } = span;
      const claim = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const task = { id: this.#asked++, fd: file.fd, start, length, claim };
      this.#open.set(task.id, { task, span, done, failed });
      for (const thread of this.#threads) thread.postMessage(task);
      if (this.#threads.size < this.#most) this.#start();
    });
  }

  /** The caller's thread has nothing better to do: between other work it takes parts too, those asked for last first. */
  help(): void {
    this.#helping = this.#helping.then(async () => {
      for (const job of [...this.#open.values()].reverse()) if (isMine(job.task)) await this.#hash(job);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    await this.#helping;
    await Promise.all([...this.#threads].map((thread) => thread.terminate()));
  }

  async #hash({ task }: Job): Promise<void> {
    const steps = spanDigest(task, Buffer.allocUnsafeSlow(scratchBytes));
    for (let turn = turnBytes; !this.#isStopped; ) {
      const { done, value } = steps.next();
      if (done === true) return this.#settle(task.id, value);
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
    for (const { task } of this.#open.values()) thread.postMessage(task);
    thread.on("message", ({ id, answer }: { id: number; answer: DigestAnswer }) => this.#settle(id, answer));
    // What it had taken nobody else takes: nothing of the rest is worth waiting for.
    thread.once("error", (error) => {
      for (const id of this.#open.keys()) this.#settle(id, { kind: "failed", reason: String(error) });
    });
  }

  #settle(id: number, answer: DigestAnswer): void {
    const job = this.#open.get(id);
    this.#open.delete(id);
    if (job !== undefined) settle(job, answer);
    if (this.#open.size > 0) return;
    for (const thread of this.#threads) void thread.terminate();
    this.#threads.clear();
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
