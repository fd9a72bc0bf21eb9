import { sliceOf } from "../byte-fields.ts";
import type { Pair, PairScan } from "./hash-pairs.ts";
import { type BdbPage, itemOffsets, overflowItem, pageTypes } from "./pages.ts";

const inPlace = 1;
const overflow = 3;
const deleted = 0x80;

/** All pairs of a btree database in key order (Berkeley DB, dbinc/db_page.h: BINTERNAL, BKEYDATA, BOVERFLOW). */
export function* btreePairs(scan: PairScan): Generator<Pair> {
  const { pages, damage } = scan;
  const waiting = [scan.meta.root];
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    if (damage.isHopeless()) return;
    const page = pages.take(number);
    if (page === null) continue;
    const offsets = itemOffsets(page, { size: pages.size, damage }) ?? [];
    if (page.type === pageTypes.interiorBtree) waiting.push(...childrenOf(page, offsets, scan).reverse());
    else if (page.type === pageTypes.leafBtree) yield* pairsOn(page, offsets, scan);
    else damage.add(`page ${number} is not a btree page`);
  }
}

function childrenOf(page: BdbPage, offsets: readonly number[], { pages, damage }: PairScan): number[] {
  const whole = offsets.filter((at) => at + 8 <= pages.size);
  if (whole.length < offsets.length) damage.add(`page ${page.number} points outside itself`);
  return whole.map((at) => page.fields.u32(at + 4));
}

function* pairsOn(page: BdbPage, offsets: readonly number[], scan: PairScan): Generator<Pair> {
  for (let index = 0; index + 1 < offsets.length; index += 2) {
    const [keyAt = 0, valueAt = 0] = [offsets[index], offsets[index + 1]];
    if (isDeleted(page, valueAt)) continue;
    const key = itemAt(page, keyAt, scan);
    if (key !== null) yield { key, value: itemAt(page, valueAt, scan) };
    if (scan.damage.isHopeless()) return;
  }
}

function isDeleted(page: BdbPage, at: number): boolean {
  return ((page.fields.bytes[at + 2] ?? 0) & deleted) !== 0;
}

function itemAt(page: BdbPage, at: number, { pages, damage }: PairScan): Uint8Array | null {
  const { bytes, u16, u32 } = page.fields;
  const type = (bytes[at + 2] ?? 0) & ~deleted;
  if (type === overflow && at + 12 <= pages.size) {
    return overflowItem(pages, { first: u32(at + 4), length: u32(at + 8), damage });
  }
  const item = type === inPlace ? sliceOf(bytes, at + 3, u16(at)) : null;
  if (item === null) damage.add(`page ${page.number} holds an item that cannot be read`);
  return item;
}
