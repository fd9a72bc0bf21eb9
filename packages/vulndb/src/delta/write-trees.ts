import { setImmediate } from "node:timers/promises";
import { LayoutFault, pageBytes } from "./page-file.ts";
import { PageWriter } from "./page-writer.ts";
import type { SchemaEntry, StoredRow, Trees } from "./read-trees.ts";
import { recordOf, textValue } from "./record.ts";
import { type Cell, cellOf, Leaf, pageOf } from "./tree-page.ts";
import { varintOf } from "./varint.ts";

/** An entry of the schema with its rows, in the order of their keys. */
export interface TreeContent extends Omit<SchemaEntry, "root"> {
  /** `null` for what has no tree (a view). */
  readonly tree: Tree | null;
}

export interface Tree {
  /** Whether its rows have rowids. */
  readonly isTable: boolean;
  readonly rows: Iterable<StoredRow>;
}

/** What a file holds, ready to be written again. */
export function contentsOf(trees: Trees): TreeContent[] {
  return trees.schema.map((entry) => ({ ...entry, tree: entry.root === 0 ? null : treeAt(trees, entry.root) }));
}

function treeAt(trees: Trees, root: number): Tree {
  return { isTable: trees.isTable(root), rows: trees.rows(root) };
}

export interface FileContent {
  /** First 100 bytes: application id, user version and the like; counts and change counters are ours. */
  readonly header: Uint8Array;
  readonly contents: Iterable<TreeContent>;
  /** Largest file to write, bytes. */
  readonly limitBytes: number;
}

/**
 * Writes a SQLite file in the one layout that follows from its rows: trees in the order of the schema, pages filled to
 * the last cell that fits, keys in order, no free page, unused bytes zero. The same rows give the same bytes, whatever
 * version of SQLite made them. Throws LayoutFault.
 */
export async function writeTrees(path: string, { header, contents, limitBytes }: FileContent): Promise<void> {
  using out = new PageWriter(path, limitBytes);
  const schema: StoredRow[] = [];
  out.take(); // page 1 is written last, when the roots are known
  for (const { type, name, table, sql, tree } of contents) {
    // A table takes seconds: signals, and whoever waits for our lock, get their turn in between.
    await setImmediate();
    const root = tree === null ? 0 : writeTree(out, tree);
    const values = [textValue(type), textValue(name), textValue(table), root, sql === null ? null : textValue(sql)];
    schema.push({ rowid: schema.length + 1, record: recordOf(values) });
  }
  writeFirstPage(out, header, schema);
}

function writeTree(out: PageWriter, tree: Tree): number {
  const level = writeLeaves(out, tree);
  return writeUp(out, level);
}

/** Pages of one level, and between each two the cell (of a table: the key) that parts them. */
interface Level {
  readonly isTable: boolean;
  readonly pages: readonly number[];
  readonly dividers: readonly Cell[];
}

function writeLeaves(out: PageWriter, { isTable, rows }: Tree): Level {
  const leaves = new Leaves(out, isTable);
  for (const row of rows) leaves.add(row);
  return leaves.end();
}

/** The lowest level, row by row. */
class Leaves {
  readonly #out: PageWriter;
  readonly #pages: number[] = [];
  readonly #dividers: Cell[] = [];
  readonly #isTable: boolean;
  #leaf: Leaf;
  #lastRowid = 0;
  /** Of an index: the row that did not fit, which parts two leaves once there is a row behind it. */
  #parting: Cell | null = null;

  constructor(out: PageWriter, isTable: boolean) {
    this.#out = out;
    this.#isTable = isTable;
    this.#leaf = new Leaf(out);
  }

  add(row: StoredRow): void {
    if (this.#isTable !== (row.rowid !== null)) throw new LayoutFault("a row of another kind");
    const cell = cellOf(this.#out, row);
    if (this.#parting !== null) this.#finish(this.#parting);
    this.#parting = null;
    if (!this.#leaf.add(cell)) this.#overflowing(cell);
    this.#lastRowid = row.rowid ?? 0;
  }

  end(): Level {
    const parting = this.#parting;
    if (parting !== null) {
      this.#finish(this.#leaf.pop());
      this.#leaf.add(parting);
    }
    this.#pages.push(this.#leaf.write(this.#isTable));
    return { isTable: this.#isTable, pages: this.#pages, dividers: this.#dividers };
  }

  #overflowing(cell: Cell): void {
    if (!this.#isTable) {
      this.#parting = cell;
      return;
    }
    this.#finish(Buffer.from(varintOf(this.#lastRowid)));
    this.#leaf.add(cell);
  }

  #finish(divider: Cell): void {
    this.#pages.push(this.#leaf.write(this.#isTable));
    this.#dividers.push(divider);
    this.#leaf = new Leaf(this.#out);
  }
}

/** Levels of inner pages until one page is left: the root. */
function writeUp(out: PageWriter, level: Level): number {
  const [root = 0, ...others] = level.pages;
  return others.length === 0 ? root : writeUp(out, innerLevel(out, level));
}

function innerLevel(out: PageWriter, { isTable, pages, dividers }: Level): Level {
  const above: { pages: number[]; dividers: Cell[] } = { pages: [], dividers: [] };
  for (let start = 0; start < pages.length; ) {
    const end = lastChild({ isTable, pages, dividers }, start);
    const cells = dividers.slice(start, end).map((divider, index) => withChild(pages[start + index] ?? 0, divider));
    const number = out.take();
    out.put(number, pageOf({ type: isTable ? 5 : 2, cells, right: pages[end] ?? 0, head: 0 }));
    above.pages.push(number);
    const divider = dividers[end];
    if (divider !== undefined) above.dividers.push(divider);
    start = end + 1;
  }
  return { isTable, ...above };
}

/** Index of the last child of an inner page that starts with child `start`; never leaves one child alone behind it. */
function lastChild({ pages, dividers }: Level, start: number): number {
  let left = pageBytes - 12;
  let end = start;
  for (; end < pages.length - 1; end++) {
    left -= 4 + (dividers[end]?.length ?? 0) + 2;
    if (left < 0) break;
  }
  return end === pages.length - 2 ? end - 1 : end;
}

function withChild(child: number, divider: Cell): Buffer {
  const cell = Buffer.alloc(4 + divider.length);
  cell.writeUInt32BE(child);
  divider.copy(cell, 4);
  return cell;
}

/** The schema's tree has its root on page 1, behind the file's header. */
function writeFirstPage(out: PageWriter, header: Uint8Array, schema: readonly StoredRow[]): void {
  const cells = schema.map((row) => cellOf(out, row));
  const fits = cells.reduce((sum, cell) => sum + cell.length + 2, 108) <= pageBytes;
  const page = fits ? pageOf({ type: 13, cells, right: null, head: 100 }) : innerFirstPage(out, schema);
  page.set(header.subarray(0, 100));
  page.writeUInt32BE(1, 24); // change counter, and below the counter for which the page count is valid
  page.writeUInt32BE(out.count, 28);
  page.fill(0, 32, 40); // no free pages
  page.writeUInt32BE(1, 92);
  out.put(1, page);
}

function innerFirstPage(out: PageWriter, schema: readonly StoredRow[]): Buffer {
  const { pages, dividers } = writeLeaves(out, { isTable: true, rows: schema });
  const cells = dividers.map((divider, index) => withChild(pages[index] ?? 0, divider));
  if (cells.reduce((sum, cell) => sum + cell.length + 2, 112) > pageBytes) throw new LayoutFault("too large a schema");
  return pageOf({ type: 5, cells, right: pages.at(-1) ?? 0, head: 100 });
}
