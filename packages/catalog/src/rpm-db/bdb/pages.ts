import { type ByteFields, byteFields, sliceOf } from "../byte-fields.ts";
import type { Damage } from "../damage.ts";

/** One page of a Berkeley DB file, its header read. */
export interface BdbPage {
  readonly fields: ByteFields;
  /** Number it is known by; `next` continues its chain (0: last). */
  readonly number: number;
  readonly next: number;
  /** Items on it; `free` is where they end, on overflow pages how many bytes of content follow the header. */
  readonly entries: number;
  readonly free: number;
  readonly type: number;
}

/** A file's pages, each given once. */
export interface BdbPages {
  readonly size: number;
  readonly count: number;
  /** `null` (noted) when it is missing or was given before, as in a loop or in two chains. */
  take(number: number): BdbPage | null;
}

/** Bytes of every page's header (Berkeley DB, dbinc/db_page.h, PAGE). */
const pageHeader = 26;

/** Page types (dbinc/db_page.h). */
export const pageTypes = {
  invalid: 0,
  unsortedHash: 2,
  interiorBtree: 3,
  leafBtree: 5,
  overflow: 7,
  hashMeta: 8,
  btreeMeta: 9,
  hash: 13,
} as const;

/** Pages of a file that are `size` bytes each, in one byte order. */
export function bdbPages(
  bytes: Uint8Array,
  { size, order, damage }: { readonly size: number; readonly order: "big" | "little"; readonly damage: Damage },
): BdbPages {
  const used = new Set<number>();
  return {
    size,
    count: Math.floor(bytes.length / size),
    take(number) {
      const page = used.has(number) ? null : sliceOf(bytes, number * size, size);
      if (page === null) {
        damage.add(used.has(number) ? `page ${number} used twice` : `page ${number} missing`);
        return null;
      }
      used.add(number);
      return readPage(byteFields(page, order), { number, damage });
    },
  };
}

function readPage(fields: ByteFields, { number, damage }: { number: number; damage: Damage }): BdbPage {
  const own = fields.u32(8);
  const type = fields.u8(25);
  // Buckets are made in groups; until its first use a page is all zero.
  const isUnused = own === 0 && type === pageTypes.invalid;
  if (own !== number && !isUnused) damage.add(`page ${number} says it is page ${own}`);
  return { fields, number, next: fields.u32(16), entries: fields.u16(20), free: fields.u16(22), type };
}

/** Offsets of a page's items, in the order of its index; `null` (noted) when the index cannot be true or whole. */
export function itemOffsets(page: BdbPage, { size, damage }: { size: number; damage: Damage }): number[] | null {
  const first = pageHeader + page.entries * 2;
  if (first <= size) {
    const offsets = Array.from({ length: page.entries }, (_, index) => page.fields.u16(pageHeader + index * 2));
    const isInside = offsets.every((offset) => offset >= first && offset < size);
    // The page keeps where its items end (0 for 65536): an item that was lost from the index shows there.
    const end = offsets.reduce((least, offset) => Math.min(least, offset), size);
    if (isInside && (end & 0xffff) === page.free) return offsets;
  }
  damage.add(`page ${page.number} has a broken index`);
  return null;
}

/** The content of an overflow chain: `length` bytes from page `first` on; `null` (noted) when it breaks off. */
export function overflowItem(
  pages: BdbPages,
  { first, length, damage }: { readonly first: number; readonly length: number; readonly damage: Damage },
): Uint8Array | null {
  const parts: Uint8Array[] = [];
  let left = length;
  for (let number = first; left > 0; ) {
    const page = number === 0 ? null : pages.take(number);
    const part = page === null ? null : contentOf(page, left);
    if (page === null || part === null) {
      damage.add(`a package breaks off at page ${number}`);
      return null;
    }
    parts.push(part);
    left -= part.length;
    number = page.next;
  }
  return parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts);
}

function contentOf(page: BdbPage, left: number): Uint8Array | null {
  if (page.type !== pageTypes.overflow || page.free === 0) return null;
  return sliceOf(page.fields.bytes, pageHeader, Math.min(page.free, left));
}
