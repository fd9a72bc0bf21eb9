import { setTimeout as wait } from "node:timers/promises";
import type { TaskList } from "graphile-worker";
import { z } from "zod";
import type { Services } from "../services/services.ts";
import { addPool } from "../store/jobs/workers.ts";
import type { AnyJob } from "./job.ts";
import { jobs } from "./jobs.ts";
import { type QueuePool, startQueuePool } from "./queue-pool.ts";
import { type Bench, type Running, runTurn } from "./run-turn.ts";
import { cronItems, type Schedule, scheduleTask, scheduleTaskName } from "./schedules.ts";
import { startLife, type WorkerLife } from "./worker-life.ts";

/** How jobs are worked at; times in ms. */
export interface WorkersOptions {
  /** Jobs at a time in this process; with two or more, one is kept free of scheduled work. 3. */
  readonly slots?: number;
  /** What is asked for by the clock. None. */
  readonly schedules?: readonly Schedule[];
  /** Kinds of jobs; all of them. */
  readonly jobs?: readonly AnyJob[];
  /** How long a stop waits for jobs to end; then they are told to stop, and handed back. 10 s. */
  readonly finishMs?: number;
  /** How long a job that is told to stop may take. 5 s. */
  readonly stopMs?: number;
  /** Time between signs of life, and how long a worker may give none before its jobs are others'. 5 s, 20 s. */
  readonly beatMs?: number;
  readonly graceMs?: number;
  /** How often a job may end with its process before it is given up. 3. */
  readonly mostCrashes?: number;
}

/** Workers that take jobs until they are disposed: what is begun is finished, or handed back within `finishMs` + `stopMs`. */
export interface Workers extends AsyncDisposable {
  /** Jobs that this process is at. */
  readonly running: () => number;
}

/** Starts workers over the services; several processes may. Throws what the database throws. */
export async function startWorkers(services: Services, options: WorkersOptions = {}): Promise<Workers> {
  const { finishMs = 10_000, stopMs = 5000, beatMs = 5000, graceMs = 20_000, mostCrashes = 3 } = options;
  const running = new Set<Running>();
  const pools: QueuePool[] = [];
  const names = () => pools.flatMap((pool) => pool.names());
  const life = await startLife({ services, running, beatMs, graceMs, mostCrashes, pools: names });
  const bench: Bench = { services, worker: life.id, running, stopMs, writeMs: 60_000 };
  try {
    await startPools(bench, options, pools);
  } catch (error) {
    await stop({ life, pools, running, finishMs: 0, stopMs });
    throw error;
  }
  return {
    running: () => running.size,
    [Symbol.asyncDispose]: () => stop({ life, pools, running, finishMs, stopMs }),
  };
}

async function startPools(bench: Bench, options: WorkersOptions, pools: QueuePool[]): Promise<void> {
  const { slots = 3, schedules = [], jobs: kinds = jobs } = options;
  const { pool, log } = bench.services;
  const tasks = { ...tasksOf(bench, kinds), [scheduleTaskName]: scheduleTask(pool, kinds) };
  const full = () => fullKinds(kinds, bench.running);
  const common = { pool, log, tasks, onEnter: (name: string) => addPool(pool, bench.worker, name) };
  pools.push(
    await startQueuePool({ ...common, slots: Math.max(1, slots - 1), crons: cronItems(schedules), forbidden: full }),
  );
  if (slots < 2) return;
  pools.push(await startQueuePool({ ...common, slots: 1, crons: [], forbidden: () => [...full(), "scheduled"] }));
}

const reference = z.object({ id: z.number().int() });

function tasksOf(bench: Bench, kinds: readonly AnyJob[]): TaskList {
  const tasks = kinds.map((job) => {
    return [job.name, async (payload: unknown) => runTurn(bench, job, String(reference.parse(payload).id))] as const;
  });
  return Object.fromEntries(tasks);
}

/** Kinds of which this process does as many as it may. */
function fullKinds(kinds: readonly AnyJob[], running: ReadonlySet<Running>): string[] {
  const full = kinds.filter(({ name, concurrency }) => {
    if (concurrency === "one") return false;
    return [...running].filter((at) => at.name === name).length >= concurrency;
  });
  return full.map(({ name }) => name);
}

interface Stopping {
  readonly life: WorkerLife;
  readonly pools: readonly QueuePool[];
  readonly running: ReadonlySet<Running>;
  readonly finishMs: number;
  readonly stopMs: number;
}

async function stop({ life, pools, running, finishMs, stopMs }: Stopping): Promise<void> {
  const stopped = Promise.all(pools.map((pool) => pool.stop()));
  if (!(await within(stopped, finishMs))) {
    for (const { abort } of running) abort("stopping");
    await within(stopped, stopMs + 2000);
  }
  await life[Symbol.asyncDispose]();
}

/** Whether it was done in time. */
async function within(done: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = wait(ms, false, { signal: timer.signal }).catch(() => false);
  const isDone = await Promise.race([done.then(() => true), late]);
  timer.abort();
  return isDone;
}
