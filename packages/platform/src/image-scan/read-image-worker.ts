import { workerData } from "node:worker_threads";
import { silentLog } from "@plimsoll/kit";
import { openOutbound } from "../registry/outbound.ts";
import { answerFromThread } from "../thread/answer-from-thread.ts";
import { findInImage } from "./find-in-image.ts";
import type { ImageFound, ImageProgress, ImageTask } from "./image-task.ts";

// A thread of read-image.ts: it reads the one image that it is told to, and ends.

const task: ImageTask = workerData;

await answerFromThread<ImageFound, ImageProgress>(async (tell) => {
  using http = openOutbound(task.outbound);
  return await findInImage(task, { http, log: silentLog, now: Date.now, tell });
});
