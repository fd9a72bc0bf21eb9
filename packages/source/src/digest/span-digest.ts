import { createHash } from "node:crypto";
import { readSync } from "node:fs";

/** A part of a file that is open in this process. */
export interface OpenSpan {
  readonly fd: number;
  readonly start: number;
  readonly length: number;
}

/** What every thread is asked, and one of them does. */
export interface DigestTask extends OpenSpan {
  readonly id: number;
  /** Shared by all threads: 0 until one of them takes the task. */
  readonly claim: Int32Array;
}

export type DigestAnswer =
  | { readonly kind: "digest"; readonly digest: string }
  | { readonly kind: "shrunk" }
  | { readonly kind: "failed"; readonly reason: string };

/** Whether the task is the caller's to do; of all that ask one hears so. */
export function isMine({ claim }: Pick<DigestTask, "claim">): boolean {
  return Atomics.compareExchange(claim, 0, 0, 1) === 0;
}

/** Stays in the processor's cache between reading and hashing. */
export const scratchBytes = 256 * 1024;

/** Takes the digest of a part of a file, a piece of at most {@link scratchBytes} at each step; yields the bytes of each. */
export function* spanDigest({ fd, start, length }: OpenSpan, scratch: Buffer): Generator<number, DigestAnswer> {
  const hash = createHash("sha256");
  try {
    for (let done = 0; done < length; ) {
      const bytes = readSync(fd, scratch, 0, Math.min(scratch.length, length - done), start + done);
      if (bytes === 0) return { kind: "shrunk" };
      hash.update(scratch.subarray(0, bytes));
      done += bytes;
      yield bytes;
    }
  } catch (error) {
    return { kind: "failed", reason: String(error) };
  }
  return { kind: "digest", digest: `sha256:${hash.digest("hex")}` };
}
