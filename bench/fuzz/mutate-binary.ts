import { anyOf, type Chance } from "./chance.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import type { Mutator } from "./target.ts";

const block = 512;
type Field = readonly [start: number, length: number];
/** Where a tar header's fields lie: start and length (POSIX pax, "ustar Interchange Format"). */
const fields = {
  name: [0, 100],
  mode: [100, 8],
  size: [124, 12],
  type: [156, 1],
  link: [157, 100],
  prefix: [345, 155],
} as const;
const likely: readonly [Field, ...Field[]] = [fields.name, fields.size, fields.size, ...Object.values(fields)];
const types = [..."01234567gxLKSDMVXA\0"];

/** Headers and blocks of a tar; checksums are made right again nearly always, so that what is behind them is met. */
export const mutateTar: Mutator = (input, { chance, other }) => {
  let tar: Buffer = Buffer.from(input);
  const kind = chance.below(6);
  const headers = headersOf(tar);
  const at = anyOf(headers, chance) ?? 0;
  if (kind < 3) changeField(tar.subarray(at, at + block), chance);
  else if (kind === 3) tar = moveBlocks(tar, chance, tar);
  else if (kind === 4) tar = moveBlocks(tar, chance, other);
  else tar = mutateBytes(tar, { chance, other });
  if (!chance.once(20)) for (const header of headersOf(tar)) repairChecksum(tar.subarray(header, header + block));
  return tar;
};

function headersOf(tar: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + block <= tar.length; at += block) {
    if (tar.toString("latin1", at + 257, at + 262) === "ustar") found.push(at);
  }
  return found;
}

function changeField(header: Buffer, chance: Chance): void {
  if (header.length < block) return;
  const [start, length] = chance.pick(likely);
  const field = header.subarray(start, start + length);
  if (length === 1) field.write(anyOf(types, chance) ?? "0", "latin1");
  else if (length <= 12) writeNumber(field, chance);
  else
    field.write(
      chance.pick(["../../a", "/a", "a/../b", "", ".wh.x", ".wh..wh..opq", "a\0b", "./", "etc/passwd", "\xff"]),
      "latin1",
    );
}

function writeNumber(field: Buffer, chance: Chance): void {
  if (chance.once(4)) {
    field.fill(chance.pick([0, 0xff]));
    field[0] = chance.pick([0x80, 0xff]);
    field[field.length - 1] = chance.below(256);
    return;
  }
  const value = chance.pick([0, 1, block - 1, block, block + 1, chance.below(5000), 0o77777777777]).toString(8);
  field.write(value.padStart(field.length - 1, "0").slice(-field.length), "latin1");
}

function moveBlocks(tar: Buffer, chance: Chance, from: Buffer): Buffer {
  const source = chance.below(from.length / block) * block;
  const blocks = from.subarray(source, source + block * (1 + chance.below(3)));
  const at = chance.below(tar.length / block) * block;
  return Buffer.concat([tar.subarray(0, at), blocks, tar.subarray(at + (chance.once(2) ? blocks.length : 0))]);
}

function repairChecksum(header: Buffer): void {
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}

/** The numbers of zip records: offset within the record, length (PKWARE APPNOTE.TXT 4.3). */
const zipRecords: readonly (readonly [signature: string, numbers: readonly (readonly [number, number])[]])[] = [
  [
    "PK\u0003\u0004",
    [
      [6, 2],
      [8, 2],
      [14, 4],
      [18, 4],
      [22, 4],
      [26, 2],
      [28, 2],
    ],
  ],
  [
    "PK\u0001\u0002",
    [
      [8, 2],
      [10, 2],
      [16, 4],
      [20, 4],
      [24, 4],
      [28, 2],
      [30, 2],
      [32, 2],
      [38, 4],
      [42, 4],
    ],
  ],
  [
    "PK\u0005\u0006",
    [
      [4, 2],
      [8, 2],
      [10, 2],
      [12, 4],
      [16, 4],
      [20, 2],
    ],
  ],
  [
    "PK\u0006\u0006",
    [
      [32, 4],
      [40, 4],
      [48, 4],
    ],
  ],
  ["PK\u0006\u0007", [[8, 4]]],
];

/** Numbers of a zip's records, or the end of another one behind it; else bytes. */
export const mutateZip: Mutator = (input, { chance, other }) => {
  if (chance.once(8)) return withEnd(input, { chance, other });
  const [signature, numbers] = anyOf(zipRecords, chance) ?? ["", []];
  const at = input.indexOf(signature, chance.below(input.length), "latin1");
  const [offset, size] = anyOf(numbers, chance) ?? [0, 0];
  if (at < 0 || at + offset + size > input.length || size === 0) return mutateBytes(input, { chance, other });
  const zip = Buffer.from(input);
  const old = zip.readUIntLE(at + offset, size);
  const value = chance.pick([
    0,
    1,
    old + 1,
    Math.max(0, old - 1),
    8,
    0xffff,
    0xffffffff,
    0xfffffffe,
    chance.below(zip.length),
    zip.length,
  ]);
  zip.writeUIntLE(value % 2 ** (8 * size), at + offset, size);
  return zip;
};

/** The end record of another zip, or one that speaks of nothing, behind this one, with a few bytes more or in its comment. */
function withEnd(input: Buffer, { chance, other }: Parameters<Mutator>[1]): Buffer {
  const borrowed = other.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  const isBorrowed = borrowed >= 0 && chance.once(2);
  const end = isBorrowed ? other.subarray(borrowed) : Buffer.from(`PK\u0005\u0006${"\0".repeat(18)}`, "latin1");
  const longer = Buffer.concat([input, end, Buffer.alloc(chance.below(4), 1)]);
  const own = input.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  if (own >= 0 && own + 22 <= input.length && chance.once(2))
    longer.writeUInt16LE((longer.length - own - 22) & 0xffff, own + 20);
  return longer;
}

/** Pages of a database: their heads, their places, the numbers that lead from one to another. */
export const mutatePages: Mutator = (input, { chance, other }) => {
  const size = chance.pick([512, 1024, 4096, 4096]);
  if (input.length < size || other.length < size) return mutateBytes(input, { chance, other });
  const pages = Math.floor(input.length / size);
  const page = chance.below(pages) * size;
  const bytes = Buffer.from(input);
  const kind = chance.below(5);
  if (kind < 2) {
    const donor = kind === 0 ? bytes : other;
    const from = chance.below(donor.length / size) * size;
    donor.copy(bytes, page, from, from + size);
  }
  if (kind === 2) bytes.fill(chance.pick([0, 0xff, 1]), page, page + 1 + chance.below(size));
  if (kind === 3) return mutateBytes(bytes, { chance, other });
  if (kind === 4) changeHead(bytes, page, { chance, pages });
  return bytes;
};

/** Structure stands in a page's first bytes; numbers of pages are small. */
function changeHead(bytes: Buffer, page: number, { chance, pages }: { chance: Chance; pages: number }): void {
  const width = chance.pick([1, 2, 4] as const);
  const at = page + chance.below(chance.pick([32, 32, 120]));
  if (at + width > bytes.length) return;
  const value =
    chance.pick([0, 1, chance.below(pages + 2), chance.below(256), 0xffffffff, bytes.length]) % 2 ** (8 * width);
  if (chance.once(2)) bytes.writeUIntLE(value, at, width);
  else bytes.writeUIntBE(value, at, width);
}
