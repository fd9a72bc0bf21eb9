import { crc32, deflateSync, inflateSync } from "node:zlib";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const mostColours = 256;

/**
 * A picture of a page in at most 256 colours (PNG, W3C third edition, colour type 3): a third of the bytes. `png`: eight bits
 * a channel, not interlaced, as browsers write it.
 */
export function smallPng(png: Buffer): Buffer {
  const { width, height, channels, lines } = decode(png);
  const colours = new Map<number, number>();
  const pixels = Array.from({ length: width * height }, (_, at) => colourAt(lines, at * channels));
  for (const colour of pixels) colours.set(colour, (colours.get(colour) ?? 0) + 1);
  const palette = [...colours]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostColours)
    .map(([colour]) => colour);
  const places = new Map(palette.map((colour, place) => [colour, place]));
  const rows = Buffer.alloc((width + 1) * height);
  for (const [at, colour] of pixels.entries()) {
    const place = places.get(colour) ?? nearest(palette, colour);
    places.set(colour, place);
    rows[at + Math.floor(at / width) + 1] = place;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const entries = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const body = deflateSync(rows, { level: 9, memLevel: 9 });
  return Buffer.concat([signature, chunk("IHDR", head), chunk("PLTE", entries), chunk("IDAT", body), chunk("IEND")]);
}

interface Picture {
  readonly width: number;
  readonly height: number;
  /** 3 or 4 bytes a pixel. */
  readonly channels: number;
  /** All pixels, line by line, without filters. */
  readonly lines: Buffer;
}

function decode(png: Buffer): Picture {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = png[25] === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = signature.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return { width, height, channels, lines: unfiltered(inflateSync(Buffer.concat(parts)), width * channels, channels) };
}

/** Takes the filters of each line back (section 9). */
function unfiltered(raw: Buffer, stride: number, channels: number): Buffer {
  const height = raw.length / (stride + 1);
  const lines = Buffer.alloc(stride * height);
  // Outside of the picture all is 0.
  const valueAt = (x: number, y: number): number => (x < 0 || y < 0 ? 0 : (lines[y * stride + x] ?? 0));
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1);
    for (let x = 0; x < stride; x++) {
      const around = { left: valueAt(x - channels, y), up: valueAt(x, y - 1), corner: valueAt(x - channels, y - 1) };
      lines[y * stride + x] = (raw[start + 1 + x] ?? 0) + foretold(raw[start] ?? 0, around);
    }
  }
  return lines;
}

interface Around {
  readonly left: number;
  readonly up: number;
  readonly corner: number;
}

function foretold(filter: number, { left, up, corner }: Around): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter === 0) return 0;
  const [byLeft, byUp, byCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

function colourAt(lines: Buffer, at: number): number {
  return ((lines[at] ?? 0) << 16) | ((lines[at + 1] ?? 0) << 8) | (lines[at + 2] ?? 0);
}

function nearest(palette: readonly number[], colour: number): number {
  const away = palette.map((other) =>
    [16, 8, 0].reduce((sum, shift) => sum + (((other >> shift) & 255) - ((colour >> shift) & 255)) ** 2, 0),
  );
  return away.indexOf(Math.min(...away));
}

function chunk(name: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
}
