import { describe, expect, it } from "vitest";
import { blobsOf, fakeBlobs, patched } from "../testing/blobs-of.ts";
import { openSqliteDatabase, type SqliteLayout, sqliteDatabase } from "../testing/sqlite-database.ts";
import { sqliteHeaderBlobs } from "./header-blobs.ts";
import { isSqlite } from "./pages.ts";
import { journalIsHot, walHasChanges } from "./pending-changes.ts";
import { readColumns, readVarint } from "./record.ts";

const read = (bytes: Uint8Array) => blobsOf(sqliteHeaderBlobs, bytes);
const mixed = fakeBlobs(1, 3000, 40, 200_000, 480, 477, 476, 61, 0, 4061, 4062, 4096, 65_501, 65_502);

describe("sqliteHeaderBlobs reads what SQLite wrote", () => {
  it.each([512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536])("in pages of %i bytes", (size) => {
    expect(read(sqliteDatabase(mixed, { before: `PRAGMA page_size=${size}` }))).toEqual({ blobs: mixed });
  });

  it.each<[string, SqliteLayout]>([
    ["with pointer maps", { before: "PRAGMA page_size=512; PRAGMA auto_vacuum=FULL" }],
    ["with UTF-16 names", { before: "PRAGMA encoding='UTF-16le'" }],
    ["with UTF-16 names of the other order", { before: "PRAGMA encoding='UTF-16be'" }],
    [
      "with many other tables before",
      { before: Array.from({ length: 90 }, (_, at) => `CREATE TABLE t${at} (a)`).join(";") },
    ],
  ])("%s", (_, layout) => expect(read(sqliteDatabase(mixed, layout))).toEqual({ blobs: mixed }));

  it("over three levels of pages, in order of package numbers", () => {
    const many = fakeBlobs(...Array.from({ length: 2500 }, (_, index) => 100 + (index % 7)));
    expect(read(sqliteDatabase(many, { before: "PRAGMA page_size=512" }))).toEqual({ blobs: many });
  });

  it("without rows that were deleted, whose pages and bytes are still there", () => {
    const after = "DELETE FROM Packages WHERE hnum IN (2, 4, 5)";
    const left = mixed.filter((_, index) => ![1, 3, 4].includes(index));
    const bytes = sqliteDatabase(mixed, { before: "PRAGMA secure_delete=OFF", after });
    expect(bytes.includes(mixed[1] ?? "")).toBe(true);
    expect(read(bytes)).toEqual({ blobs: left });
  });

  it("of an empty table", () => expect(read(sqliteDatabase([]))).toEqual({ blobs: [] }));
});

describe("sqliteHeaderBlobs on damage", () => {
  const pageSize = 512;
  const blobs = fakeBlobs(200, 210, 220, 2000, 230, 240, 2100, 250);
  const whole = sqliteDatabase(blobs, { before: `PRAGMA page_size=${pageSize}` });
  /** Page 2 holds the table: SQLite numbers them in order of creation. */
  const root = pageSize;

  it.each<[string, Buffer, RegExp]>([
    ["no page at all", whole.subarray(0, 60), /no valid SQLite header/],
    ["a page size that is none", patched(whole, 16, "\u0003\u0000"), /no valid SQLite header/],
    ["an encoding that is none", patched(whole, 56, "\0\0\0\u0007"), /no valid SQLite header/],
    ["a schema page that is none", patched(whole, 100, "\0"), /page 1 is not a table page; no table Packages/],
    ["another table", patched(whole, whole.indexOf("tablePackages") + 5, "packagez"), /no table Packages/],
    ["a root page that is none", patched(whole, root, "\0"), /page 2 is not a table page/],
    ["too many cells", patched(whole, root + 3, "\xff\xff"), /page 2 counts too many cells/],
    ["a child that is the page itself", patched(whole, root + 8, "\0\0\0\u0002"), /page 2 used twice/],
    ["a child beyond the end", patched(whole, root + 8, "\x7f\0\0\0"), /page 2130706432 missing/],
    ["only its first pages", whole.subarray(0, pageSize * 4), /missing/],
  ])("%s: says so, and gives the rest", (_, bytes, message) => {
    const result = read(bytes);
    expect(result.message).toMatch(message);
    for (const blob of result.blobs) expect(blobs).toContainEqual(blob);
  });

  it("finds every page that is zeroed, or the rows are all there", () => {
    for (let at = pageSize; at < whole.length; at += pageSize) {
      const result = read(patched(whole, at, Buffer.alloc(pageSize)));
      expect(result.message !== undefined || result.blobs.length === blobs.length, `page ${at / pageSize + 1}`).toBe(
        true,
      );
    }
  });

  it("ends a loop of overflow pages", () => {
    const start = whole.indexOf(Buffer.from("4-4-4-4-4-4-4-4-4-4-", "latin1"), whole.indexOf("4-".repeat(200)) - 4);
    const page = Math.floor(start / pageSize);
    const number = Buffer.from([0, 0, 0, page + 1]);
    expect(read(patched(whole, page * pageSize, number)).message).toMatch(/used twice|missing|cannot be read/);
  });
});

describe("records", () => {
  it.each([
    [[0], 0, 1],
    [[0x7f], 127, 1],
    [[0x81, 0], 128, 2],
    [[0xff, 0xff, 0x7f], 2_097_151, 3],
    [[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 5], 5, 9],
    [[0x81], 128, 2],
  ])("%j as a varint is %i", (bytes, value, next) => {
    expect(readVarint(Uint8Array.from(bytes), 0)).toEqual({ value, next });
  });

  it.each([
    [[2, 1, 0xff], -1],
    [[2, 6, 0, 0, 0, 0, 0, 0, 0, 9], null],
    [[2, 8], 0],
    [[2, 9], 1],
    [[2, 17, 0x68, 0x69], "hi"],
    [[2, 0], null],
  ])("record %j holds %j", (bytes, column) => {
    expect(readColumns(Uint8Array.from(bytes), { count: 1, encoding: "utf8" })).toEqual([column]);
  });

  it.each([
    ["a header longer than itself", [9, 0]],
    ["a column longer than itself", [2, 30, 1]],
    ["fewer columns", [1]],
  ])("refuses a record with %s", (_, bytes) => {
    expect(readColumns(Uint8Array.from(bytes), { count: 1, encoding: "utf8" })).toBeNull();
  });
});

describe("changes beside the database", () => {
  const open = openSqliteDatabase(mixed);

  it("sees a committed transaction in a write-ahead log", () => {
    expect([isSqlite(open.database), walHasChanges(open.wal)]).toEqual([true, true]);
  });

  it.each<[string, Buffer]>([
    ["no bytes", Buffer.alloc(0)],
    ["only a header", open.wal.subarray(0, 32)],
    ["a header that is damaged", patched(open.wal, 12, "x")],
    ["a first frame that is damaged", patched(open.wal, 70, "x")],
    ["frames of an earlier log", patched(open.wal, 40, "x")],
    ["no log", Buffer.alloc(5000, 1)],
    ["a transaction that never committed", uncommitted()],
  ])("sees none in %s", (_, wal) => expect(walHasChanges(wal)).toBe(false));

  /** The first frame alone: the transaction that makes the table spans several. */
  function uncommitted(): Buffer {
    return open.wal.subarray(0, 32 + 24 + 4096);
  }

  it("sees none in a log that was emptied", () => {
    const { wal } = openSqliteDatabase(mixed, { after: "PRAGMA wal_checkpoint(TRUNCATE)" });
    expect([wal.length, walHasChanges(wal)]).toEqual([0, false]);
  });

  it.each([
    ["d9d505f920a163d7ffffffff", true],
    ["0000000000000000ffffffff", false],
    ["", false],
  ])("a journal %s is hot: %s", (hex, hot) => expect(journalIsHot(Buffer.from(hex, "hex"))).toBe(hot));
});
