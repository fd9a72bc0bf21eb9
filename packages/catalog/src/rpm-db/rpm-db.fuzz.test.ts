import { defaultLimits } from "@plimsoll/kit";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Facts } from "../cataloger.ts";
import { rpmDb } from "./cataloger.ts";
import { bdbBtree, bdbHash } from "./testing/bdb-database.ts";
import { headerBlob } from "./testing/header-blob.ts";
import { ndbDatabase } from "./testing/ndb-database.ts";
import { openSqliteDatabase, sqliteDatabase } from "./testing/sqlite-database.ts";

/** Raised by hand for long runs. */
const runs = Number(process.env.PLIMSOLL_FUZZ_RUNS ?? 400);
vi.setConfig({ testTimeout: 3_600_000 });

const blobs = [0, 700, 3000, 40, 9000].map((padding, index) =>
  headerBlob({
    name: `package${index}`,
    epoch: index,
    arch: "noarch",
    sourceRpm: `source-1.${index}-1.src.rpm`,
    files: ["/usr/bin/a", `/usr/lib/${index}/b`],
    padding,
  }),
);

const databases: readonly [string, Buffer][] = [
  ["SQLite", sqliteDatabase(blobs, { before: "PRAGMA page_size=512" })],
  ["NDB", ndbDatabase(blobs)],
  ["hash", bdbHash(blobs, { pageSize: 512 })],
  ["big-endian btree", bdbBtree(blobs, { pageSize: 512, order: "big" })],
];

const parse = (bytes: Uint8Array): Facts => rpmDb.parse({ path: "var/lib/rpm/Packages", bytes }, defaultLimits);
const namesIn = ({ packages }: Facts): string[] =>
  (packages ?? []).map(({ name, version, source }) => `${name} ${version} ${source?.version}`).sort();
const isClean = ({ problems }: Facts): boolean => (problems ?? []).length === 0;

/** Offsets near the start matter more: that is where structure is. */
const place = (length: number): fc.Arbitrary<number> => fc.oneof(fc.nat(Math.min(length, 700) - 1), fc.nat(length - 1));
const value = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));

describe.each(databases)("%s", (_, whole) => {
  const all = namesIn(parse(whole));

  it("cut off anywhere: all packages, or a Problem", () => {
    expect(all).toHaveLength(blobs.length);
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        const facts = parse(whole.subarray(0, length));
        expect(isClean(facts) ? namesIn(facts) : all).toEqual(all);
      }),
      { numRuns: runs },
    );
  });

  it("zeroed anywhere behind the first bytes: all packages, or a Problem", () => {
    fc.assert(
      fc.property(fc.integer({ min: 512, max: whole.length }), fc.nat(2000), (start, length) => {
        const bytes = Buffer.from(whole);
        bytes.fill(0, start, Math.min(start + length, bytes.length));
        const facts = parse(bytes);
        expect(isClean(facts) ? namesIn(facts) : all).toEqual(all);
      }),
      { numRuns: runs },
    );
  });

  it("with any bytes changed: facts, in bounded time", () => {
    const edits = fc.array(fc.tuple(place(whole.length), value), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(edits, fc.nat(whole.length), (changes, cut) => {
        const bytes = Buffer.from(whole.subarray(0, Math.max(cut, whole.length >> 1)));
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
        const start = performance.now();
        const { packages = [], owns = [], problems = [] } = parse(bytes);
        expect(performance.now() - start).toBeLessThan(2000);
        expect(packages.length).toBeLessThanOrEqual(100);
        expect(owns.length).toBeLessThanOrEqual(packages.length);
        for (const { level, message } of problems) expect(`${level} ${message}`).not.toMatch(/[\p{Cc}]/u);
      }),
      { numRuns: runs },
    );
  });
});

it("random headers never throw", () => {
  const header = fc.uint8Array({ maxLength: 200 }).map((tail) => {
    const blob = Buffer.concat([Buffer.alloc(8), tail]);
    blob.writeUInt32BE(Math.floor(tail.length / 24), 0);
    blob.writeUInt32BE(tail.length - Math.floor(tail.length / 24) * 16, 4);
    return blob;
  });
  fc.assert(fc.property(fc.array(header, { maxLength: 5 }), (some) => void parse(ndbDatabase(some))));
});

it("logs with any bytes changed never throw", () => {
  const { wal } = openSqliteDatabase(blobs);
  fc.assert(
    fc.property(fc.nat(wal.length - 1), value, fc.nat(wal.length), (at, byte, cut) => {
      const bytes = Buffer.from(wal.subarray(0, cut));
      if (at < cut) bytes[at] = byte;
      const facts = rpmDb.parse({ path: "var/lib/rpm/rpmdb.sqlite-wal", bytes }, defaultLimits);
      expect((facts.problems ?? []).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: runs },
  );
});
