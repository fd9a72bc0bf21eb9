import { LayoutFault, pageBytes } from "./page-file.ts";
import type { PageWriter } from "./page-writer.ts";
import { localBytes, type StoredRow } from "./read-trees.ts";
import { varintOf } from "./varint.ts";

/** A cell as it lies in a page, without the pointer to a child. */
export type Cell = Buffer;

/** A leaf cell; what does not fit goes to overflow pages. */
export function cellOf(out: PageWriter, { rowid, record }: StoredRow): Cell {
  const local = localBytes(record.length, rowid !== null);
  const head = [...varintOf(record.length), ...(rowid === null ? [] : varintOf(rowid))];
  if (local === record.length) {
    const cell = Buffer.alloc(Math.max(4, head.length + local));
    cell.set(head);
    record.copy(cell, head.length);
    return cell;
  }
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(overflow(out, record.subarray(local)));
  return Buffer.concat([Buffer.from(head), record.subarray(0, local), tail]);
}

/** Writes a chain of overflow pages; its first page. */
function overflow(out: PageWriter, bytes: Buffer): number {
  const room = pageBytes - 4;
  const first = out.take();
  for (let number = first, at = 0; at < bytes.length; at += room) {
    const page = Buffer.alloc(pageBytes);
    bytes.copy(page, 4, at, Math.min(bytes.length, at + room));
    const next = at + room < bytes.length ? out.take() : 0;
    page.writeUInt32BE(next);
    out.put(number, page);
    number = next;
  }
  return first;
}

/** A leaf being filled. */
export class Leaf {
  readonly #out: PageWriter;
  readonly #cells: Cell[] = [];
  #left = pageBytes - 8;

  constructor(out: PageWriter) {
    this.#out = out;
  }

  /** False when the cell does not fit any more. */
  add(cell: Cell): boolean {
    if (cell.length + 2 > this.#left) return false;
    this.#cells.push(cell);
    this.#left -= cell.length + 2;
    return true;
  }

  pop(): Cell {
    const cell = this.#cells.pop();
    if (cell === undefined) throw new LayoutFault("an empty leaf");
    return cell;
  }

  write(isTable: boolean): number {
    const number = this.#out.take();
    this.#out.put(number, pageOf({ type: isTable ? 13 : 10, cells: this.#cells, right: null, head: 0 }));
    return number;
  }
}

export interface PagePlan {
  readonly type: number;
  readonly cells: readonly Buffer[];
  /** Child behind the last cell; `null` in leaves. */
  readonly right: number | null;
  /** Bytes kept free at the start. */
  readonly head: number;
}

/** File format, section 1.6: cells are laid from the end of the page towards its head. */
export function pageOf({ type, cells, right, head }: PagePlan): Buffer {
  const page = Buffer.alloc(pageBytes);
  page.writeUInt8(type, head);
  page.writeUInt16BE(cells.length, head + 3);
  if (right !== null) page.writeUInt32BE(right, head + 8);
  const pointers = head + (right === null ? 8 : 12);
  let at = pageBytes;
  cells.forEach((cell, index) => {
    at -= cell.length;
    cell.copy(page, at);
    page.writeUInt16BE(at, pointers + 2 * index);
  });
  page.writeUInt16BE(at, head + 5);
  return page;
}
