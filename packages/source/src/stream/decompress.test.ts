import { constants, zstdCompressSync } from "node:zlib";
import { defaultLimits } from "@plimsoll/kit";
import { corrupted, gzipBombOf, gzipMembersOf, gzipOf, truncated, zstdOf } from "@plimsoll/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DecompressOptions, decompressed } from "./decompress.ts";

/** Pieces in one and the same memory: the reader may use each only until it asks for the next. */
async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  const scratch = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    const length = bytes.copy(scratch, 0, at, at + size);
    yield scratch.subarray(0, length);
  }
}

async function unpacked(bytes: Buffer, size = bytes.length || 1, options: DecompressOptions = {}): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of decompressed(pieces(bytes, size), options)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function drained(stream: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of stream) expect(chunk.length).toBeGreaterThan(0);
}

const skippable = Buffer.from([0x5c, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]);
const emptySkippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
const withChecksum = zstdCompressSync("checked", { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
const big = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * index) % 253));

describe("decompressed", () => {
  const table: [string, Buffer, Buffer][] = [
    ["plain", big, big],
    ["nothing", Buffer.alloc(0), Buffer.alloc(0)],
    ["one byte", Buffer.from("x"), Buffer.from("x")],
    ["gzip", gzipOf(big), big],
    ["gzip of several members", gzipMembersOf(["one ", "two ", big]), Buffer.concat([Buffer.from("one two "), big])],
    ["gzip with zero padding", Buffer.concat([gzipOf("hello"), Buffer.alloc(2000)]), Buffer.from("hello")],
    ["zstd", zstdOf(big), big],
    ["zstd with checksum", withChecksum, Buffer.from("checked")],
    [
      "zstd of several frames",
      Buffer.concat([zstdOf("one "), withChecksum, zstdOf(big)]),
      Buffer.concat([Buffer.from("one checked"), big]),
    ],
    [
      "zstd with skippable frames before, between and behind",
      Buffer.concat([skippable, zstdOf("a"), emptySkippable, skippable, zstdOf("b"), skippable]),
      Buffer.from("ab"),
    ],
    ["zstd of nothing", Buffer.concat([zstdOf(""), zstdOf("")]), Buffer.alloc(0)],
  ];
  for (const [name, packed, content] of table) {
    it.each([1, 3, 1000, 1 << 20])(`reads ${name} in chunks of %i bytes`, async (size) => {
      if (packed.length / size > 50_000) return; // the same as 3 bytes, only slower
      expect((await unpacked(packed, size)).equals(content)).toBe(true);
    });
  }

  it("any cut of any frames gives the same", async () => {
    const part = fc.oneof(
      fc.constant(skippable),
      fc.uint8Array({ maxLength: 3000 }).map((bytes) => zstdOf(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 4000 }),
        async (parts, size) => {
          const whole = await unpacked(Buffer.concat([zstdOf("x"), ...parts]), size);
          const each = await Promise.all(parts.map((one) => unpacked(Buffer.concat([one, zstdOf("")]))));
          expect(whole.equals(Buffer.concat([Buffer.from("x"), ...each]))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("decompressed with hostile streams", () => {
  const gzip = gzipOf(big);
  const zstd = zstdOf(big);
  it.each<[string, Buffer, string]>([
    ["truncated gzip", truncated(gzip, gzip.length - 1), "COMPRESSION_TRUNCATED"],
    ["truncated gzip header", truncated(gzip, 5), "COMPRESSION_TRUNCATED"],
    ["truncated second gzip member", truncated(gzipMembersOf(["a", big]), 60), "COMPRESSION_TRUNCATED"],
    ["corrupt gzip", corrupted(gzip, 40), "COMPRESSION_CORRUPT"],
    ["wrong gzip checksum", corrupted(gzip, -6), "COMPRESSION_CORRUPT"],
    ["garbage behind gzip", Buffer.concat([gzip, Buffer.from("garbage")]), "COMPRESSION_CORRUPT"],
    ["truncated zstd", truncated(zstd, zstd.length - 1), "COMPRESSION_TRUNCATED"],
    ["truncated zstd frame header", truncated(zstd, 5), "COMPRESSION_TRUNCATED"],
    ["truncated second zstd frame", truncated(Buffer.concat([zstd, zstd]), zstd.length + 20), "COMPRESSION_TRUNCATED"],
    [
      "truncated skippable frame",
      truncated(Buffer.concat([zstd, skippable]), zstd.length + 9),
      "COMPRESSION_TRUNCATED",
    ],
    ["wrong zstd checksum", corrupted(withChecksum, -1), "COMPRESSION_CORRUPT"],
    ["garbage behind zstd", Buffer.concat([zstd, Buffer.from("garbage")]), "COMPRESSION_CORRUPT"],
    ["bzip2", Buffer.from("BZh91AY&SY"), "COMPRESSION_UNSUPPORTED"],
    ["xz", Buffer.from("\xfd7zXZ\0\0\0", "latin1"), "COMPRESSION_UNSUPPORTED"],
  ])("%s", async (_, bytes, code) => {
    for (const size of [1000, bytes.length]) await expect(unpacked(bytes, size)).rejects.toMatchObject({ code });
  });

  const limits = { ...defaultLimits, ratio: 100, ratioFloorBytes: 1 << 20 };
  it("bomb by ratio, gzip and zstd; the floor lets small ones pass", async () => {
    await expect(unpacked(gzipBombOf(4 << 20), 4096, { limits })).rejects.toMatchObject({ code: "COMPRESSION_RATIO" });
    await expect(unpacked(zstdOf(Buffer.alloc(4 << 20)), 4096, { limits })).rejects.toMatchObject({
      code: "COMPRESSION_RATIO",
    });
    expect(await unpacked(gzipBombOf(1 << 20), 4096, { limits })).toHaveLength(1 << 20);
  });

  it("bomb by size: at the limit and one byte beyond", async () => {
    const sized = { ...defaultLimits, layerBytes: big.length };
    expect(await unpacked(gzip, 4096, { limits: sized })).toHaveLength(big.length);
    const less = { ...defaultLimits, layerBytes: big.length - 1 };
    await expect(unpacked(gzip, 4096, { limits: less })).rejects.toMatchObject({ code: "LAYER_TOO_LARGE" });
  });

  it("the source's own error comes through, and a reader that leaves early ends the source", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield gzip.subarray(0, 100);
      throw new Error("the disk is on fire");
    }
    await expect(drained(decompressed(failing()))).rejects.toThrow("the disk is on fire");
    let ended = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield gzip;
      } finally {
        ended = true;
      }
    }
    for await (const chunk of decompressed(endless())) if (chunk.length > 0) break;
    expect(ended).toBe(true);
  });
});

describe("fuzz", () => {
  it("mutated gzip and zstd end in a value or a PlimsollError", async () => {
    const seeds = [
      gzipMembersOf(["hello ", big.subarray(0, 2000)]),
      Buffer.concat([zstdOf("hello "), skippable, withChecksum]),
    ];
    const edits = fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seeds), edits, fc.nat(3000), async (seed, changes, cut) => {
        const bytes = Buffer.from(seed.subarray(0, Math.max(1, cut)));
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        const outcomes = await Promise.allSettled([unpacked(bytes, 7), unpacked(bytes)]);
        for (const outcome of outcomes) {
          if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ name: "PlimsollError" });
        }
      }),
      { numRuns: 300 },
    );
  });
});
