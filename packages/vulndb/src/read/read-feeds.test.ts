import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits } from "@plimsoll/kit";
import { gzipOf, tarOfFiles, zipOfFiles, zstdOf } from "@plimsoll/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildVulndb } from "../build.ts";
import type { ReadItem } from "../read-item.ts";
import { type ReadFeedsOptions, readFeeds } from "./read-feeds.ts";

const fixture = (feed: string, name: string) =>
  readFileSync(join(import.meta.dirname, "..", "feeds", feed, "testdata", name), "utf8");
const ghsa = fixture("ghsa", "range.json");
const pypa = fixture("pypa", "PYSEC-2024-1.yaml");
const secdb = fixture("alpine-secdb", "v3.18-main.json");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "feeds-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function read(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: ReadFeedsOptions = {},
): Promise<ReadItem[]> {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const items: ReadItem[] = [];
  for await (const item of readFeeds(folder, options)) items.push(item);
  return items;
}

const brief = (items: readonly ReadItem[]) =>
  items.map((item) => ("kind" in item ? (item.kind === "advisory" ? item.id : item.kind) : item.code));

/** As parallel compressors write it: frame after frame, and all of it counts. */
function framesOf(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([zstdOf(bytes.subarray(0, 100)), zstdOf(bytes.subarray(100))]);
}

describe("a folder of feeds", () => {
  it.each<[string, string | Uint8Array]>([
    ["plain.json", ghsa],
    ["packed.json.gz", gzipOf(ghsa)],
    ["packed.json.zst", zstdOf(ghsa)],
    ["named.anything", zstdOf(ghsa)],
    ["many.tar", tarOfFiles({ "README.md": "hello", "x/1.json": ghsa })],
    ["many.tar.gz", gzipOf(tarOfFiles({ "x/1.json": ghsa }))],
    ["many.tar.zst", zstdOf(tarOfFiles({ "x/1.json": ghsa }))],
    ["frames.json.zst", framesOf(ghsa)],
    ["frames.tar.zst", framesOf(tarOfFiles({ "x/1.json": ghsa }))],
    ["all.zip", zipOfFiles({ "1.json": ghsa })],
    ["deep/er/1.json", ghsa],
  ])("is read as it is: %s", async (name, content) => {
    expect(brief(await read({ [name]: content }))[0]).toBe("GHSA-aaaa-bbbb-cccc");
  });

  it("tells feeds apart document by document, in the order of names", async () => {
    const items = await read({ "b.zip": zipOfFiles({ "1.json": ghsa, "PYSEC-2024-1.yaml": pypa }), "a.json": secdb });
    expect(brief(items)).toContain("PYSEC-2024-1");
    expect(brief(items)[0]).toBe("CVE-2024-10000");
    expect(brief(items).at(-2)).toBe("GHSA-aaaa-bbbb-cccc");
  });

  it("notes what is no feed and what is other programs' test data, and reads on", async () => {
    const items = await read({
      "1.txt": "notes of mine",
      "2.tar": tarOfFiles({ LICENSE: "x", "a.json": ghsa, "pkg/testdata/b.json": ghsa, "test-fixtures/c.json": ghsa }),
      ".hidden": ghsa,
    });
    expect(brief(items)).toEqual(["feed-unknown", "GHSA-aaaa-bbbb-cccc", "feed-files-unknown", "feed-test-data"]);
  });

  it("does not read a great archive of something else to its end", async () => {
    const other = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`doc-${index}.md`, "text"]));
    const items = await read({ "other.tar": tarOfFiles({ ...other, "zz.json": ghsa }) });
    expect(brief(items)).toEqual(["feed-unknown"]);
  });

  it.each<[string, Uint8Array]>([
    ["cut gzip", gzipOf(ghsa.repeat(9)).subarray(0, 400)],
    ["cut zstd", zstdOf(tarOfFiles({ "1.json": ghsa })).subarray(0, 300)],
    ["cut tar", tarOfFiles({ "1.json": ghsa }).subarray(0, 1000)],
    ["cut bzip2", Buffer.from("425a6839314159265359", "hex")],
    ["cut zip", zipOfFiles({ "1.json": ghsa }).subarray(0, 200)],
    ["xz", Buffer.from("fd377a585a000000", "hex")],
    ["bomb", gzipOf(ghsa + " ".repeat(20 * 2 ** 20), 9)],
  ])("tells of a damaged file (%s) and reads on", async (name, bytes) => {
    const limits = { ...defaultLimits, ratio: 200, ratioFloorBytes: 2 ** 20 };
    const items = await read({ [`1 ${name}`]: bytes, "2.json": ghsa }, { limits });
    const problem = items.find((item) => !("kind" in item) && item.code === "feed-file-unreadable");
    expect(problem).toMatchObject({ level: "incomplete", path: `1 ${name}`, next: expect.any(String) });
    expect(brief(items)).toContain("GHSA-aaaa-bbbb-cccc");
  });

  it("takes a file for as new as upstream last said, if it was read to its end", async () => {
    const checked = new Map([
      ["1.json", "2025-01-01T00:00:00Z"],
      ["2.json.gz", "2025-01-01T00:00:00Z"],
    ]);
    const items = await read(
      { "1.json": secdb, "2.json.gz": gzipOf(ghsa).subarray(0, 300), "3.json": ghsa },
      { checked },
    );
    const dated = items.filter((item) => "kind" in item && item.kind === "dated");
    expect(dated).toEqual([
      { kind: "dated", feed: "alpine-secdb", date: "2025-01-01T00:00:00Z", ecosystem: "alpine:3.18" },
    ]);
  });

  it("says so when it is not there", async () => {
    await expect(readFeeds(join(folder, "none")).next()).rejects.toMatchObject({ code: "FEEDS_MISSING", exit: 2 });
  });

  it("stops when asked to", async () => {
    const signal = AbortSignal.abort(new Error("stopped"));
    await expect(read({ "1.json": ghsa }, { signal })).rejects.toThrow("stopped");
  });

  it("becomes a database of the same bytes, however it is packed and named", async () => {
    const build = async (name: string, from: Readonly<Record<string, string | Uint8Array>>) => {
      const feeds = join(folder, name);
      mkdirSync(feeds);
      for (const [file, content] of Object.entries(from)) writeFileSync(join(feeds, file), content);
      const out = join(folder, `${name}.sqlite`);
      await buildVulndb(readFeeds(feeds), { out, now: Date.parse("2025-01-01T00:00:00Z") });
      return readFileSync(out);
    };
    const one = await build("one", { "1.json": ghsa, "2.json": secdb, "PYSEC-2024-1.yaml": pypa });
    const two = await build("two", {
      "1.zip": zipOfFiles({ "PYSEC-2024-1.yaml": pypa, "x.json": secdb }),
      "9.tar.zst": zstdOf(tarOfFiles({ "y.json": ghsa })),
    });
    expect(one.equals(two)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(["one", "one.sqlite", "two", "two.sqlite"]);
  });
});
