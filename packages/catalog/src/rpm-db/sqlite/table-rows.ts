import type { ByteFields } from "../byte-fields.ts";
import type { Damage } from "../damage.ts";
import type { SqlitePages } from "./pages.ts";
import { readVarint } from "./record.ts";

/** Where to look and what to keep of it. */
export interface TableScan {
  readonly pages: SqlitePages;
  readonly damage: Damage;
  /** Pages already used, by any table: none may be used twice, so loops and shared pages end the walk. */
  readonly used: Set<number>;
}

const interior = 5;
const leaf = 13;

/**
 * The records of a table in key order (sqlite.org/fileformat2.html, 1.6 "B-tree Pages", 1.7 overflow). Pages that are
 * missing, of another kind or reached twice are noted and left out; all others are read.
 */
export function* tableRows(root: number, scan: TableScan): Generator<Uint8Array> {
  const waiting = [root];
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    if (scan.damage.isHopeless()) return;
    const page = takePage(number, scan);
    if (page === null) continue;
    // Page 1 starts with the file's header.
    const start = number === 1 ? 100 : 0;
    if (looksEmptied({ page, number, start }, scan)) scan.damage.add(`page ${number} lost its rows`);
    switch (page.u8(start)) {
      case interior:
        waiting.push(...childrenOf({ page, number, start }, scan).reverse());
        break;
      case leaf:
        yield* recordsOf({ page, number, start }, scan);
        break;
      default:
        scan.damage.add(`page ${number} is not a table page`);
    }
  }
}

interface TreePage {
  readonly page: ByteFields;
  readonly number: number;
  /** Where the page's own header starts. */
  readonly start: number;
}

function takePage(number: number, { pages, damage, used }: TableScan): ByteFields | null {
  const page = used.has(number) ? null : pages.page(number);
  if (page === null) damage.add(used.has(number) ? `page ${number} used twice` : `page ${number} missing`);
  used.add(number);
  return page;
}

/** A page without cells is the leaf of an empty table, and then its content starts at its end (0 for 65536). */
function looksEmptied({ page, start }: TreePage, { pages }: TableScan): boolean {
  return page.u16(start + 3) === 0 && page.u16(start + 5) !== (pages.usable & 0xffff);
}

function childrenOf(tree: TreePage, scan: TableScan): number[] {
  const { page, start } = tree;
  return [...cellsOf(tree, { header: 12, scan }).map((at) => page.u32(at)), page.u32(start + 8)];
}

/** Offsets of the cells of a page; ones that point outside it are noted. */
function cellsOf({ page, number, start }: TreePage, { header, scan }: { header: number; scan: TableScan }): number[] {
  const count = page.u16(start + 3);
  const first = start + header;
  if (first + count * 2 > scan.pages.usable) {
    scan.damage.add(`page ${number} counts too many cells`);
    return [];
  }
  const offsets = Array.from({ length: count }, (_, index) => page.u16(first + index * 2));
  const believed = offsets.filter((at) => at >= first + count * 2 && at + 4 <= scan.pages.usable);
  if (believed.length < count) scan.damage.add(`page ${number} points outside itself`);
  return believed;
}

function* recordsOf(tree: TreePage, scan: TableScan): Generator<Uint8Array> {
  for (const at of cellsOf(tree, { header: 8, scan })) {
    const record = recordAt(tree.page, at, scan);
    if (record === null) scan.damage.add(`page ${tree.number} holds a row that cannot be read`);
    else yield record;
    if (scan.damage.isHopeless()) return;
  }
}

function recordAt(page: ByteFields, cell: number, scan: TableScan): Uint8Array | null {
  const { usable } = scan.pages;
  const length = readVarint(page.bytes, cell);
  const rowId = readVarint(page.bytes, length.next);
  const local = localBytes(length.value, usable);
  const end = rowId.next + local;
  if (local === length.value) return end > usable ? null : page.bytes.subarray(rowId.next, end);
  if (end + 4 > usable) return null;
  return withOverflow(page.bytes.subarray(rowId.next, end), { total: length.value, next: page.u32(end), scan });
}

/** How much of a record a leaf keeps itself (fileformat2, 1.6: X, M and K of its rule). */
function localBytes(total: number, usable: number): number {
  if (total <= usable - 35) return total;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitted = least + ((total - least) % (usable - 4));
  return fitted <= usable - 35 ? fitted : least;
}

function withOverflow(
  local: Uint8Array,
  { total, next, scan }: { readonly total: number; readonly next: number; readonly scan: TableScan },
): Uint8Array | null {
  const parts = [local];
  let left = total - local.length;
  let number = next;
  while (left > 0) {
    const page = number === 0 ? null : takePage(number, scan);
    if (page === null) return null;
    const part = page.bytes.subarray(4, Math.min(scan.pages.usable, 4 + left));
    parts.push(part);
    left -= part.length;
    number = page.u32(0);
  }
  return Buffer.concat(parts);
}
