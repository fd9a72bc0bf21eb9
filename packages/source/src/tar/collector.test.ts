import { expect, test } from "vitest";
import { Collector } from "./collector.ts";

/** Byte `i` of the stream that the tests put together. */
const stream = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31) % 251));

/** Gives `bytes` in chunks of `step`, until nothing is wanted. */
function feed(collector: Collector, bytes: Buffer, step: number): void {
  for (let at = 0; collector.isWaiting && at < bytes.length; at += step) {
    const chunk = Buffer.from(bytes.subarray(at, at + step));
    collector.take(chunk, 0);
    // What was copied must not be looked for in the chunk.
    chunk.fill(0xff);
  }
}

test.each([
  ["in the same room", 40_000],
  ["in a larger room, which takes the place of the head's", 300_000],
])("a body behind its head, %s", (_, length) => {
  const bytes = stream(length);
  const collector = new Collector();
  let whole: Buffer | null = null;
  collector.want(512, (head) => {
    expect(head).toEqual(bytes.subarray(0, 512));
    collector.want(length, (body) => (whole = Buffer.from(body)), head);
  });
  feed(collector, bytes.subarray(0, 512), 100);
  feed(collector, bytes.subarray(512), 1000);
  expect(whole).toEqual(bytes);
});

test("the room of a smaller piece is given back with the piece that needs a larger one", () => {
  const collector = new Collector();
  const rooms: Buffer[] = [];
  for (const length of [1000, 100_000, 50_000, 1_000_000]) {
    const bytes = stream(length);
    collector.want(length, (piece) => {
      expect(piece).toEqual(bytes);
      rooms.push(piece);
    });
    feed(collector, bytes, length / 2);
  }
  expect(rooms.map((room) => room.length)).toEqual([0, 0, 0, 1_000_000]);
});

test("a piece larger than the room that is kept has a room of its own, and only as long as it is looked at", () => {
  const collector = new Collector();
  const length = 49 * 2 ** 20;
  let seen = 0;
  let room: Buffer = Buffer.alloc(0);
  collector.want(length, (piece) => {
    seen = piece.length;
    room = piece;
  });
  const chunk = Buffer.alloc(2 ** 20);
  while (collector.isWaiting) collector.take(chunk, 0);
  expect([seen, room.length]).toEqual([length, 0]);
});

test("pieces that a chunk holds whole are not copied, and stay what they are", () => {
  const bytes = stream(5000);
  const collector = new Collector();
  let piece: Buffer | null = null;
  collector.want(1000, (found) => (piece = found));
  expect(collector.take(bytes, 200)).toBe(1200);
  expect(piece).toEqual(bytes.subarray(200, 1200));
});
