import { anyOf, type Chance } from "./chance.ts";
import type { Mutator } from "./target.ts";

const oddNumbers = [
  0, 1, 2, 7, 8, 127, 128, 255, 256, 511, 512, 4095, 65_535, 65_536, 0x7fffffff, 0x80000000, 0xffffffff,
];
const oddDigits = [
  "0",
  "-1",
  "1e999",
  "9".repeat(20),
  "9".repeat(400),
  "2147483648",
  "18446744073709551615",
  "0x10",
  "NaN",
];
const oddTexts = [
  "\0",
  "\u001b[31m",
  "\u202e",
  "\u2028",
  "\ufeff",
  "\r",
  "\n\n",
  "../../",
  "%00",
  "%2e%2e%2f",
  "__proto__",
  "constructor",
  "é",
  "\ud83d\udca5",
  "a".repeat(5000),
];

/** Bits, bytes, blocks, numbers in binary and in digits, pieces of other inputs: for any format. */
export const mutateBytes: Mutator = (input, { chance, other }) => {
  const edit = chance.pick(edits);
  return edit(Buffer.from(input), chance, other);
};

type Edit = (bytes: Buffer, chance: Chance, other: Buffer) => Buffer;

const edits: readonly [Edit, ...Edit[]] = [
  flipBit,
  setByte,
  setNumber,
  setNumber,
  cutOut,
  repeat,
  splice,
  insertText,
  digits,
  cutOff,
];

function flipBit(bytes: Buffer, chance: Chance): Buffer {
  const at = chance.below(bytes.length);
  if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8));
  return bytes;
}

function setByte(bytes: Buffer, chance: Chance): Buffer {
  const at = chance.below(bytes.length);
  if (at < bytes.length) bytes[at] = chance.once(2) ? chance.below(256) : chance.pick([0, 1, 0x20, 0x7f, 0x80, 0xff]);
  return bytes;
}

/** A length or an offset of 2, 4 or 8 bytes, in either order. */
function setNumber(bytes: Buffer, chance: Chance): Buffer {
  const size = chance.pick([2, 4, 4, 8]);
  if (bytes.length < size) return bytes;
  const at = chance.below(bytes.length - size + 1);
  const value = numberNear(bytes.length, chance);
  const field = Buffer.alloc(size);
  if (chance.once(2)) field.writeUIntLE(value % 2 ** (8 * Math.min(size, 4)), 0, Math.min(size, 4));
  else field.writeUIntBE(value % 2 ** (8 * Math.min(size, 4)), Math.max(0, size - 4), Math.min(size, 4));
  field.copy(bytes, at);
  return bytes;
}

function numberNear(length: number, chance: Chance): number {
  if (chance.once(3)) return Math.max(0, length + chance.below(9) - 4);
  return chance.once(3) ? chance.below(length) : (anyOf(oddNumbers, chance) ?? 0);
}

function cutOut(bytes: Buffer, chance: Chance): Buffer {
  const { from, to } = stretch(bytes, chance);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
}

function cutOff(bytes: Buffer, chance: Chance): Buffer {
  return bytes.subarray(0, chance.below(bytes.length));
}

function repeat(bytes: Buffer, chance: Chance): Buffer {
  const { from, to } = stretch(bytes, chance);
  const times = chance.once(10) ? 50 : 1 + chance.below(3);
  const piece = bytes.subarray(from, to);
  return Buffer.concat([bytes.subarray(0, to), ...Array<Buffer>(times).fill(piece), bytes.subarray(to)]);
}

function splice(bytes: Buffer, chance: Chance, other: Buffer): Buffer {
  const { from, to } = stretch(bytes, chance);
  const there = stretch(other, chance);
  return Buffer.concat([bytes.subarray(0, from), other.subarray(there.from, there.to), bytes.subarray(to)]);
}

function insertText(bytes: Buffer, chance: Chance): Buffer {
  const at = chance.below(bytes.length + 1);
  const skip = chance.once(2) ? 0 : chance.below(12);
  const text = chance.once(12) ? Buffer.from([0xff, 0xfe, 0xc0, 0x80]) : Buffer.from(anyOf(oddTexts, chance) ?? "");
  return Buffer.concat([bytes.subarray(0, at), text, bytes.subarray(at + skip)]);
}

/** Another number in place of one that is written in digits. */
function digits(bytes: Buffer, chance: Chance): Buffer {
  const start = chance.below(bytes.length);
  const found = /\d+/.exec(bytes.toString("latin1", start, start + 2000));
  if (found === null) return setByte(bytes, chance);
  const from = start + found.index;
  const to = from + found[0].length;
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(anyOf(oddDigits, chance) ?? ""), bytes.subarray(to)]);
}

function stretch(bytes: Buffer, chance: Chance): { from: number; to: number } {
  const longest = chance.pick([4, 16, 64, 512, 4096]);
  const from = chance.below(bytes.length);
  return { from, to: Math.min(bytes.length, from + 1 + chance.below(longest)) };
}
