import { crc32 } from "node:zlib";

/**
 * A gzip file that unpacks to itself: a program of deflate blocks that print bytes (stored) or print the last ones again
 * (a fixed Huffman block), each five bytes long, arranged so that what is printed is the program. Its checksum stands
 * within what it covers; a CRC is linear in its input, so that is a system of 32 equations. (RFC 1951, RFC 1952.)
 */
export function gzipQuine(): Buffer {
  // Some names make the equations contradict each other.
  for (const name of ["quin", "self", "same", "loop"]) {
    const solved = checksumOf((checksum) => fileWith(name, checksum));
    if (solved !== null) return fileWith(name, solved);
  }
  throw new Error("no name has a solution");
}

function fileWith(name: string, checksum: number): Buffer {
  const head = Buffer.concat([Buffer.from("1f8b0808000000000003", "hex"), Buffer.from(`${name}\0`)]);
  const tail = Buffer.alloc(13);
  tail.write("010000ffff", "hex");
  tail.writeUInt32LE(checksum >>> 0, 5);
  const print = (blocks: number, more = 0): Buffer => stored(5 * blocks + more);
  const [repeat4, repeatHead, repeatTail] = [repeated(20), repeated(head.length + 5), repeated(tail.length + 5)];
  const [print4, printHead, printTail] = [print(4), print(1, head.length), print(1, tail.length)];
  const [print1, nothing] = [print(1), print(0)];
  const program = [
    [head],
    [printHead, head, printHead],
    [repeatHead],
    [print1, repeatHead],
    [print1, print1],
    [print4, repeatHead, print1, print1, print4],
    [repeat4],
    [print4, repeat4, print4, repeat4, print4],
    [repeat4],
    [print4, repeat4, nothing, nothing, printTail],
    [repeat4],
    [nothing, nothing],
    [printTail, repeatTail, tail],
    [repeatTail],
    [tail],
  ].flat();
  const length = program.reduce((sum, part) => sum + part.length, 0);
  tail.writeUInt32LE(length, 9);
  return Buffer.concat(program);
}

/** A stored block's header: the next `length` bytes are printed. */
function stored(length: number): Buffer {
  const block = Buffer.alloc(5);
  block.writeUInt16LE(length, 1);
  block.writeUInt16LE(length ^ 0xffff, 3);
  return block;
}

/** A block of 40 bits that prints the last `length` bytes (17 to 20) again, in two halves. */
function repeated(length: number): Buffer {
  const half = length >> 1;
  const match = (part: number): string => bitsOf(part - 2, 7) + bitsOf(8, 5) + reversed(bitsOf(length - 17, 3));
  const bits = `010${match(half)}${match(length - half)}0000000`;
  const bytes = Array.from({ length: 5 }, (_, index) =>
    Number.parseInt(reversed(bits.slice(index * 8, index * 8 + 8)), 2),
  );
  return Buffer.from(bytes);
}

function bitsOf(value: number, count: number): string {
  return value.toString(2).padStart(count, "0");
}

function reversed(bits: string): string {
  return [...bits].reverse().join("");
}

/** The x for which the CRC of `file(x)` is x; `null` when there is none. */
function checksumOf(file: (checksum: number) => Buffer): number | null {
  const base = crc32(file(0));
  // What bit i of x does to CRC(x) xor x; each column carries along which bits it is made of.
  const columns = Array.from({ length: 32 }, (_, bit): Column => {
    const one = (1 << bit) >>> 0;
    return { value: (crc32(file(one)) ^ base ^ one) >>> 0, made: one };
  });
  const rest: Column = { value: base, made: 0 };
  for (let bit = 31; bit >= 0; bit--) {
    const pivot = columns.find(({ value }) => 31 - Math.clz32(value) === bit);
    if (pivot === undefined && isSet(rest, bit)) return null;
    if (pivot === undefined) continue;
    for (const column of [...columns, rest]) if (column !== pivot && isSet(column, bit)) addTo(column, pivot);
  }
  return rest.made;
}

type Column = { value: number; made: number };

function isSet({ value }: Column, bit: number): boolean {
  return ((value >>> bit) & 1) === 1;
}

function addTo(column: Column, pivot: Column): void {
  column.value = (column.value ^ pivot.value) >>> 0;
  column.made = (column.made ^ pivot.made) >>> 0;
}
