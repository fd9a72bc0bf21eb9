import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bunzip } from "./bunzip.ts";

/** "hello, hull\n" packed by bzip2. */
const packed = Buffer.from(
  "425a68393141592653594e7c43e3000002518000104004024482002000310c08203688736824da3c5dc914e1424139f10f8c",
  "hex",
);

async function unpack(bytes: Uint8Array): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of bunzip(bytes)) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe("bunzip", () => {
  it("unpacks one stream and several", async () => {
    expect(await unpack(packed)).toBe("hello, hull\n");
    expect(await unpack(Buffer.concat([packed, packed]))).toBe("hello, hull\nhello, hull\n");
  });

  it("says so when the file is cut, wherever", async () => {
    for (let length = 0; length < packed.length; length++) {
      await expect(unpack(packed.subarray(0, length))).rejects.toThrow();
    }
  });

  it("never gives out damaged text, never hangs", async () => {
    const hit = fc.tuple(fc.integer({ min: 0, max: packed.length - 1 }), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(hit, async ([at, change]) => {
        const bytes = Buffer.from(packed);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        // The last bits behind the checksum, and the size of blocks in the header, may be anything.
        const text = await unpack(bytes).catch(() => "refused");
        expect(["refused", "hello, hull\n"]).toContain(text);
      }),
      { numRuns: 300 },
    );
  });
});
