import { parentPort } from "node:worker_threads";
import { type DigestAnswer, type DigestTask, scratchBytes, spanDigest } from "./span-digest.ts";

// One of the threads of digest-threads.ts: it hashes what it is told to, one part of a file after the other.

const scratch = Buffer.allocUnsafeSlow(scratchBytes);

parentPort?.on("message", (task: DigestTask) => parentPort?.postMessage(answerOf(task)));

function answerOf(task: DigestTask): DigestAnswer {
  const steps = spanDigest(task, scratch);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}
