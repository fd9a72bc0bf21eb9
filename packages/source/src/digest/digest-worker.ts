import { parentPort } from "node:worker_threads";
import { type DigestAnswer, type DigestTask, isMine, scratchBytes, spanDigest } from "./span-digest.ts";

// One of the threads of digest-threads.ts: of the parts of files that it is told of it hashes those that nobody took.

const scratch = Buffer.allocUnsafeSlow(scratchBytes);

parentPort?.on("message", (task: DigestTask) => {
  if (isMine(task)) parentPort?.postMessage({ id: task.id, answer: answerOf(task) });
});

function answerOf(task: DigestTask): DigestAnswer {
  const steps = spanDigest(task, scratch);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}
