import { dirname, join } from "node:path";
import type { HttpClient, Log } from "@plimsoll/kit";
import { type FeedUpdater, feedUpdater, type Schedule, usualSchedules } from "@plimsoll/platform";
import type { Config } from "./config.ts";

interface Means {
  /** The installation's database. */
  readonly database: string;
  readonly http: HttpClient;
  readonly clock: () => number;
  readonly log: Log;
}

/** How this server fetches knowledge; `undefined`: its database is somebody else's to keep. */
export function feedUpdaterOf({ vulndb }: Config, { database, ...means }: Means): FeedUpdater | undefined {
  if (vulndb !== null) return undefined;
  return feedUpdater({ ...means, places: { feeds: join(dirname(database), "feeds"), database }, wanted: "all" });
}

const everySixHours = "17 */6 * * *";

/** What this installation does by the clock. */
export function schedulesOf(config: Config): readonly Schedule[] {
  const usual = config.vulndb === null ? everySixHours : null;
  const feedCron = config.feedSchedule === "auto" ? usual : config.feedSchedule;
  return usualSchedules({
    feedCron: feedCron === "off" ? null : feedCron,
    silentHours: config.inventorySilentHours,
    keep: {
      pipelineDays: config.keepPipelineDays,
      registryDays: config.keepRegistryDays,
      runtimeDays: config.keepRuntimeDays,
    },
  });
}
