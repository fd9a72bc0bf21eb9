import { deflateSync, inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { smallPng } from "./small-png.ts";

it("keeps every pixel of a picture with few colours, whatever filter a line has", () => {
  const small = smallPng(picture([0, 1, 2, 3, 4]));
  expect(small.toString("latin1", 12, 16)).toBe("IHDR");
  expect([small.readUInt32BE(16), small.readUInt32BE(20), small[25]]).toEqual([3, 5, 3]);
  const palette = small.indexOf("PLTE") + 4;
  expect([...small.subarray(palette, palette + 6)], "the commonest first").toEqual([10, 20, 30, 200, 100, 50]);
  const rows = inflateSync(small.subarray(small.indexOf("IDAT") + 4, -16));
  expect([...rows]).toEqual([...Array.from({ length: 19 }, () => 0), 1]);
});

/** Three pixels wide, a line for each filter, all of one colour but the last pixel. */
function picture(filters: readonly number[]): Buffer {
  const colour = [10, 20, 30];
  const lines = filters.map((filter, y) => {
    const line = [...colour, ...colour, ...(y === filters.length - 1 ? [200, 100, 50] : colour)];
    const above = y === 0 ? line.map(() => 0) : [...colour, ...colour, ...colour];
    return [filter, ...line.map((value, x) => (value - foretold(filter, { line, above, x })) & 255)];
  });
  const head = Buffer.alloc(13);
  head.writeUInt32BE(3, 0);
  head.writeUInt32BE(filters.length, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const chunk = (name: string, data: Buffer) =>
    Buffer.concat([Buffer.from([0, 0, 0, data.length]), Buffer.from(name), data, Buffer.alloc(4)]);
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([start, chunk("IHDR", head), chunk("IDAT", deflateSync(Buffer.from(lines.flat())))]);
}

interface Place {
  readonly line: readonly number[];
  readonly above: readonly number[];
  readonly x: number;
}

function foretold(filter: number, { line, above, x }: Place): number {
  const [left = 0, up = 0, corner = 0] = [line[x - 3], above[x], above[x - 3]];
  if (filter === 4) {
    const guess = left + up - corner;
    const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
    return a <= b && a <= c ? left : b <= c ? up : corner;
  }
  return [0, left, up, (left + up) >> 1][filter] ?? 0;
}
