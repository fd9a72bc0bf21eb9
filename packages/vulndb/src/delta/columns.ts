import type { StoredRow } from "./read-trees.ts";
import { type Column, columnsOf } from "./record.ts";

/** What a cell of a tree holds. */
export const cellKinds = { null: 0, int: 1, raw: 2, absent: 3 } as const;

/** A row's cells; of a table the rowid comes first. */
export interface Cells {
  readonly record: Buffer;
  readonly columns: readonly Column[];
}

/** Takes a row apart. Throws LayoutFault. */
export function cellsOf({ rowid, record }: StoredRow): Cells {
  const columns = columnsOf(record);
  return { record, columns: rowid === null ? columns : [{ kind: "int", value: rowid }, ...columns] };
}

/** The cells of a whole tree, column beside column: what is needed to see which rows are which. */
export class CellTable {
  readonly width: number;
  #count = 0;
  #kinds: Uint8Array;
  #values: Float64Array;

  constructor(width: number) {
    this.width = width;
    this.#kinds = new Uint8Array(width * 1024);
    this.#values = new Float64Array(width * 1024);
  }

  get count(): number {
    return this.#count;
  }

  add({ record, columns }: Cells): void {
    const start = this.#count++ * this.width;
    if (start + this.width > this.#kinds.length) this.#grow();
    for (let column = 0; column < this.width; column++) {
      const cell = columns[column];
      this.#kinds[start + column] = cell === undefined ? cellKinds.absent : cellKinds[cell.kind];
      if (cell?.kind === "int") this.#values[start + column] = cell.value;
      if (cell?.kind === "raw") this.#values[start + column] = fingerprint(cell, record);
    }
  }

  kind(row: number, column: number): number {
    return this.#kinds[row * this.width + column] ?? cellKinds.absent;
  }

  /** A number itself; of bytes a fingerprint. */
  value(row: number, column: number): number {
    return this.#values[row * this.width + column] ?? 0;
  }

  #grow(): void {
    const [kinds, values] = [this.#kinds, this.#values];
    this.#kinds = new Uint8Array(kinds.length * 2);
    this.#values = new Float64Array(values.length * 2);
    this.#kinds.set(kinds);
    this.#values.set(values);
  }
}

type Raw = Extract<Column, { kind: "raw" }>;

/** Type, length and an FNV-1a hash in one exact number: equal bytes give equal numbers, others hardly ever. */
export function fingerprint({ serial, from, to }: Raw, record: Buffer): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (record[at] ?? 0), 0x01000193);
  return (serial % 2 ** 20) * 2 ** 32 + (hash >>> 0);
}

/** Loads a tree; `width` is that of its widest row. */
export function loadTable(rows: () => Iterable<StoredRow>): CellTable {
  let width = 1;
  for (const row of rows()) width = Math.max(width, cellsOf(row).columns.length);
  const table = new CellTable(width);
  for (const row of rows()) table.add(cellsOf(row));
  return table;
}
