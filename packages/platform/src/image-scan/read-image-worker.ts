import { parentPort, workerData } from "node:worker_threads";
import { messageOf, PlimsollError, silentLog } from "@plimsoll/kit";
import { openOutbound } from "../registry/outbound.ts";
import { findInImage } from "./find-in-image.ts";
import type { ImageTask, ImageWord } from "./image-task.ts";

// A thread of read-image.ts: it reads the one image that it is told to, and ends.

const say = (word: ImageWord): void => parentPort?.postMessage(word);

try {
  const task: ImageTask = workerData;
  using http = openOutbound(task.outbound);
  const tell = (progress: Extract<ImageWord, { kind: "progress" }>["progress"]) => say({ kind: "progress", progress });
  say({ kind: "found", found: await findInImage(task, { http, log: silentLog, now: Date.now, tell }) });
} catch (error) {
  say(wordOf(error));
}

function wordOf(error: unknown): ImageWord {
  if (!(error instanceof PlimsollError)) return { kind: "broken", why: messageOf(error) };
  const { code, message, next, exit, status, fields } = error;
  return { kind: "failed", error: { code, message, next, exit, status, fields } };
}
