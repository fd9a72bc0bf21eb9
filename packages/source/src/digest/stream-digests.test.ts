import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { StreamDigests } from "./stream-digests.ts";

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const made = (name: string, length: number): Buffer =>
  createHash("shake256", { outputLength: length }).update(name).digest();

/** The bytes in memories of `size`, each filled by chunks of `step`: as a decompressor gives them. */
function* chunksOf(bytes: Buffer, size: number, step: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    const memory = new Uint8Array(size);
    memory.set(bytes.subarray(start, start + size));
    const end = Math.min(size, bytes.length - start);
    for (let at = 0; at < end; at += step) yield memory.subarray(at, Math.min(end, at + step));
  }
}

it("takes the digests of streams that come at the same time, however they are cut", async () => {
  using digests = new StreamDigests();
  const cuts = [
    [0, 1000, 1000],
    [1, 1000, 1000],
    [1000, 1000, 1000],
    [12_000_000, 2 ** 20, 700_000],
    [12_000_001, 2 ** 20, 2 ** 20],
    [300_000, 2 ** 16, 999],
  ] as const;
  const taken = await Promise.all(
    cuts.map(async ([length, size, step]) => {
      const digest = digests.open();
      for (const chunk of chunksOf(made(`${length}`, length), size, step)) await digest.take(chunk);
      return digest.digest();
    }),
  );
  expect(taken).toEqual(cuts.map(([length]) => sha256(made(`${length}`, length))));
});

it("takes the memory of a chunk that reaches to its end, and copies from any other", async () => {
  using digests = new StreamDigests();
  const digest = digests.open();
  const bytes = made("memory", 3000);
  const [first, second, third] = [0, 1000, 2000].map((at) => Uint8Array.from(bytes.subarray(at, at + 1000)));
  if (first === undefined || second === undefined || third === undefined) throw new Error("unreachable");
  await digest.take(first);
  // Somebody may write behind it; and it is not followed by what lies there.
  await digest.take(second.subarray(0, 999));
  await digest.take(bytes.subarray(1999, 2000));
  await digest.take(third.subarray(0, 500));
  await digest.take(third.subarray(500));
  expect([first, second, third].map(({ length }) => length)).toEqual([0, 1000, 0]);
  expect(await digest.digest()).toBe(sha256(bytes));
});

it("fails when its thread dies, and does not wait for it", async () => {
  const dying = () => new Worker("setTimeout(() => { throw new RangeError('no memory'); }, 50)", { eval: true });
  using digests = new StreamDigests(dying);
  const [waiting, asking] = [digests.open(), digests.open()];
  const giving = async (): Promise<void> => {
    for (const chunk of chunksOf(made("dies", 9_000_000), 2 ** 20, 2 ** 20)) await waiting.take(chunk);
  };
  const [given, asked] = await Promise.allSettled([giving(), asking.digest()]);
  for (const { status } of [given, asked]) expect(status).toBe("rejected");
  await expect(waiting.take(new Uint8Array(10))).rejects.toThrow("the thread that takes digests died");
});
