import { inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { zipOf, zipOfFiles } from "./zip.ts";

describe("zipOf", () => {
  it("ends with a directory that points at every local header", () => {
    const archive = zipOf([
      { path: "a.txt", body: "aaaa".repeat(50) },
      { path: "b.txt", body: "b", method: "store", dataDescriptor: true },
    ]);
    const end = archive.length - 22;
    expect(archive.readUInt32LE(end)).toBe(0x06054b50);
    expect(archive.readUInt16LE(end + 10)).toBe(2);
    let at = archive.readUInt32LE(end + 16);
    for (const [name, body] of [
      ["a.txt", "aaaa".repeat(50)],
      ["b.txt", "b"],
    ] as const) {
      expect(archive.readUInt32LE(at)).toBe(0x02014b50);
      expect(archive.toString("utf8", at + 46, at + 46 + name.length)).toBe(name);
      const local = archive.readUInt32LE(at + 42);
      const start = local + 30 + name.length;
      const data = archive.subarray(start, start + archive.readUInt32LE(at + 20));
      expect((archive.readUInt16LE(at + 10) === 8 ? inflateRawSync(data) : data).toString()).toBe(body);
      at += 46 + name.length;
    }
    expect(at).toBe(end);
  });

  it("lies when asked", () => {
    const archive = zipOf([{ path: "a", body: "x", size: 4_000_000_000 }], { entryCount: 9 });
    const end = archive.length - 22;
    expect(archive.readUInt16LE(end + 10)).toBe(9);
    expect(archive.readUInt32LE(archive.readUInt32LE(end + 16) + 24)).toBe(4_000_000_000);
  });

  it("keeps offsets right behind a prefix", () => {
    const archive = zipOf([{ path: "a", body: "x" }], { prefix: "#!/bin/sh\n", comment: "c" });
    const end = archive.length - 23;
    const directory = archive.readUInt32LE(end + 16);
    expect(archive.readUInt32LE(archive.readUInt32LE(directory + 42))).toBe(0x04034b50);
    expect(zipOfFiles({ a: "1" })).toEqual(zipOfFiles({ a: "1" }));
  });
});
