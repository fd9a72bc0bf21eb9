import { setTimeout as wait } from "node:timers/promises";
import { type Log, messageOf } from "@plimsoll/kit";
import { Logger, type ParsedCronItem, type Runner, run, type TaskList } from "graphile-worker";
import type { Pool } from "pg";
import { queueSchema } from "../store/jobs/queue-schema.ts";
import { unlockPools } from "../store/jobs/workers.ts";

export interface QueuePoolOptions {
  readonly pool: Pool;
  readonly log: Log;
  readonly tasks: TaskList;
  /** Jobs at a time. */
  readonly slots: number;
  readonly crons: readonly ParsedCronItem[];
  /** Jobs with one of these flags are left to others; asked before each is taken. */
  readonly forbidden: () => string[];
  /** Told what the queue knows them by, before they take anything. */
  readonly onEnter: (name: string) => Promise<void>;
}

/** Slots that take jobs off the queue until they are told to stop. */
export interface QueuePool {
  /** What the queue knows them by now. */
  readonly names: () => readonly string[];
  /** Takes no more; resolves when what was begun has ended. */
  readonly stop: () => Promise<void>;
}

/** Pause before the queue is entered anew, ms. */
const pause = 1000;

/** Starts slots; when the queue gives up on them (a database that went away), they are started again. */
export async function startQueuePool(options: QueuePoolOptions): Promise<QueuePool> {
  const closing = new AbortController();
  let entered = await enter(options);
  const living = (async () => {
    while (!closing.signal.aborted) {
      await entered.runner.promise.catch((error: unknown) => {
        options.log.warn("the queue let its workers go", { why: messageOf(error) });
      });
      if (closing.signal.aborted) return;
      const old = entered.name();
      await wait(pause, undefined, { signal: closing.signal }).catch(() => undefined);
      await unlockPools(options.pool, [old]).catch(() => undefined);
      entered = await enter(options).catch((error: unknown) => {
        options.log.warn("the queue cannot be entered", { why: messageOf(error) });
        return entered;
      });
    }
  })();
  return {
    names: () => [entered.name()],
    stop: async () => {
      closing.abort();
      await entered.runner.stop().catch(() => undefined);
      await entered.runner.promise.catch(() => undefined);
      await living;
    },
  };
}

interface Entered {
  readonly runner: Runner;
  readonly name: () => string;
}

async function enter({ pool, log, tasks, slots, crons, forbidden, onEnter }: QueuePoolOptions): Promise<Entered> {
  let name = "";
  const told: GraphileConfig.Plugin = {
    name: "told",
    worker: {
      hooks: {
        startWorker: async (_, { worker }) => {
          name = worker.workerPool.id;
          await onEnter(name);
        },
      },
    },
  };
  const runner = await run({
    pgPool: pool,
    schema: queueSchema,
    taskList: tasks,
    parsedCronItems: [...crons],
    concurrency: slots,
    forbiddenFlags: forbidden,
    noHandleSignals: true,
    logger: queueLogger(log),
    // Work is announced; what is due by the clock alone, or waited for its like, is found by looking.
    pollInterval: 500,
    // With a delay, a job whose end cannot be written reaches our supervision; without, it ends the process.
    preset: { plugins: [told], worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  });
  return { runner, name: () => name };
}

function queueLogger(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === "error" || level === "warning") log.debug("the queue says", { level, message });
  });
}
