import type { Worker } from "node:worker_threads";
import { reachesEnd } from "../stream/chunk-memory.ts";

/** What the thread is given; the memory of `bytes` goes along. */
export interface Piece {
  readonly id: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isLast: boolean;
}

/** What the thread answers to a piece; `digest` after the last. */
export interface Taken {
  readonly id: number;
  readonly length: number;
  readonly digest: string | null;
}

/** The SHA-256 digest of a stream, taken while others go on. */
export interface StreamDigest {
  /**
   * Takes the next bytes, and with them the memory of a chunk that reaches to its end: nobody may look at that any more, and
   * behind any other somebody may still write. Resolves when there is room for more.
   */
  take(chunk: Uint8Array): Promise<void>;
  /** `sha256:…` of all that was taken. */
  digest(): Promise<string>;
}

/** Bytes on their way to the thread from which on streams wait: what lies there is memory. */
const mostUnderWay = 4 * 2 ** 20;

const noBytes = new Uint8Array();

/**
 * Digests of streams, taken in one thread beside the one that reads them: of what comes compressed, hashing is a third of
 * the reader's work. The thread starts with the first piece and ends with the disposal; what was not done then never settles.
 */
export class StreamDigests implements Disposable {
  readonly #start: () => Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<string>>();
  #thread: Worker | null = null;
  #opened = 0;
  #underWay = 0;
  #room: PromiseWithResolvers<void> | null = null;
  #failure: Error | null = null;

  /** `start`: starts the thread. */
  constructor(start: () => Worker = startThread) {
    this.#start = start;
  }

  /** A digest to be taken. What it is asked throws when the thread has died. */
  open(): StreamDigest {
    const id = this.#opened++;
    // What was taken and is still the reader's; in one piece.
    let held: Uint8Array = noBytes;
    return {
      take: async (chunk) => {
        const both = joined(held, chunk);
        if (both === null) this.#give(id, new Uint8Array(held));
        held = both ?? chunk;
        if (!reachesEnd(held)) return;
        this.#give(id, held);
        held = noBytes;
        if (this.#underWay >= mostUnderWay) await this.#hasRoom();
      },
      digest: async () => {
        this.#give(id, new Uint8Array(held), true);
        const answer = Promise.withResolvers<string>();
        this.#waiting.set(id, answer);
        return await answer.promise;
      },
    };
  }

  [Symbol.dispose](): void {
    void this.#thread?.terminate();
  }

  #give(id: number, bytes: Uint8Array<ArrayBuffer>, isLast = false): void {
    if (this.#failure !== null) throw this.#failure;
    if (bytes.length === 0 && !isLast) return;
    this.#thread ??= this.#started();
    this.#underWay += bytes.length;
    this.#thread.postMessage({ id, bytes, isLast } satisfies Piece, [bytes.buffer]);
  }

  #started(): Worker {
    const thread = this.#start();
    thread.on("message", (taken: Taken) => this.#taken(taken));
    thread.once("error", (error) => this.#fail(error));
    return thread;
  }

  #taken({ id, length, digest }: Taken): void {
    this.#underWay -= length;
    if (this.#underWay < mostUnderWay) this.#letOn();
    if (digest === null) return;
    this.#waiting.get(id)?.resolve(digest);
    this.#waiting.delete(id);
  }

  async #hasRoom(): Promise<void> {
    this.#room ??= Promise.withResolvers();
    await this.#room.promise;
    if (this.#failure !== null) throw this.#failure;
  }

  #letOn(): void {
    this.#room?.resolve();
    this.#room = null;
  }

  #fail(cause: unknown): void {
    this.#failure = new Error("the thread that takes digests died", { cause });
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
    this.#letOn();
  }
}

function startThread(): Worker {
  const file = import.meta.url.endsWith(".ts") ? "./stream-digest-worker.ts" : "./stream-digest-worker.mjs";
  // Most scans are of small images and start no threads: they need not load what starts them.
  const { Worker: Thread } = process.getBuiltinModule("node:worker_threads");
  return new Thread(new URL(file, import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 1 } });
}

/** Both as one, when the second lies right behind the first in the same memory; `null` when it does not. */
function joined(first: Uint8Array, second: Uint8Array): Uint8Array | null {
  if (first.length === 0) return second;
  const isBehind = second.buffer === first.buffer && second.byteOffset === first.byteOffset + first.length;
  return isBehind ? new Uint8Array(first.buffer, first.byteOffset, first.length + second.length) : null;
}
