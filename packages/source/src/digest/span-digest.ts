import { createHash } from "node:crypto";
import { readSync } from "node:fs";

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

/** Stays in the processor's cache between reading and hashing. */
export const scratchBytes = 256 * 1024;

/** Takes the digest of a part of a file, a piece of at most {@link scratchBytes} at each step; yields the bytes of each. */
export function* spanDigest({ fd, start, length }: DigestTask, scratch: Buffer): Generator<number, DigestAnswer> {
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
