import { setTimeout as wait } from "node:timers/promises";
import { PlimsollError } from "@plimsoll/kit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { platformError } from "../errors.ts";
import type { Services } from "../services/services.ts";
import type { JobView } from "../store/jobs/job-row.ts";
import { cancelJob, readJob, retryJob } from "../store/jobs/list.ts";
import type { Store } from "../store/open-store.ts";
import { inTransaction } from "../store/transaction.ts";
import { servers } from "../testing/test-store.ts";
import { jobServices } from "../testing/test-workers.ts";
import { type Enqueued, enqueue } from "./enqueue.ts";
import { defineJob, type Task } from "./job.ts";
import { startWorkers, type WorkersOptions } from "./start-workers.ts";

type Handler = (task: Task<{ readonly n: number }>) => Promise<object>;

const retry = { attempts: 3, firstMs: 20, mostMs: 50 };
const payload = z.object({ n: z.number() });

function jobOf(
  name: string,
  handle: Handler,
  more: { readonly timeoutMs?: number; readonly concurrency?: number | "one" } = {},
) {
  return defineJob({ name, payload, concurrency: 10, retry, timeoutMs: 60_000, ...more, handle });
}

describe.for(servers)("jobs on $server", ({ missing, open }) => {
  let store: Store;
  let services: Services;
  beforeAll(async () => {
    if (missing !== null) return;
    store = await open();
    services = jobServices(store);
  });
  afterAll(() => store?.[Symbol.asyncDispose]());

  async function work(options: WorkersOptions): Promise<void> {
    const workers = await startWorkers(services, {
      finishMs: 1000,
      stopMs: 300,
      beatMs: 200,
      graceMs: 1000,
      ...options,
    });
    onTestFinished(() => workers[Symbol.asyncDispose]());
  }

  const ask = (job: ReturnType<typeof jobOf>, n = 0, more: Partial<Enqueued> = {}) =>
    enqueue(store.pool, job, { payload: { n }, priority: "push", key: `key-${n}`, ...more });

  async function read(id: string): Promise<JobView> {
    const job = await readJob(store.pool, { team: null }, id);
    if (job === null) throw new Error(`no job ${id}`);
    return job;
  }

  async function reaches(id: string, state: JobView["state"]): Promise<JobView> {
    for (let left = 200; ; left--) {
      const job = await read(id);
      if (job.state === state) return job;
      if (left === 0) throw new Error(`job ${id} is ${job.state}, not ${state}`);
      await wait(50);
    }
  }

  it.skipIf(missing !== null)("does a job once, tells how far it is and what came of it", async () => {
    const seen: number[] = [];
    const job = jobOf("plain", async ({ payload: { n }, progress }) => {
      seen.push(n);
      progress({ step: "reading", done: 1, total: 2, parts: [{ name: "layer", state: "done" }] });
      return { resultId: "ab".repeat(16), summary: { n } };
    });
    await work({ jobs: [job] });
    const id = await ask(job, 7, { askedBy: "token:1", team: 4 });
    const done = await reaches(id, "done");
    expect(seen).toEqual([7]);
    expect(done).toMatchObject({
      attempts: 1,
      askedBy: "token:1",
      team: 4,
      resultId: "ab".repeat(16),
      summary: { n: 7 },
    });
    expect(done.progress).toMatchObject({ step: "reading", done: 1, total: 2 });
  });

  it.skipIf(missing !== null)("is asked for in the transaction of the rows it belongs to", async () => {
    const job = jobOf("transactional", async () => ({}));
    const undone = inTransaction(store.pool, async (client) => {
      await enqueue(client, job, { payload: { n: 1 }, priority: "ci", key: "x" });
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    const { rows } = await store.pool.query("select from job where name = 'transactional'");
    expect(rows).toEqual([]);
  });

  it.skipIf(missing !== null)(
    "is the same job while open under its key and team, and takes the higher priority",
    async () => {
      const job = jobOf("same", async () => ({}));
      const first = await ask(job, 1, { priority: "scheduled" });
      expect(await ask(job, 1, { priority: "manual" })).toBe(first);
      expect(await ask(job, 1, { priority: "push" })).toBe(first);
      expect(await ask(job, 1, { team: 9 })).not.toBe(first);
      expect(await read(first)).toMatchObject({ priority: 10, state: "queued" });
      await work({ jobs: [job] });
      await reaches(first, "done");
      expect(await ask(job, 1)).not.toBe(first);
    },
  );

  it.skipIf(missing !== null)(
    "tries again what may pass, gives up after its attempts, and may be asked to try once more",
    async () => {
      let fails = 99;
      const job = jobOf("flaky", async () => {
        if (fails-- > 0) throw new Error("password=hunter2");
        return {};
      });
      await work({ jobs: [job] });
      const id = await ask(job);
      const dead = await reaches(id, "dead");
      expect(dead).toMatchObject({ attempts: 3, error: { code: "JOB_BROKEN" } });
      expect(JSON.stringify(dead)).not.toContain("hunter2");
      fails = 1;
      expect(await retryJob(store.pool, { team: null }, id)).toBe("retried");
      expect(await reaches(id, "done")).toMatchObject({ attempts: 2, error: null });
    },
  );

  it.skipIf(missing !== null)("does not try again what is the asker's fault", async () => {
    const job = jobOf("refused", async () => {
      throw platformError("NOT_FOUND", { fields: { what: "image" } });
    });
    await work({ jobs: [job] });
    expect(await reaches(await ask(job), "failed")).toMatchObject({ attempts: 1, error: { code: "NOT_FOUND" } });
  });

  it.skipIf(missing !== null)("is cancelled queued and running", async () => {
    let reason: unknown;
    const job = jobOf("endless", async ({ signal }) => {
      await wait(60_000, undefined, { signal }).catch(() => undefined);
      reason = signal.reason;
      throw signal.reason;
    });
    const queued = await ask(job, 1, { runAt: new Date(Date.now() + 600_000) });
    expect(await cancelJob(store.pool, { team: null }, queued)).toBe("cancelled");
    await work({ jobs: [job] });
    const running = await ask(job, 2);
    await reaches(running, "running");
    expect(await cancelJob(store.pool, { team: null }, running)).toBe("running");
    expect(await reaches(running, "cancelled")).toMatchObject({ attempts: 1, error: null });
    expect(reason).toBeInstanceOf(PlimsollError);
    expect(await read(queued)).toMatchObject({ state: "cancelled", attempts: 0 });
  });

  it.skipIf(missing !== null)("ends what takes too long, also when it does not hear", async () => {
    const job = jobOf("deaf", () => new Promise(() => undefined), { timeoutMs: 50 });
    await work({ jobs: [job] });
    expect(await reaches(await ask(job), "dead")).toMatchObject({ attempts: 3, error: { code: "JOB_TIMEOUT" } });
  });

  it.skipIf(missing !== null)(
    "hands back within its bound what does not end when it stops, without counting it",
    async () => {
      const job = jobOf("stopped", () => new Promise(() => undefined));
      const workers = await startWorkers(services, { jobs: [job], finishMs: 100, stopMs: 100 });
      const id = await ask(job);
      await reaches(id, "running");
      const before = performance.now();
      await workers[Symbol.asyncDispose]();
      expect(performance.now() - before).toBeLessThan(3000);
      expect(await read(id)).toMatchObject({ state: "queued", attempts: 0, crashes: 0 });
      const { rows } = await store.pool.query("select from job_worker");
      expect(rows).toEqual([]);
      const again = jobOf("stopped", async () => ({}));
      await work({ jobs: [again] });
      expect(await reaches(id, "done")).toMatchObject({ attempts: 1 });
    },
  );

  it.skipIf(missing !== null)("runs one at a time in the whole installation where that is said", async () => {
    let now = 0;
    let most = 0;
    const job = jobOf(
      "alone",
      async () => {
        most = Math.max(most, ++now);
        await wait(30);
        now--;
        return {};
      },
      { concurrency: "one" },
    );
    await work({ jobs: [job] });
    await work({ jobs: [job] });
    const ids = await Promise.all([1, 2, 3, 4].map((n) => ask(job, n)));
    await Promise.all(ids.map((id) => reaches(id, "done")));
    expect(most).toBe(1);
  });

  it.skipIf(missing !== null)(
    "does each of many jobs once with two workers, and a manual one before a thousand scheduled",
    async () => {
      const done = new Map<number, number>();
      let before = -1;
      const job = jobOf("many", async ({ payload: { n } }) => {
        done.set(n, (done.get(n) ?? 0) + 1);
        if (n === 5000) before = done.size;
        await wait(5);
        return {};
      });
      await inTransaction(store.pool, async (client) => {
        for (let n = 0; n < 1000; n++) {
          await enqueue(client, job, { payload: { n }, priority: "scheduled", key: `many-${n}` });
        }
      });
      await work({ jobs: [job] });
      await work({ jobs: [job] });
      const manual = await ask(job, 5000, { priority: "manual" });
      await reaches(manual, "done");
      expect(before).toBeLessThan(100);
      for (;;) {
        const { rows } = await store.pool.query("select from job where name = 'many' and state <> 'done'");
        if (rows.length === 0) break;
        await wait(50);
      }
      expect(done.size).toBe(1001);
      expect(new Set(done.values())).toEqual(new Set([1]));
    },
  );
});
