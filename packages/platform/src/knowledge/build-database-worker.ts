import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { workerData } from "node:worker_threads";
import { buildVulndb, readFeeds } from "@plimsoll/vulndb";
import { answerFromThread } from "../thread/answer-from-thread.ts";
import type { BuildStep, BuildTask, Built } from "./build-task.ts";

// A thread of feed-updater.ts: building takes half a minute, most of it in SQLite, which waits for nobody.

const { feeds, database, checked, now }: BuildTask = workerData;

await answerFromThread<Built, BuildStep>(async (tell) => {
  await mkdir(dirname(database), { recursive: true });
  const items = readFeeds(feeds, {
    checked,
    onFile: ({ name, done, total }) => tell({ step: `reading ${name}`, done, total }),
  });
  const { revision } = await buildVulndb(items, { out: database, now });
  return { revision };
});
