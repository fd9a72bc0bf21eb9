import { type CronItem, type ParsedCronItem, parseCronItems, type Task } from "graphile-worker";
import type { Pool } from "pg";
import { z } from "zod";
import { insertJob } from "../store/jobs/turns.ts";
import type { AnyJob, Job } from "./job.ts";
import { priorities } from "./priorities.ts";

/** A job that is asked for by the clock. */
export interface Schedule {
  readonly job: string;
  /** Five fields as in crontab, UTC: `minute hour day month weekday`. */
  readonly cron: string;
  readonly payload: object;
  /** Asked for at the next start, once, when it fell due within a day before. */
  readonly isMadeUp: boolean;
}

/** A schedule whose payload fits its job. Throws what the schema throws. */
export function schedule<P extends object>(
  job: Job<P>,
  cron: string,
  { payload = {}, isMadeUp = false }: { readonly payload?: object; readonly isMadeUp?: boolean } = {},
): Schedule {
  return { job: job.name, cron, payload: job.payload.parse(payload), isMadeUp };
}

/** Whether these are five fields of crontab. */
export function isCron(text: string): boolean {
  try {
    parseCronItems([{ task: scheduleTaskName, match: text }]);
    return true;
  } catch {
    return false;
  }
}

/** The task of the queue that asks for what is due. */
export const scheduleTaskName = "schedule";

/** Schedules as the queue takes them: whichever process is first at a minute asks, the others do not. */
export function cronItems(schedules: readonly Schedule[]): readonly ParsedCronItem[] {
  const items = schedules.map(
    ({ job, cron, payload, isMadeUp }): CronItem => ({
      task: scheduleTaskName,
      match: cron,
      identifier: job,
      payload: { job, payload },
      options: { backfillPeriod: isMadeUp ? 86_400_000 : 0, maxAttempts: 10 },
    }),
  );
  return parseCronItems(items);
}

const due = z.object({ job: z.string(), payload: z.unknown() });

/** Asks for the job of a schedule; while one is open it is not asked for again. */
export function scheduleTask(pool: Pool, kinds: readonly AnyJob[]): Task {
  return async (raw) => {
    const { job: name, payload } = due.parse(raw);
    const job = kinds.find((kind) => kind.name === name);
    if (job === undefined) return;
    await insertJob(pool, {
      name,
      key: "schedule",
      team: null,
      payload,
      priority: priorities.scheduled,
      queue: job.concurrency === "one" ? name : null,
      maxAttempts: job.retry.attempts,
      runAt: null,
      askedBy: "plimsoll",
    });
  };
}
