import type { Damage } from "../damage.ts";
import { btreePairs } from "./btree-pairs.ts";
import { hashPairs } from "./hash-pairs.ts";
import { type BdbMetadata, bdbMetadata } from "./metadata.ts";
import { bdbPages } from "./pages.ts";

/** Whether a file starts like a Berkeley DB hash or btree, of either byte order. */
export function isBdb(bytes: Uint8Array): boolean {
  return bdbMetadata(bytes) !== null;
}

const counterBytes = 4;

/**
 * Package headers of a Berkeley DB `Packages`: values by package number, 4 bytes in the machine's order. Number 0 keeps
 * the next free number, 4 bytes too, and is no package (rpm, lib/backend/bdb_ro.c).
 */
export function* bdbHeaderBlobs(bytes: Uint8Array, damage: Damage): Generator<Uint8Array> {
  const meta = bdbMetadata(bytes);
  if (meta === null || meta.obstacle !== null) return damage.add(meta?.obstacle ?? "no valid first page");
  const { pageSize: size, order } = meta;
  const scan = { meta, pages: bdbPages(bytes, { size, order, damage }), damage };
  let pairs = 0;
  for (const { key, value } of meta.kind === "hash" ? hashPairs(scan) : btreePairs(scan)) {
    pairs += 1;
    const isCounter = value?.length === counterBytes && key.every((byte) => byte === 0);
    if (value !== null && !isCounter) yield value;
  }
  noteLoss(meta, pairs, damage);
}

/** A page of zeros is a valid empty bucket; that it once held packages shows only in the count. */
function noteLoss(meta: BdbMetadata, pairs: number, damage: Damage): void {
  if (pairs < meta.pairs) damage.add(`${meta.pairs} entries counted, ${pairs} found`);
}
