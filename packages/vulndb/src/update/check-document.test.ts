import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipOf, sharedData, tarOfFiles, zipOf, zstdOf } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kev } from "../feeds/kev/feed.ts";
import { faultOfDocument } from "./check-document.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "plimsoll-check-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function faultOf(file: string, body: string | Uint8Array): Promise<string | null> {
  const path = join(dir, "part");
  await writeFile(path, body);
  return faultOfDocument(kev, path, file);
}

const catalogue = '{"catalogVersion":"1","vulnerabilities":[{"knownRansomwareCampaignUse":"Known"}]}';
const zip = zipOf([{ path: "a.json", body: catalogue }], { comment: "x".repeat(60_000) });
const tar = tarOfFiles({ "a.yml": "a" });
/** An empty bzip2 stream, and one whose end is not on a byte (three bits of padding). */
const bzip2 = Buffer.from("425a683917724538509000000000", "hex");
const shifted = Buffer.concat([Buffer.from("BZh9"), Buffer.from("00bb9229c28480000000 00".replace(" ", ""), "hex")]);

describe("checking a download", () => {
  it.each([
    ["a.json", catalogue],
    ["a.json", `\ufeff ${catalogue}\n`],
    ["a.json.gz", gzipOf(catalogue)],
    ["a.json.zst", zstdOf(catalogue)],
    ["a.zip", zip],
    ["a.tar.gz", gzipOf(tar)],
    ["a.tgz", gzipOf(tar)],
    ["a.xml.bz2", bzip2],
    ["a.xml.bz2", shifted],
  ])("takes a whole %s", async (file, body) => {
    expect(await faultOf(file, body)).toBeNull();
  });

  it.each([
    ["a.json", "", "the answer is empty"],
    ["a.json", '{"vulnerabilities":[]}', "the data has another schema than this program knows"],
    ["a.json", catalogue.slice(0, -1), "the document ends early"],
    ["a.json", "\n <HTML><p>Log in</HTML>", "an HTML page came instead of the data"],
    ["a.json", gzipOf(catalogue), "the data has another schema than this program knows"],
    ["a.json.gz", gzipOf('{"x":1}'), "the data has another schema than this program knows"],
    ["a.json.gz", gzipOf(catalogue).subarray(0, -5), "cannot be read: unexpected end of file"],
    ["a.json.gz", catalogue, "cannot be read: incorrect header check"],
    [
      "a.json.zst",
      zstdOf(Buffer.alloc(200 * 2 ** 20)),
      expect.stringMatching(/cannot be read: \d+ bytes unpack to 209715200/),
    ],
    ["a.json.zst", zstdOf(catalogue).subarray(0, -3), expect.stringMatching(/cannot be read/)],
    ["a.zip", zip.subarray(0, 60), "the zip archive ends early"],
    ["a.zip", catalogue, "not a zip archive, or an empty one"],
    ["a.zip", zipOf([]), "not a zip archive, or an empty one"],
    ["a.tar.gz", gzipOf(catalogue), "not a tar archive"],
    ["a.xml.bz2", bzip2.subarray(0, -1), "the bzip2 file ends early"],
    ["a.xml.bz2", "BZh", "the bzip2 file ends early"],
    ["a.xml.bz2", "", "not a bzip2 file"],
  ])("refuses %s", async (file, body, fault) => {
    expect(await faultOf(file, body)).toEqual(fault);
  });

  it("says so when the file is gone", async () => {
    expect(await faultOfDocument(kev, join(dir, "absent"), "a.json")).toMatch(/cannot be read: ENOENT/);
  });

  const real = sharedData("feeds", "debian-oval-2023-07-14", "oval-definitions-bookworm.xml.bz2");
  it.skipIf(real === null)("knows the end of a real bzip2 file (skipped without shared data)", async () => {
    const body = await readFile(real ?? "");
    expect(await faultOf("a.xml.bz2", body)).toBeNull();
    expect(await faultOf("a.xml.bz2", body.subarray(0, -1))).toBe("the bzip2 file ends early");
  });
});
