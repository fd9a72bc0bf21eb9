import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { memoryFile } from "../../records/memory-file.ts";
import { fuzzFeed, itemsOf } from "../../testing/fuzz-feed.ts";
import { nvdV2 } from "./feed.ts";

const sample = readFileSync(join(import.meta.dirname, "testdata", "nvdcve-2.0-sample.json"), "utf8");
const read = (content = sample, chunkBytes?: number) =>
  itemsOf(nvdV2, memoryFile("nvdcve-2.0.json", content, chunkBytes));
const about = async (id: string) =>
  (await read()).filter((item) => "vulnerability" in item && item.vulnerability === id);

describe("NVD JSON 2.0", () => {
  it("knows its documents by content", () => {
    expect(nvdV2.recognises({ path: "any", head: sample })).toBe(true);
    expect(nvdV2.recognises({ path: "any", head: sample.replace("NVD_CVE", "NVD_CPE") })).toBe(false);
  });

  it("tells NVD's word from CISA's and the CNA's", async () => {
    const [fromNvd, cna, cisa, exploit, ...rest] = await about("CVE-2021-44228");
    expect(rest).toEqual([]);
    expect(fromNvd).toEqual({
      kind: "rating",
      feed: "nvd-v2",
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
        { version: "2.0", score: 9.3, vector: "AV:N/AC:M/Au:N/C:C/I:C/A:C", exploitabilityScore: 8.6, impactScore: 10 },
      ],
      published: "2021-12-10T10:15:09Z",
      modified: "2026-06-17T04:12:05Z",
      title: "JNDI features do not protect.",
      cwes: ["CWE-917"],
    });
    expect(cna).toMatchObject({ provider: "cna", cwes: ["CWE-20", "CWE-502"] });
    expect(cna).not.toHaveProperty("cvss");
    expect(cisa).toMatchObject({ provider: "cisa-adp", severity: "critical", cvss: [{ score: 9.8 }] });
    expect(exploit).toEqual({
      kind: "exploit",
      feed: "nvd-v2",
      vulnerability: "CVE-2021-44228",
      count: 1,
      published: "2025-02-04T14:25:34Z",
    });
  });

  it("takes a score by its source, not by the word Primary; v3 before v4; third parties last", async () => {
    const [fromNvd, cna] = await about("CVE-2024-10001");
    expect(fromNvd).not.toHaveProperty("cvss");
    expect(cna).toMatchObject({
      provider: "cna",
      severity: "medium",
      cvss: [
        { version: "3.0", score: 5.3 },
        { version: "4.0", score: 9.3 },
      ],
    });
  });

  it("marks rejected ids, dates the document and tells what it could not read", async () => {
    expect(await about("CVE-2024-10002")).toMatchObject([{ rejected: true }]);
    const items = await read();
    expect(items).toContainEqual({ kind: "dated", date: "2026-06-18T00:00:00Z" });
    expect(items.filter((item) => !("kind" in item))).toMatchObject([
      { message: "CVE-2024-X: an item without a CVE id" },
    ]);
    expect(await read(sample, 11)).toEqual(items);
  });

  fuzzFeed(nvdV2, [sample]);
});
