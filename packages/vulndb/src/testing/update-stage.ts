import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { kev } from "../feeds/kev/feed.ts";
import { type UpdateOptions, updateFeeds } from "../update/update-feeds.ts";
import type { UpdateReport } from "../update/update-report.ts";
import { type RecordedUpstream, recordedUpstream } from "./recorded-upstream.ts";

/** Where the recorded upstream serves the one small document that these tests update. */
export const kevPath = "/www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json";
/** Where an update puts it, in the folder of feeds. */
export const kevFile = "kev/known_exploited_vulnerabilities.json";
/** A KEV catalogue of a day (YYYY-MM-DD). */
export const catalogue = (date: string, entries = 200): string =>
  JSON.stringify({
    catalogVersion: date,
    dateReleased: `${date}T00:00:00Z`,
    vulnerabilities: Array.from({ length: entries }, (_, index) => ({
      cveID: `CVE-2024-${10_000 + index}`,
      dateAdded: "2024-01-01",
      dueDate: "2024-01-22",
      knownRansomwareCampaignUse: "Unknown",
    })),
  });
/** What upstream served before. */
export const oldData = catalogue("2026-10-01");
/** What upstream serves now. */
export const newData = catalogue("2026-11-22");
/** The day of the tests, in ms. */
export const monday = Date.parse("2026-11-23T06:00:00Z");
/** Days in ms. */
export const days = (count: number): number => count * 86_400_000;

/** A recorded upstream and an empty folder of feeds, new for each test of the file that asks for them. */
export function updateStage() {
  let upstream: RecordedUpstream;
  let dir: string;
  beforeEach(async () => {
    upstream = await recordedUpstream();
    dir = await mkdtemp(join(tmpdir(), "plimsoll-update-"));
  });
  afterEach(async () => {
    await upstream[Symbol.asyncDispose]();
    await rm(dir, { recursive: true });
  });
  const update = (options: Partial<UpdateOptions> = {}): Promise<UpdateReport> =>
    updateFeeds({ http: upstream.http, dir, now: () => monday, wanted: [], feeds: [kev], ...options });
  return {
    update,
    path: (file: string): string => join(dir, file),
    serve: (path: string, ...answers: Parameters<RecordedUpstream["serve"]>[1][]) => upstream.serve(path, ...answers),
    get upstream() {
      return upstream;
    },
    get dir() {
      return dir;
    },
    onDisk: (file = kevFile): Promise<string> => readFile(join(dir, file), "utf8"),
    leftovers: async (): Promise<string[]> => {
      const files = await readdir(dir, { recursive: true });
      return files.filter((file) => /part|new|lock|stale/.test(file)).sort();
    },
    /** A first good update, ten days before monday. */
    haveOldCopy: async (): Promise<void> => {
      upstream.serve(kevPath, { body: oldData });
      await update({ now: () => monday - days(10) });
    },
  };
}

/** `feed status` of every feed. */
export function statusOf(report: UpdateReport): string[] {
  return report.feeds.map(({ feed, status }) => `${feed} ${status}`);
}
