import { sliceOf } from "../byte-fields.ts";
import type { Damage } from "../damage.ts";
import type { BdbMetadata } from "./metadata.ts";
import { type BdbPage, type BdbPages, itemOffsets, overflowItem, pageTypes } from "./pages.ts";

/** A key and its value; a value that cannot be read is `null` (noted). */
export interface Pair {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** What a walk over a database needs. */
export interface PairScan {
  readonly meta: BdbMetadata;
  readonly pages: BdbPages;
  readonly damage: Damage;
}

const inPlace = 1;
const offPage = 3;

/** All pairs of a hash database, bucket by bucket (Berkeley DB, hash/hash_page.c). */
export function* hashPairs(scan: PairScan): Generator<Pair> {
  for (const first of bucketPages(scan)) {
    yield* chainPairs(first, scan);
    if (scan.damage.isHopeless()) return;
  }
}

/** First page of every bucket (BUCKET_TO_PAGE): buckets double, and each doubling moves them on by what lies between. */
function* bucketPages({ meta, pages, damage }: PairScan): Generator<number> {
  const buckets = Math.min(meta.maxBucket + 1, pages.count);
  if (buckets <= meta.maxBucket) damage.add(`${meta.maxBucket + 1} buckets named, ${pages.count} pages there`);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const doubling = bucket === 0 ? 0 : 32 - Math.clz32(bucket);
    yield bucket + (meta.spares[doubling] ?? 0);
  }
}

function* chainPairs(first: number, scan: PairScan): Generator<Pair> {
  for (let number = first; number !== 0; ) {
    const page = scan.pages.take(number);
    if (page === null) return;
    yield* pairsOn(page, scan);
    if (scan.damage.isHopeless()) return;
    number = page.next;
  }
}

function* pairsOn(page: BdbPage, { pages, damage }: PairScan): Generator<Pair> {
  if (page.type === pageTypes.invalid && page.entries === 0 && page.fields.u32(8) === 0) return;
  if (page.type !== pageTypes.hash && page.type !== pageTypes.unsortedHash) {
    damage.add(`page ${page.number} is not a hash page`);
    return;
  }
  const offsets = itemOffsets(page, { size: pages.size, damage });
  // Items are laid from the page's end downwards: each ends where the one before it starts.
  const itemAt = (index: number): Uint8Array | null => {
    const start = offsets?.[index] ?? 0;
    const end = index === 0 ? pages.size : (offsets?.[index - 1] ?? 0);
    return sliceOf(page.fields.bytes, start, end - start);
  };
  for (let index = 0; index + 1 < (offsets?.length ?? 0); index += 2) {
    const key = itemAt(index);
    const value = itemAt(index + 1);
    if (key === null || value === null || key[0] !== inPlace) damage.add(`page ${page.number} has a broken index`);
    else
      yield { key: key.subarray(1), value: contentOf(value, { page, at: offsets?.[index + 1] ?? 0, pages, damage }) };
    if (damage.isHopeless()) return;
  }
}

interface Place {
  readonly page: BdbPage;
  readonly at: number;
  readonly pages: BdbPages;
  readonly damage: Damage;
}

function contentOf(item: Uint8Array, { page, at, pages, damage }: Place): Uint8Array | null {
  if (item[0] === inPlace) return item.subarray(1);
  if (item[0] === offPage && item.length >= 12) {
    const { u32 } = page.fields;
    return overflowItem(pages, { first: u32(at + 4), length: u32(at + 8), damage });
  }
  damage.add(`page ${page.number} holds a value of unknown kind`);
  return null;
}
