import { messageOf } from "@plimsoll/kit";
import type { Services } from "../services/services.ts";
import { holdConnection } from "../store/held-connection.ts";
import type { Turn } from "../store/jobs/turns.ts";
import {
  addWorker,
  cancelChannel,
  disownJob,
  heldJobs,
  lockWorker,
  type Recovery,
  recoverJobs,
  removeWorker,
  seeWorker,
  wakeForgotten,
} from "../store/jobs/workers.ts";
import type { Running } from "./run-turn.ts";

export interface LifeOptions extends Recovery {
  readonly services: Services;
  readonly running: ReadonlySet<Running>;
  /** Time between signs of life, ms. */
  readonly beatMs: number;
  /** What the queue knows the worker's slots by. */
  readonly pools: () => readonly string[];
}

/** A worker that others see living. */
export interface WorkerLife extends AsyncDisposable {
  readonly id: number;
}

/**
 * Writes the worker down, holds its lock, gives signs of life, hears what is cancelled, and puts back what workers that
 * are gone were at: whoever dies by kill -9 loses the lock at once, whoever is merely slow keeps it.
 */
export async function startLife(options: LifeOptions): Promise<WorkerLife> {
  const { services, running, beatMs } = options;
  const { pool, log } = services;
  const id = await addWorker(pool);
  await wakeForgotten(pool);
  const connection = await holdConnection(pool, {
    log,
    onConnect: async (client) => {
      if (!(await lockWorker(client, id))) throw new Error("an older connection holds the lock");
      await client.query(`listen ${cancelChannel}`);
    },
    onNotice: ({ payload }) => {
      for (const { turn, abort } of running) if (String(turn?.id) === payload) abort("cancelled");
    },
  });
  let beating: Promise<void> | null = null;
  let beats = 0;
  const timer = setInterval(() => {
    beating ??= beat(options, id)
      .then(async () => void (++beats % 12 === 0 && (await wakeForgotten(pool))))
      .catch((error: unknown) => log.debug("no sign of life could be given", { why: messageOf(error) }))
      .finally(() => {
        beating = null;
      });
  }, beatMs);
  return {
    id,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await beating;
      await removeWorker(pool, id).catch(() => undefined);
      await connection[Symbol.asyncDispose]();
    },
  };
}

async function beat({ services: { pool, log }, running, pools, ...recovery }: LifeOptions, id: number): Promise<void> {
  await seeWorker(pool, id, pools());
  const mine = [...running].filter(({ turn }) => turn !== null);
  const held = await heldJobs(pool, id);
  for (const { is_cancelling, ...turn } of held) {
    const at = find(running, turn);
    if (at !== undefined && is_cancelling) at.abort("cancelled");
    if (at === undefined && ![...running].some(({ turn }) => turn === null)) await disownJob(pool, turn);
  }
  for (const at of mine) {
    if (!held.some(({ id, turn }) => at.turn?.id === id && at.turn.turn === turn)) at.abort("lost");
  }
  const recovered = await recoverJobs(pool, recovery);
  if (recovered > 0) log.warn("jobs of workers that are gone were put back", { jobs: recovered });
}

function find(running: ReadonlySet<Running>, { id, turn }: Turn): Running | undefined {
  return [...running].find((at) => at.turn?.id === id && at.turn.turn === turn);
}
