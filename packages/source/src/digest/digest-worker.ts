import { createHash } from "node:crypto";
import { readSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import type { DigestAnswer, DigestTask } from "./digest-threads.ts";

// One of the threads of digest-threads.ts: it hashes what it is told to, one part of a file after the other.

/** Stays in the processor's cache between reading and hashing. */
const scratch = Buffer.allocUnsafeSlow(256 * 1024);

parentPort?.on("message", (task: DigestTask) => parentPort?.postMessage(answerOf(task)));

function answerOf({ fd, start, length }: DigestTask): DigestAnswer {
  const hash = createHash("sha256");
  try {
    for (let done = 0; done < length; ) {
      const bytes = readSync(fd, scratch, 0, Math.min(scratch.length, length - done), start + done);
      if (bytes === 0) return { kind: "shrunk" };
      hash.update(scratch.subarray(0, bytes));
      done += bytes;
    }
  } catch (error) {
    return { kind: "failed", reason: String(error) };
  }
  return { kind: "digest", digest: `sha256:${hash.digest("hex")}` };
}
