import { type BdbWriter, bdbWriter, pageHeader } from "./bdb-writer.ts";

/** How a test database is laid out. */
export interface BdbLayout {
  readonly order?: "big" | "little";
  readonly pageSize?: number;
  readonly version?: number;
  /** Hash: buckets, a power of two. Btree: leaves. */
  readonly parts?: number;
}

interface Item {
  readonly key: number;
  readonly value: Uint8Array;
}

type Encode = (file: BdbWriter, item: Item) => readonly [key: Buffer, value: Buffer];

/** A Berkeley DB hash `Packages` with packages numbered from 1 and the counter under 0, as rpm writes it. */
export function bdbHash(blobs: readonly Uint8Array[], layout: BdbLayout = {}): Buffer {
  const { order = "little", pageSize = 4096, parts = 2 } = layout;
  const file = bdbWriter({ order, pageSize });
  const items = itemsOf(file, blobs);
  // All buckets in a row behind the first page: every doubling is one page ahead.
  for (let bucket = 0; bucket < parts; bucket++) file.addPage(13);
  for (let bucket = 0; bucket < parts; bucket++) {
    const mine = items.filter(({ key }) => key % parts === bucket);
    fillChain(file, { first: bucket + 1, items: mine, encode: hashItem });
  }
  writeMeta(file, { magic: 0x061561, type: 8, layout });
  file.put32(file.page(0), 72, parts - 1, parts - 1, Math.max(0, parts / 2 - 1), 0, items.length);
  file.put32(file.page(0), 96, ...Array.from({ length: 32 }, () => 1));
  return file.bytes();
}

/** A Berkeley DB btree `Packages`: one root over its leaves. */
export function bdbBtree(blobs: readonly Uint8Array[], layout: BdbLayout = {}): Buffer {
  const { order = "little", pageSize = 4096, parts = 2 } = layout;
  const file = bdbWriter({ order, pageSize });
  const items = itemsOf(file, blobs);
  const root = file.addPage(3);
  const share = Math.ceil(items.length / parts);
  const leaves = Array.from({ length: parts }, (_, part) => {
    const leaf = file.addPage(5);
    const mine = items.slice(part * share, (part + 1) * share);
    file.fill(
      leaf,
      mine.flatMap((item) => btreeItem(file, item)),
    );
    return leaf;
  });
  file.fill(
    root,
    leaves.map((leaf) => Buffer.concat([Buffer.from([0, 0, 1, 0]), file.u32(leaf), Buffer.alloc(8)])),
  );
  writeMeta(file, { magic: 0x053162, type: 9, layout });
  file.put32(file.page(0), 88, root);
  return file.bytes();
}

function itemsOf(file: BdbWriter, blobs: readonly Uint8Array[]): Item[] {
  const counter = { key: 0, value: file.u32(blobs.length + 1) };
  return [counter, ...blobs.map((value, index) => ({ key: index + 1, value }))];
}

function writeMeta(file: BdbWriter, { magic, type, layout }: { magic: number; type: number; layout: BdbLayout }): void {
  const page = file.page(0);
  file.put32(page, 12, magic, layout.version ?? 9, file.pageSize);
  file.put32(page, 32, file.bytes().length / file.pageSize - 1);
  page[25] = type;
}

/** Fills a page and as many behind it as are needed. */
function fillChain(
  file: BdbWriter,
  { first, items, encode }: { readonly first: number; readonly items: readonly Item[]; readonly encode: Encode },
): void {
  let number = first;
  let left = items.flatMap((item) => encode(file, item));
  for (;;) {
    // A key never stands on another page than its value.
    const done = file.fill(number, left) & ~1;
    file.fill(number, left.slice(0, done));
    left = left.slice(done);
    if (left.length === 0) return;
    const next = file.addPage(file.page(first)[25] ?? 0);
    file.put32(file.page(number), 16, next);
    number = next;
  }
}

const hashItem: Encode = (file, { key, value }) => [
  Buffer.concat([Buffer.from([1]), file.u32(key)]),
  isLarge(file, value)
    ? Buffer.concat([Buffer.from([3, 0, 0, 0]), overflow(file, value)])
    : Buffer.concat([Buffer.from([1]), value]),
];

const btreeItem: Encode = (file, { key, value }) => [
  sized(file, file.u32(key)),
  isLarge(file, value) ? Buffer.concat([Buffer.from([0, 0, 3, 0]), overflow(file, value)]) : sized(file, value),
];

function sized(file: BdbWriter, value: Uint8Array): Buffer {
  const head = Buffer.from([0, 0, 1]);
  file.put16(head, 0, value.length);
  return Buffer.concat([head, value]);
}

function isLarge(file: BdbWriter, value: Uint8Array): boolean {
  return value.length > file.pageSize / 4;
}

/** Puts a value on a chain of pages of its own; answers its first page and length. */
function overflow(file: BdbWriter, value: Uint8Array): Buffer {
  const room = file.pageSize - pageHeader;
  const chain = Array.from({ length: Math.ceil(value.length / room) }, () => file.addPage(7));
  for (const [index, number] of chain.entries()) {
    const part = value.subarray(index * room, (index + 1) * room);
    const page = file.page(number);
    file.put32(page, 16, chain[index + 1] ?? 0);
    file.put16(page, 20, 1);
    file.put16(page, 22, part.length);
    page.set(part, pageHeader);
  }
  return Buffer.concat([file.u32(chain[0] ?? 0), file.u32(value.length)]);
}
