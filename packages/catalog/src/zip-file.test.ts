import { zip64EndOf, zipOf } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { ZipDamage } from "./zip-damage.ts";
import { openZip } from "./zip-file.ts";

const files = [
  { path: "a.class", body: "one" },
  { path: "b.class", body: "two" },
];
const plain = zipOf(files);
const wide = zipOf(files, { zip64: true });
const [body, end] = [plain.subarray(0, -22), plain.subarray(-22)];
const fullEnd = wide.subarray(-22);

/** An end record of an archive without entries, without a comment. */
const emptyEnd = zipOf([]);
const tail = Buffer.from("tail");

/** The extra field of the last entry lies just before the end record. */
const contradicted = zipOf(
  files.map((file, index) => ({
    ...file,
    ...(index === 1 && { extra: zip64EndOf({ count: 0, size: 0, offset: 0 }, 0) }),
  })),
);

describe("the directory of a zip file is the one that the JVM goes by", () => {
  it.each<[string, Buffer, RegExp | null]>([
    ["as written", plain, null],
    ["with a comment", zipOf(files, { comment: "PK, said the archive" }), null],
    ["with bytes behind it", Buffer.concat([plain, tail]), null],
    ["zip64", wide, null],
    ["zip64 where it is not needed", Buffer.concat([wide.subarray(0, -22), end]), null],
    ["zip64 behind a script", Buffer.concat([Buffer.from("#!/bin/sh\n"), wide]), null],
    ["zip64 with bytes behind it", Buffer.concat([wide, tail]), null],
    ["zip64 that speaks of nothing", contradicted, /zip64 end record says something else/],
    ["an empty end record in its comment", zipOf(files, { comment: Buffer.concat([emptyEnd, tail]) }), /another end/],
    ["an empty end record and more behind it", Buffer.concat([plain, emptyEnd, tail]), /another end/],
  ])("%s: all entries", (_, bytes, damage) => {
    const zip = openZip(bytes, 100);
    const read = zip.entries.map((entry) => ({ path: entry.name, body: zip.read(entry, 10).toString() }));
    expect(read).toEqual(files);
    if (damage === null) expect(zip.damage).toBeNull();
    else expect(zip.damage).toMatch(damage);
  });

  it("nothing, and told unless there is nothing else", () => {
    expect(openZip(emptyEnd, 100)).toMatchObject({ entries: [], damage: null });
    const behind = Buffer.concat([plain, emptyEnd]);
    expect(openZip(behind, 100)).toMatchObject({ entries: [], damage: "an empty directory behind other bytes" });
  });

  it.each<[string, Buffer, string]>([
    ["fields that are full, and no zip64", Buffer.concat([body, fullEnd]), "outside the file"],
    [
      "a zip64 locator that leads nowhere",
      Buffer.concat([body, wide.subarray(-42, -22), fullEnd]),
      "zip64 end record missing",
    ],
    ["an end record of an archive that is not there", Buffer.concat([end, tail]), "no end"],
    ["end records alone, of which none fits", Buffer.alloc(60_000, "PK\x05\x06"), "no end"],
  ])("%s: none", (_, bytes, message) => {
    expect(() => openZip(bytes, 100)).toThrow(ZipDamage);
    expect(() => openZip(bytes, 100)).toThrow(message);
  });
});
