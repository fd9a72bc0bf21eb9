import { zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { packText, packZstd, unpackText } from "./packed-text.ts";

const long = JSON.stringify(Array.from({ length: 10_000 }, (_, index) => `package ${index}`));

describe("packed texts", () => {
  it.each(["{}", '["ä"]', long])("come back as they were: %.10s…", (json) => {
    expect(unpackText(packText(json), 2 ** 20)?.toString()).toBe(json);
    expect(unpackText(packZstd(Buffer.from(json)), 2 ** 20)?.toString()).toBe(json);
  });

  it("are packed when that saves something", () => {
    expect(Buffer.from(packText("{}")).toString()).toBe("{}");
    expect(packText(long).length).toBeLessThan(long.length / 4);
  });

  it.each([
    ["a bomb", zstdCompressSync(Buffer.alloc(2 ** 24)), 2 ** 20],
    ["half a frame", packText(long).subarray(0, 1000), 2 ** 20],
    ["a frame that is none", Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 255, 255, 255), 2 ** 20],
    ["text that is too long", Buffer.from("[1, 2, 3]"), 8],
  ])("are refused: %s", (_, packed, mostBytes) => expect(unpackText(packed, mostBytes)).toBe(null));
});
