import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Advisory, FeedRecord } from "@plimsoll/model";
import { buildVulndb } from "../build.ts";
import type { ReadItem } from "../read-item.ts";

/** Builds a database of a day of January 2026: one npm advisory for each number below `count`. Path of its file. */
export async function databaseOfDay(folder: string, day: number, count: number): Promise<string> {
  const out = join(folder, `day-${day}.sqlite`);
  // A build over another gets a number of its own.
  await rm(out, { force: true });
  await buildVulndb(items(day, count), { out, now: dayMs(day) });
  return out;
}

/** Midnight of a day of January 2026, ms. */
export function dayMs(day: number): number {
  return Date.parse(`2026-01-${String(day).padStart(2, "0")}T00:00:00Z`);
}

async function* items(day: number, count: number): AsyncGenerator<ReadItem> {
  yield* Array.from({ length: count }, (_, index) => advisory(index * 3));
  yield* Array.from({ length: count }, (_, index): FeedRecord => epss(index * 3, day));
  yield { kind: "dated", feed: "ghsa", ecosystem: "npm", date: new Date(dayMs(day)).toISOString().slice(0, 10) };
}

function advisory(number: number): Advisory {
  const id = `CVE-2025-${String(number).padStart(5, "0")}`;
  return {
    kind: "advisory",
    id,
    feed: "ghsa",
    provider: "github",
    vulnerabilities: [id],
    aliases: [],
    published: "2025-06-01",
    title: `Something about package ${number}`,
    affected: [
      {
        ecosystem: "npm",
        name: `package-${number % 400}`,
        nameKind: "source",
        scheme: "semver",
        ranges: [{ introduced: "0", fixed: `1.${number}.0` }],
        fixState: "fixed",
      },
    ],
  };
}

function epss(number: number, day: number): FeedRecord {
  const vulnerability = `CVE-2025-${String(number).padStart(5, "0")}`;
  const date = new Date(dayMs(day)).toISOString().slice(0, 10);
  return { kind: "epss", feed: "epss", vulnerability, score: (number % 100) / 100, percentile: (day % 9) / 10, date };
}
