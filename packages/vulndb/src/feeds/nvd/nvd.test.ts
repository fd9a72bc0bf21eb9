import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sharedData } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { memoryFile } from "../../records/memory-file.ts";
import { fuzzFeed, itemsOf } from "../../testing/fuzz-feed.ts";
import { nvd } from "./feed.ts";

const sample = readFileSync(join(import.meta.dirname, "testdata", "nvdcve-1.1-sample.json"), "utf8");
const read = (content: string | Uint8Array, chunkBytes?: number) =>
  itemsOf(nvd, memoryFile("nvdcve-1.1-sample.json", content, chunkBytes));
const about = async (id: string) =>
  (await read(sample)).filter((item) => "vulnerability" in item && item.vulnerability === id);

describe("NVD JSON 1.1", () => {
  it("knows its files by content", () => {
    expect(nvd.recognises({ path: "any", head: sample })).toBe(true);
    expect(nvd.recognises({ path: "nvdcve-1.1-2017.json", head: "<html>" })).toBe(false);
  });

  it("reads an analysed item whole", async () => {
    expect(await about("CVE-2021-44228")).toEqual([
      {
        kind: "rating",
        feed: "nvd",
        provider: "nvd",
        vulnerability: "CVE-2021-44228",
        severity: "critical",
        cvss: [
          {
            version: "3.1",
            score: 10,
            vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
            exploitabilityScore: 3.9,
            impactScore: 6,
          },
          {
            version: "2.0",
            score: 9.3,
            vector: "AV:N/AC:M/Au:N/C:C/I:C/A:C",
            exploitabilityScore: 8.6,
            impactScore: 10,
          },
        ],
        published: "2021-12-10T10:15:00Z",
        modified: "2023-04-03T20:15:00Z",
        title: 'JNDI features do not protect against "{attacker}" controlled endpoints.',
        cwes: ["CWE-20", "CWE-502"],
      },
    ]);
  });

  it("has no word worse than high for CVSS v2 alone", async () => {
    expect(await about("CVE-2003-0001")).toMatchObject([{ provider: "nvd", severity: "high" }]);
  });

  it("gives the score of an item NVD has not analysed to the CNA", async () => {
    const [fromNvd, fromCna] = await about("CVE-2025-1641");
    expect(fromNvd).toMatchObject({ provider: "nvd", published: "2025-02-25T00:15:00Z" });
    expect(fromNvd).not.toHaveProperty("severity");
    expect(fromCna).toMatchObject({ provider: "cna", severity: "high" });
    expect(fromCna).not.toHaveProperty("published");
  });

  it("marks rejected ids, dates the file and tells what it could not read", async () => {
    expect(await about("CVE-2017-9999")).toMatchObject([{ rejected: true }]);
    const items = await read(sample);
    expect(items).toContainEqual({ kind: "dated", date: "2025-02-25T01:00:00Z" });
    expect(items.filter((item) => !("kind" in item))).toMatchObject([
      { level: "warning", feed: "nvd", path: "nvdcve-1.1-sample.json", message: "not an id: an item without a CVE id" },
    ]);
  });

  it.each([1, 7, 64, 100_000])("reads the same in chunks of %i bytes", async (chunkBytes) => {
    expect(await read(sample, chunkBytes)).toEqual(await read(sample));
  });

  it("keeps what came before a cut, and says that the file ends early", async () => {
    const items = await read(sample.slice(0, sample.indexOf("CVE-2017-9999")));
    expect(items.filter((item) => "kind" in item && item.kind === "rating")).toHaveLength(4);
    expect(items).toContainEqual(expect.objectContaining({ message: "the document ends early" }));
  });

  fuzzFeed(nvd, [sample]);

  const real = sharedData("feeds", "nvd-json-1.1");
  it.skipIf(real === null).each([
    { name: "2017", nvd: 17_014, cna: 0, rejected: 2_336 },
    { name: "modified", nvd: 2_146, cna: 234, rejected: 9 },
    { name: "recent", nvd: 762, cna: 229, rejected: 8 },
  ])("reads the real $name file (skipped without shared data)", { timeout: 30_000 }, async ({ name, ...counts }) => {
    const items = await read(gunzipSync(readFileSync(join(real ?? "", `nvdcve-1.1-${name}.json.gz`))));
    const ratings = items.filter((item) => "kind" in item && item.kind === "rating");
    expect(items.length - ratings.length).toBe(1);
    expect(ratings.filter(({ provider }) => provider === "nvd")).toHaveLength(counts.nvd);
    expect(ratings.filter(({ provider }) => provider === "cna")).toHaveLength(counts.cna);
    expect(ratings.filter((rating) => rating.rejected)).toHaveLength(counts.rejected);
  });
});
