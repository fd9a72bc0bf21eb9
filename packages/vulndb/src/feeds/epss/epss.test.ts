import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sharedData } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { memoryFile } from "../../records/memory-file.ts";
import { fuzzFeed, itemsOf } from "../../testing/fuzz-feed.ts";
import { epss } from "./feed.ts";

const sample = readFileSync(join(import.meta.dirname, "testdata", "epss.csv"), "utf8");
const undated = sample.slice(sample.indexOf("\n") + 1);
const read = (content: string | Uint8Array, path = "epss.csv") => itemsOf(epss, memoryFile(path, content, 50));

describe("EPSS", () => {
  it("knows its files by content, with and without the comment line", () => {
    for (const head of [sample, undated]) expect(epss.recognises({ path: "any", head })).toBe(true);
    // The layout of early 2021 has no percentiles; nothing in a report could be made of it.
    expect(epss.recognises({ path: "epss_scores-2021-04-14.csv", head: "cve,epss\nCVE-2020-5902,0.65117\n" })).toBe(
      false,
    );
  });

  it("reads scores and the day they are of", async () => {
    expect(await read(sample)).toEqual([
      {
        kind: "epss",
        feed: "epss",
        vulnerability: "CVE-2021-44228",
        score: 0.94358,
        percentile: 0.99957,
        date: "2026-08-16",
      },
      {
        kind: "epss",
        feed: "epss",
        vulnerability: "CVE-1999-0001",
        score: 0.01141,
        percentile: 0.77462,
        date: "2026-08-16",
      },
      { kind: "dated", date: "2026-08-16" },
    ]);
  });

  it("takes the day from the file name where the file is silent, and reads nothing undated", async () => {
    expect(await read(undated, "epss_scores-2021-09-01.csv")).toContainEqual(
      expect.objectContaining({ date: "2021-09-01" }),
    );
    expect((await read(undated)).map((item) => "kind" in item)).toEqual([false, false]);
  });

  it.each([
    "CVE-2021-44228,1.1,0.5",
    "CVE-2021-44228,0.5",
    "CVE-2021-44228,NaN,0.5",
    "CVE-2021-44228,-0.1,0.5",
    "GHSA-x,0.5,0.5",
  ])("refuses the line %s", async (line) => {
    const items = await read(`${sample}${line}\n`);
    expect(items).toHaveLength(4);
    expect(items.filter((item) => !("kind" in item))).toHaveLength(1);
  });

  it("tells fifty bad lines one by one and counts the rest", async () => {
    const problems = (await read(`${sample}${"bad\n".repeat(1000)}`)).filter((item) => !("kind" in item));
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)).toMatchObject({ message: "950 more records could not be read" });
  });

  it("gives up on a file that is one endless line", async () => {
    const items = await itemsOf(epss, memoryFile("epss.csv", `cve,epss,percentile\n${"9".repeat(3_000_000)}`));
    expect(items).toMatchObject([{ message: "a line of more than 1000000 characters" }]);
  });

  fuzzFeed(epss, [sample]);

  const real = sharedData("feeds", "epss_scores-2026-08-16.reconstructed.csv.gz");
  it.skipIf(real === null)(
    "reads all scores of a real day (skipped without shared data)",
    { timeout: 30_000 },
    async () => {
      const items = await itemsOf(epss, memoryFile("epss.csv", gunzipSync(readFileSync(real ?? ""))));
      expect(items).toHaveLength(360_143);
      expect(items.every((item) => "kind" in item)).toBe(true);
    },
  );
});
