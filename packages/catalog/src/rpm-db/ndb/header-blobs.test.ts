import { describe, expect, it } from "vitest";
import { blobsOf, fakeBlobs, patched } from "../testing/blobs-of.ts";
import { ndbDatabase } from "../testing/ndb-database.ts";
import { adler32, isNdb, ndbHeaderBlobs } from "./header-blobs.ts";

const read = (bytes: Uint8Array) => blobsOf(ndbHeaderBlobs, bytes);
const blobs = fakeBlobs(10, 5000, 1, 300);
const whole = ndbDatabase(blobs);
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const slot = (index: number): number => 32 + index * 16;
const room = (index: number): number => whole.readUInt32LE(slot(index) + 8) * 16;

describe("ndbHeaderBlobs", () => {
  it("gives every package", () => expect(read(whole)).toEqual({ blobs }));
  it("skips slots that were freed", () => {
    const [first = Buffer.alloc(0), , third = Buffer.alloc(0)] = blobs;
    expect(read(ndbDatabase([first, null, third]))).toEqual({ blobs: [first, third] });
  });
  it("reads more than one page of slots", () => {
    const many = fakeBlobs(...Array.from({ length: 600 }, (_, index) => index % 50));
    expect(read(ndbDatabase(many, { slotPages: 3 }))).toEqual({ blobs: many });
  });
  it("knows no package in an empty one", () => expect(read(ndbDatabase([]))).toEqual({ blobs: [] }));

  it.each<[string, Buffer, number, RegExp]>([
    ["cut in its first page", whole.subarray(0, 4000), 0, /cut off/],
    ["of a later version", patched(whole, 4, u32(1)), 0, /NDB version 1 is not known/],
    ["without slot pages", patched(whole, 12, u32(0)), 0, /0 slot pages named/],
    ["with absurdly many slot pages", patched(whole, 12, u32(0xffff_ffff)), 0, /4294967295 slot pages named/],
    ["with a slot overwritten", patched(whole, slot(1), "x"), 3, /slot 3 overwritten/],
    ["with a slot that points into the slots", patched(whole, slot(0) + 8, u32(1)), 3, /slot 2 points outside/],
    [
      "with a slot that points behind the end",
      patched(whole, slot(0) + 8, u32(0x0fff_ffff)),
      3,
      /slot 2 points outside/,
    ],
    ["with a slot of absurd length", patched(whole, slot(3) + 12, u32(0xffff_ffff)), 3, /slot 5 points outside/],
    ["with a slot too short for anything", patched(whole, slot(0) + 12, u32(1)), 3, /slot 2 points outside/],
    ["with a slot zeroed", patched(whole, slot(1) + 4, Buffer.alloc(12)), 3, /1 packages without slot/],
    ["with a blob overwritten", patched(whole, room(0), "x"), 3, /package 1 overwritten/],
    ["with a blob of absurd length", patched(whole, room(0) + 12, u32(0xffff_fff0)), 3, /package 1 overwritten/],
    ["with another package's number", patched(whole, room(2) + 4, u32(9)), 4, /package 3 fails its checksum/],
    ["with a changed byte", patched(whole, room(1) + 99, "x"), 4, /package 2 fails its checksum/],
    ["with a room far too large", patched(whole, slot(0) + 12, u32(300)), 4, /package 1 fails its checksum/],
    ["with a tail overwritten", patched(whole, whole.length - 4, "x"), 4, /package 4 fails its checksum/],
    ["cut in its last package", whole.subarray(0, -16), 3, /slot 5 points outside/],
  ])("%s: says so, and gives the rest", (...[, bytes, count, message]) => {
    const result = read(bytes);
    expect([result.blobs.length, result.message]).toEqual([count, expect.stringMatching(message)]);
  });

  it("tells its files from others", () => {
    expect([isNdb(whole), isNdb(Buffer.from("RpmX")), isNdb(Buffer.alloc(0))]).toEqual([true, false, false]);
  });
});

it.each([
  ["", 1],
  ["a", 0x0062_0062],
  ["Wikipedia", 0x11e6_0398],
])("Adler-32 of %j", (text, sum) => expect(adler32(Buffer.from(text))).toBe(sum));

it("Adler-32 of much", () => expect(adler32(Buffer.alloc(1_000_000, 255))).toBe(referenceSum(1_000_000, 255)));

function referenceSum(length: number, byte: number): number {
  let [a, b] = [1, 0];
  for (let index = 0; index < length; index++) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}
