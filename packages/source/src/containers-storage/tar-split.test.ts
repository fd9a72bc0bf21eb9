import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SplitPiece, splitPieces } from "./tar-split.ts";

async function piecesOf(...chunks: (string | Uint8Array)[]): Promise<SplitPiece[]> {
  const pieces: SplitPiece[] = [];
  for await (const batch of splitPieces(stream(chunks))) pieces.push(...batch);
  return pieces;
}

async function* stream(chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

const lines = [
  '{"type":2,"payload":"aGVhZA==","position":0}',
  '{"type":1,"name":"caf\u00e9","size":3,"payload":"AAAAAAAAAAA=","position":1}',
  '{"type":1,"name":"./folder/","payload":null,"position":2}',
  '{"type":1,"name_raw":"Y2Fm6Q==","size":1,"position":3}',
].join("\n");
const expected: SplitPiece[] = [
  { kind: "bytes", bytes: Buffer.from("head") },
  { kind: "file", name: Buffer.from("caf\u00e9").toString("latin1"), size: 3 },
  { kind: "file", name: "caf\u00e9", size: 1 },
];

describe("splitPieces", () => {
  it("reads pieces in their order, without those that have no bytes", async () => {
    expect(await piecesOf(lines)).toEqual(expected);
    expect(await piecesOf(`${lines}\n\n`)).toEqual(expected);
    expect(await piecesOf()).toEqual([]);
  });

  it("reads the same however it is cut", async () => {
    const bytes = Buffer.from(lines);
    for (let at = 0; at <= bytes.length; at += 7) {
      expect(await piecesOf(bytes.subarray(0, at), bytes.subarray(at))).toEqual(expected);
    }
  });

  it.each([
    ["no JSON", "<html>"],
    ["a list", "[]"],
    ["another type", '{"type":3}'],
    ["a size that is a text", '{"type":1,"name":"a","size":"1"}'],
    ["a size below nothing", '{"type":1,"name":"a","size":-1}'],
    ["a size that is no whole number", '{"type":1,"name":"a","size":1.5}'],
    ["a size beyond numbers", '{"type":1,"name":"a","size":1e300}'],
  ])("%s is damage", async (_, line) => {
    await expect(piecesOf(line)).rejects.toThrow(RangeError);
  });

  it("a line without an end ends at the limit", async () => {
    const chunk = Buffer.alloc(1 << 20, "a");
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) yield chunk;
    };
    const read = async () => {
      for await (const _ of splitPieces(endless()));
    };
    await expect(read()).rejects.toThrow(/too long/);
  });

  it("ends on any bytes, with pieces or a RangeError", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.json(), fc.string(), fc.constantFrom(...lines.split("\n")))),
        async (all) => {
          await piecesOf(all.join("\n")).catch((error: unknown) => expect(error).toBeInstanceOf(RangeError));
        },
      ),
      { numRuns: 500 },
    );
  });
});
