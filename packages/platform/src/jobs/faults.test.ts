import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { unpackStarter } from "@plimsoll/vulndb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { JobView } from "../store/jobs/job-row.ts";
import { readJob } from "../store/jobs/list.ts";
import type { Store } from "../store/open-store.ts";
import type { Dying } from "../testing/dying-process.ts";
import { servers } from "../testing/test-store.ts";
import { jobServices } from "../testing/test-workers.ts";
import { enqueue } from "./enqueue.ts";
import { defineJob } from "./job.ts";
import { cronItems, schedule, scheduleTask } from "./schedules.ts";
import { startWorkers } from "./start-workers.ts";
import { tidy } from "./tidy.ts";

let store: Store;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "plimsoll-faults-"));
  store = await servers[0].open();
});
afterAll(async () => {
  await store?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function reaches(id: string, state: JobView["state"]): Promise<JobView> {
  for (let left = 200; ; left--) {
    const job = await readJob(store.pool, { team: null }, id).catch(() => null);
    if (job?.state === state) return job;
    if (left === 0) throw new Error(`job ${id} is ${job?.state}, not ${state}`);
    await wait(100);
  }
}

const quick = { beatMs: 100, graceMs: 500 } as const;
const plain = { payload: z.object({}), retry: { attempts: 5, firstMs: 50, mostMs: 100 }, timeoutMs: 60_000 } as const;

describe("jobs", () => {
  it("that kill their process are given up after the third time, and only a person may try them again", async () => {
    const { user, host } = store.pool.options as { user: string; host: string };
    const life: Dying = {
      url: `postgres://${user}@/postgres?host=${encodeURIComponent(host)}`,
      vulndb: await unpackStarter(folder),
      now: Date.now(),
      upstream: null,
      sql: "delete from session",
      nth: 1,
      when: "before",
    };
    const program = new URL("../testing/dying-process.ts", import.meta.url).pathname;
    const payload = { uploads: 1, jobs: 7, deadJobs: 30 };
    const ask = (priority: "push" | "manual") => enqueue(store.pool, tidy, { payload, priority, key: "poison" });
    const id = await ask("push");
    for (let death = 0; death < 3; death++) {
      const child = spawn(process.execPath, [program, JSON.stringify(life)], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
    }
    await using _workers = await startWorkers(jobServices(store), quick);
    expect(await reaches(id, "dead")).toMatchObject({ attempts: 3, crashes: 3, error: { code: "JOB_CRASHED" } });
    expect(await ask("push")).toBe(id);
    const again = await ask("manual");
    expect(again).not.toBe(id);
    expect(await reaches(again, "done")).toMatchObject({ crashes: 0 });
  }, 60_000);

  it("survive a database that dies under their worker, each done once", async () => {
    let begun = 0;
    let ended = 0;
    const job = defineJob({
      ...plain,
      name: "through",
      concurrency: 2,
      handle: async () => {
        begun++;
        await wait(1500);
        ended++;
        return {};
      },
    });
    await using _workers = await startWorkers(jobServices(store), { jobs: [job] });
    const ids = await Promise.all(
      ["a", "b", "c"].map((key) => enqueue(store.pool, job, { payload: {}, priority: "push", key })),
    );
    while (begun < 2) await wait(20);
    const { rows } = await store.pool.query<{ data: string }>("select current_setting('data_directory') as data");
    process.kill(Number(readFileSync(join(rows[0]?.data ?? "", "postmaster.pid"), "utf8").split("\n")[0]), "SIGQUIT");
    for (const id of ids) expect(await reaches(id, "done")).toMatchObject({ attempts: 1, crashes: 0 });
    expect([begun, ended]).toEqual([3, 3]);
  }, 60_000);

  it("that the queue has forgotten are found at the next start", async () => {
    const job = defineJob({ ...plain, name: "forgotten", concurrency: 1, handle: async () => ({}) });
    const id = await enqueue(store.pool, job, { payload: {}, priority: "push", key: "x" });
    await store.pool.query("select graphile_worker.remove_job($1)", [`job:${id}`]);
    await using _workers = await startWorkers(jobServices(store), { jobs: [job] });
    await reaches(id, "done");
  });

  it("of a schedule are asked for once while one is open, whoever asks", async () => {
    const job = defineJob({ ...plain, name: "nightly", concurrency: "one", handle: async () => ({}) });
    const [item] = cronItems([schedule(job, "40 2 * * *")]);
    expect(item).toMatchObject({ identifier: "nightly", task: "schedule" });
    const ask = scheduleTask(store.pool, [job]);
    const helpers = {} as Parameters<typeof ask>[1];
    await Promise.all([1, 2, 3].map(() => ask({ ...item?.payload, _cron: { ts: "" } }, helpers)));
    const { rows } = await store.pool.query("select priority, asked_by from job where name = 'nightly'");
    expect(rows).toEqual([{ priority: 50, asked_by: "plimsoll" }]);
  });
});
