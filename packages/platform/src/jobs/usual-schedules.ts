import { feedUpdate } from "./feed-update.ts";
import { inventoryJob } from "./inventory.ts";
import { retention } from "./retention.ts";
import { type Schedule, schedule } from "./schedules.ts";
import { tidy } from "./tidy.ts";
import { verdictExpiry } from "./verdict-expiry.ts";

/** What an installation decides about its schedules. */
export interface ScheduleChoices {
  /** When knowledge is fetched, as five fields of crontab (UTC); `null`: never. */
  readonly feedCron: string | null;
  /** Hours after which a collector that says nothing is gone with all it said. */
  readonly silentHours: number;
  /** Days that results stay (decision 14). */
  readonly keep: { readonly pipelineDays: number; readonly registryDays: number; readonly runtimeDays: number };
}

/** What every installation does by the clock. */
export function usualSchedules({ feedCron, silentHours, keep }: ScheduleChoices): readonly Schedule[] {
  return [
    ...(feedCron === null ? [] : [schedule(feedUpdate, feedCron, { isMadeUp: true })]),
    schedule(verdictExpiry, "*/10 * * * *"),
    schedule(inventoryJob, "*/5 * * * *", { payload: { silentHours } }),
    schedule(tidy, "*/30 * * * *"),
    schedule(retention, "40 2 * * *", { payload: keep, isMadeUp: true }),
  ];
}
