import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sharedData } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { memoryFile } from "../../records/memory-file.ts";
import { fuzzFeed, itemsOf } from "../../testing/fuzz-feed.ts";
import { kev } from "./feed.ts";

const [json, csv] = ["kev.json", "kev.csv"].map((name) =>
  readFileSync(join(import.meta.dirname, "testdata", name), "utf8"),
);
const samples = [json ?? "", csv ?? ""];
const read = (content: string) => itemsOf(kev, memoryFile("kev", content));
const entries = [
  {
    kind: "kev",
    feed: "kev",
    vulnerability: "CVE-2025-48384",
    added: "2025-08-25",
    due: "2025-09-15",
    ransomware: false,
  },
  {
    kind: "kev",
    feed: "kev",
    vulnerability: "CVE-2021-44228",
    added: "2021-12-10",
    due: "2021-12-24",
    ransomware: true,
  },
];

describe("CISA's catalogue", () => {
  it("knows both layouts by content", () => {
    for (const head of samples) expect(kev.recognises({ path: "any", head })).toBe(true);
    expect(kev.recognises({ path: "known_exploited_vulnerabilities.json", head: '{"vulnerabilities":[]}' })).toBe(
      false,
    );
  });

  it("reads the same entries from JSON and CSV, each with its date", async () => {
    expect(await read(samples[0] ?? "")).toEqual([...entries, { kind: "dated", date: "2025-08-25T17:04:19Z" }]);
    expect(await read(samples[1] ?? "")).toEqual([...entries, { kind: "dated", date: "2025-08-25" }]);
  });

  it.each([
    ['{"catalogVersion":1}', 'there is no list "vulnerabilities"'],
    ['{"vulnerabilities":[{"cveID":"x"}]}', "an entry without a CVE id"],
    ['{"vulnerabilities":[null]}', "an entry without a CVE id"],
    [
      '{"vulnerabilities":[{"cveID":"CVE-2024-0001","dateAdded":"soon","dueDate":"2024-01-01"}]}',
      "CVE-2024-0001: dateAdded or dueDate is no date",
    ],
    ["cveID,dateAdded\nCVE-2024-0001,2024-01-01\n", "CVE-2024-0001: dateAdded or dueDate is no date"],
  ])("says what is wrong with %j", async (content, message) => {
    expect(await read(content)).toEqual([expect.objectContaining({ level: "warning", feed: "kev", message })]);
  });

  fuzzFeed(kev, samples);

  const real = sharedData("feeds", "cisa-kev-2025-11.csv");
  it.skipIf(real === null)("reads the real catalogue (skipped without shared data)", async () => {
    const items = await read(readFileSync(real ?? "", "utf8"));
    expect(items).toHaveLength(1_461);
    expect(items.at(-1)).toEqual({ kind: "dated", date: "2025-11-14" });
    expect(items.filter((item) => "ransomware" in item && item.ransomware).length).toBeGreaterThan(250);
  });
});
