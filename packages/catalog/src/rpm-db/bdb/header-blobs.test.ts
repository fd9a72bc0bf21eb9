import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type BdbLayout, bdbBtree, bdbHash } from "../testing/bdb-database.ts";
import { blobsOf, fakeBlobs, patched } from "../testing/blobs-of.ts";
import { bdbHeaderBlobs, isBdb } from "./header-blobs.ts";

const read = (bytes: Uint8Array) => blobsOf(bdbHeaderBlobs, bytes);
const sorted = ({ blobs, message }: ReturnType<typeof read>) => ({ blobs: blobs.toSorted(Buffer.compare), message });
const mixed = fakeBlobs(1, 20_000, 40, 100, 8000, 3, 90, 100_000, 128).toSorted(Buffer.compare);
const orders = ["little", "big"] as const;

const layouts: BdbLayout[] = orders.flatMap((order) => [
  ...[512, 4096, 65_536].map((pageSize) => ({ order, pageSize })),
  ...[7, 8, 10].map((version) => ({ order, version })),
  ...[1, 4, 16].map((parts) => ({ order, parts })),
]);

describe("bdbHeaderBlobs", () => {
  it.each(layouts)("reads a hash of %j", (layout) => {
    expect(sorted(read(bdbHash(mixed, layout)))).toEqual({ blobs: mixed });
  });

  it.each(layouts)("reads a btree of %j", (layout) => {
    expect(sorted(read(bdbBtree(mixed, layout)))).toEqual({ blobs: mixed });
  });

  it("reads buckets that span pages", () => {
    const many = fakeBlobs(...Array.from({ length: 300 }, (_, index) => 60 + (index % 60))).toSorted(Buffer.compare);
    expect(sorted(read(bdbHash(many, { pageSize: 512 })))).toEqual({ blobs: many });
  });

  it("takes the counter under 0 for no package", () => {
    for (const bytes of [bdbHash([]), bdbBtree([])]) expect(read(bytes)).toEqual({ blobs: [] });
  });

  it("tells its files from others", () => {
    const others = [Buffer.alloc(0), Buffer.alloc(600), patched(bdbHash([]), 12, "xxxx")];
    expect([bdbHash([]), bdbBtree([], { order: "big" }), ...others].map(isBdb)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("bdbHeaderBlobs on damage", () => {
  const size = 512;
  const blobs = fakeBlobs(60, 61, 1000, 62, 63);
  const hash = bdbHash(blobs, { pageSize: size });
  const btree = bdbBtree(blobs, { pageSize: size });
  const page = (number: number, at = 0): number => number * size + at;

  it.each<[string, Buffer, RegExp]>([
    ["a version not known", patched(hash, 16, "\u0006"), /version 6 is not known/],
    ["a page size that is none", patched(hash, 20, "\u0001"), /page size 513/],
    ["a first page of another kind", patched(hash, 25, "\u0009"), /another kind/],
    ["encryption", patched(hash, 24, "\u0001"), /encrypted/],
    ["checksums", patched(hash, 26, "\u0001"), /checksums/],
    ["absurdly many buckets", patched(hash, 72, "\xff\xff\xff\x7f"), /2147483648 buckets named/],
    ["buckets elsewhere", patched(hash, 96, "\0\u0001"), /page 256 missing/],
    ["a bucket of another kind", patched(hash, page(1, 25), "\u0005"), /page 1 is not a hash page/],
    ["a bucket that names itself", patched(hash, page(2, 16), "\u0002"), /page 2 used twice/],
    ["another page's number", patched(hash, page(1, 8), "\u0009"), /page 1 says it is page 9/],
    ["too many items", patched(hash, page(1, 20), "\xff\xff"), /page 1 has a broken index/],
    ["items that overlap", patched(hash, page(1, 28), hash.subarray(page(1, 26), page(1, 28))), /page 1/],
    ["an overflow chain that loops", patched(hash, page(3, 16), "\u0003"), /page 3 used twice/],
    ["an overflow chain that ends", patched(hash, page(3, 16), "\0"), /breaks off at page 0/],
    ["an overflow page of another kind", patched(hash, page(3, 25), "\u000d"), /breaks off at page 3/],
    ["an overflow page longer than itself", patched(hash, page(3, 22), "\xff\xff"), /breaks off at page 3/],
    ["an overflow page without content", patched(hash, page(3, 22), "\0\0"), /breaks off at page 3/],
    ["its end missing", hash.subarray(0, page(3)), /page 3 missing/],
    ["a bucket of zeros", patched(hash, page(1), Buffer.alloc(size)), /6 entries counted, 3 found/],
    ["a btree root beyond the end", patched(btree, 88, "\xff"), /page 255 missing/],
    ["a btree root that is a leaf of itself", patched(btree, page(1, 25), "\u0007"), /page 1 is not a btree page/],
    ["a leaf used twice", patched(btree, btree.readUInt16LE(page(1, 28)) + page(1) + 4, "\u0002"), /page 2 used twice/],
    [
      "a btree item longer than its page",
      patched(btree, btree.readUInt16LE(page(2, 26)) + page(2), "\xff\xff"),
      /cannot be read/,
    ],
  ])("%s: says so, and gives the rest", (_, bytes, message) => {
    const result = read(bytes);
    expect(result.message).toMatch(message);
    for (const blob of result.blobs) expect(blobs).toContainEqual(blob);
  });

  it("leaves out btree pairs that are marked deleted", () => {
    const bytes = Buffer.from(btree);
    const at = page(2) + bytes.readUInt16LE(page(2, 26 + 3 * 2)) + 2;
    bytes[at] = (bytes[at] ?? 0) | 0x80;
    expect(read(bytes).blobs).toHaveLength(blobs.length - 1);
  });

  it.each([
    ["hash", hash],
    ["btree", btree],
  ])("finds every page of a %s that is zeroed or cut off", (_, bytes) => {
    for (let at = size; at < bytes.length; at += size) {
      for (const damaged of [patched(bytes, at, Buffer.alloc(size)), bytes.subarray(0, at)]) {
        expect(read(damaged).message, `page ${at / size}`).toBeDefined();
      }
    }
  });
});

const hasBerkeleyDb = spawnSync("perl", ["-MDB_File", "-e", "exit($DB_File::db_version < 4)"]).status === 0;

/** Writes 400 packages with Berkeley DB itself, then removes every fifth. */
const script = `
use DB_File; use Fcntl;
my ($path, $kind, $order, $size) = @ARGV;
my $info = $kind eq "hash" ? new DB_File::HASHINFO : new DB_File::BTREEINFO;
$info->{lorder} = $order; $info->{$kind eq "hash" ? "bsize" : "psize"} = $size;
my %db; my $db = tie(%db, "DB_File", $path, O_RDWR | O_CREAT, 0644, $info) or die $!;
my $key = sub { pack($order == 1234 ? "V" : "N", shift) };
$db{$key->(0)} = $key->(401);
$db{$key->($_)} = "$_:" . ("x" x (($_ * 37) % 5000)) for 1 .. 400;
delete $db{$key->($_ * 5)} for 1 .. 80;
undef $db; untie %db;
`;

describe.skipIf(!hasBerkeleyDb)("bdbHeaderBlobs reads what Berkeley DB wrote (skipped without perl's DB_File)", () => {
  const cases = ["hash", "btree"].flatMap((kind) =>
    ["1234", "4321"].flatMap((order) => ["512", "4096", "32768"].map((size) => [kind, order, size] as const)),
  );
  it.each(cases)("%s, byte order %s, pages of %s bytes", (...how) => {
    const folder = mkdtempSync(join(tmpdir(), "rpmdb-"));
    try {
      const path = join(folder, "Packages");
      execFileSync("perl", ["-e", script, path, ...how]);
      const { blobs, message } = read(readFileSync(path));
      expect(message).toBeUndefined();
      const numbers = blobs.map((blob) => Number.parseInt(blob.toString("latin1"), 10)).sort((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: 400 }, (_, at) => at + 1).filter((number) => number % 5 !== 0));
      for (const blob of blobs) expect(blob.length).toBe(lengthOf(Number.parseInt(blob.toString("latin1"), 10)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  function lengthOf(number: number): number {
    return `${number}:`.length + ((number * 37) % 5000);
  }
});
