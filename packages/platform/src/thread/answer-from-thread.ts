import { parentPort } from "node:worker_threads";
import { type ThreadWord, wordOfError } from "./thread-word.ts";

/** In a thread of `run-thread.ts`: does its work and tells what came of it. */
export async function answerFromThread<Result, Progress>(
  work: (tell: (progress: Progress) => void) => Promise<Result>,
): Promise<void> {
  const say = (word: ThreadWord<Result, Progress>): void => parentPort?.postMessage(word);
  try {
    say({ kind: "done", result: await work((progress) => say({ kind: "progress", progress })) });
  } catch (error) {
    say(wordOfError(error));
  }
}
