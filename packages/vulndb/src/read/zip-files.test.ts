import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits } from "@plimsoll/kit";
import { zipOf, zipOfFiles } from "@plimsoll/testkit";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { zipFiles } from "./zip-files.ts";

const folder = mkdtempSync(join(tmpdir(), "zip-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(bytes: Uint8Array, limits = defaultLimits): Promise<Record<string, string>> {
  writeFileSync(join(folder, "x.zip"), bytes);
  await using file = await open(join(folder, "x.zip"));
  const found: [string, string][] = [];
  for await (const entry of zipFiles(file, limits)) {
    found.push([entry.path, Buffer.from(await entry.bytes()).toString()]);
  }
  return Object.fromEntries(found);
}

const good = zipOfFiles({ "a.json": "{}", "b/c.json": "[1]".repeat(1000) });

describe("files of a zip", () => {
  it("are read, stored or deflated, with data descriptors and behind a prefix' length", async () => {
    expect(await read(good)).toEqual({ "a.json": "{}", "b/c.json": "[1]".repeat(1000) });
    const entries = [
      { path: "s", body: "stored", method: "store" as const },
      { path: "d", body: "streamed", dataDescriptor: true },
      { path: "folder/", body: "" },
    ];
    expect(await read(zipOf(entries, { comment: "PK said somebody" }))).toEqual({ s: "stored", d: "streamed" });
  });

  it.each<[string, Uint8Array]>([
    ["no zip", Buffer.from("PK\u0003\u0004 but nothing else")],
    ["cut", good.subarray(0, good.length - 30)],
    ["a directory outside of the file", zipOf([{ path: "a", body: "x" }], { directoryOffset: 9999 })],
    ["fewer entries than it says", zipOf([{ path: "a", body: "x" }], { entryCount: 3 })],
    ["a size that lies", zipOf([{ path: "a", body: "xxxx", size: 2 }])],
    ["a size far too large", zipOf([{ path: "a", body: "x", size: 2 ** 31 }])],
    ["an entry elsewhere", zipOf([{ path: "a", body: "x", localOffset: 3 }])],
    [
      "records that overlap",
      zipOf([
        { path: "a", body: "x" },
        { path: "b", body: "", compressedSize: 300, localOffset: 0 },
      ]),
    ],
    ["encrypted", zipOf([{ path: "a", body: "x", flags: 1 }])],
    ["an unknown method", zipOf([{ path: "a", body: "x", methodNumber: 99 }])],
  ])("%s throws", async (_, bytes) => {
    await expect(read(bytes)).rejects.toThrow();
  });

  it("are found through a zip64 end record, as writers of many entries leave it", async () => {
    const files = Object.entries({ a: "1", b: "2" }).map(([path, body]) => ({ path, body }));
    const archive = zipOf(files, { zip64: true });
    expect(await read(archive)).toEqual({ a: "1", b: "2" });
    archive.writeBigUInt64LE(2n ** 60n, archive.length - 22 - 20 - 8);
    await expect(read(archive)).rejects.toThrow("outside");
  });

  it("keep to the limits", async () => {
    const two = zipOfFiles({ a: "12345", b: "1" });
    await expect(read(two, { ...defaultLimits, fileBytes: 5 })).resolves.toBeDefined();
    await expect(read(two, { ...defaultLimits, fileBytes: 4 })).rejects.toThrow("too large");
    await expect(read(two, { ...defaultLimits, layerEntries: 2 })).resolves.toBeDefined();
    await expect(read(two, { ...defaultLimits, layerEntries: 1 })).rejects.toThrow("too many");
  });

  it("survive damage", async () => {
    const hit = fc.tuple(fc.integer({ min: 0, max: good.length - 1 }), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(hit, { minLength: 1, maxLength: 5 }), async (hits) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of hits) bytes[at] = value;
        await read(bytes).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
      }),
    );
  });
});
