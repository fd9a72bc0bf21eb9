import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sharedData } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { memoryFile } from "../../records/memory-file.ts";
import { fuzzFeed, itemsOf } from "../../testing/fuzz-feed.ts";
import { poc } from "./feed.ts";

const sample = readFileSync(join(import.meta.dirname, "testdata", "poc.tsv"), "utf8");
const read = (content: string) => itemsOf(poc, memoryFile("poc.tsv", content));

describe("counts of proofs of concept", () => {
  it("knows its table by its columns", () => {
    expect(poc.recognises({ path: "any", head: sample })).toBe(true);
    expect(poc.recognises({ path: "any", head: "cve,poc_references,github_pocs\n" })).toBe(false);
  });

  it("takes five references of the CVE for an exploit, not four, and no repositories that mention it", async () => {
    expect(await read(sample)).toEqual([
      { kind: "exploit", feed: "poc", vulnerability: "CVE-2021-44228", count: 104 },
      { kind: "exploit", feed: "poc", vulnerability: "CVE-2024-3094", count: 5 },
    ]);
  });

  it.each(["CVE-2024-3095\t-1\t0", "CVE-2024-3095\t1.5\t0", "CVE-2024-3095\t1", "CVE-2024-3095\t1e9\t0", "x\t1\t1"])(
    "refuses the line %j",
    async (line) => {
      expect((await read(`${sample}${line}`)).at(-1)).toMatchObject({ level: "warning", feed: "poc" });
    },
  );

  fuzzFeed(poc, [sample]);

  const real = sharedData("feeds", "poc-availability-trickest-2026-08-22.derived.tsv.gz");
  it.skipIf(real === null)("reads the real table (skipped without shared data)", { timeout: 30_000 }, async () => {
    const text = gunzipSync(readFileSync(real ?? "")).toString("utf8");
    expect(text.trimEnd().split("\n")).toHaveLength(167_094);
    const items = await read(text);
    expect(items).toHaveLength(1_113);
    expect(items.every((item) => "kind" in item)).toBe(true);
  });
});
