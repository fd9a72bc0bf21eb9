import { LayoutFault, PageFile, pageBytes } from "./page-file.ts";
import { type Column, columnsOf } from "./record.ts";
import { readVarint } from "./varint.ts";

/** A row as its tree stores it: `rowid` in tables, `null` in indexes and tables without one. */
export interface StoredRow {
  readonly rowid: number | null;
  /** The record (file format, section 2.1), overflow pages joined. */
  readonly record: Buffer;
}

/** One entry of the schema; `root` is 0 for what has no tree. */
export interface SchemaEntry {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly root: number;
  /** `null` for an index that SQLite made by itself. */
  readonly sql: string | null;
}

const deepest = 20;
const tableLeaf = 13;
const tableInterior = 5;
const indexLeaf = 10;
const indexInterior = 2;
const nodeTypes: ReadonlySet<number> = new Set([tableLeaf, tableInterior, indexLeaf, indexInterior]);

/** Trees of a SQLite file. What is not laid out as the format says throws LayoutFault. */
export class Trees implements Disposable {
  readonly schema: readonly SchemaEntry[];
  readonly #pages: PageFile;

  constructor(path: string, limitBytes: number) {
    this.#pages = new PageFile(path, limitBytes);
    try {
      this.schema = [...this.rows(1)].map(schemaEntry);
    } catch (thrown) {
      this.#pages[Symbol.dispose]();
      throw thrown;
    }
  }

  /** The first 100 bytes. */
  header(): Buffer {
    return Buffer.from(this.#pages.page(1).subarray(0, 100));
  }

  /** Whether the tree at a root page has rowids. */
  isTable(root: number): boolean {
    const { type } = nodeOf(this.#pages.page(root), root);
    return type === tableLeaf || type === tableInterior;
  }

  /** Rows of the tree at a root page, in the order of their keys. */
  *rows(root: number): Generator<StoredRow, void, undefined> {
    yield* this.#walk(root, { depth: 0, seen: new Set() });
  }

  [Symbol.dispose](): void {
    this.#pages[Symbol.dispose]();
  }

  *#walk(number: number, { depth, seen }: Walk): Generator<StoredRow, void, undefined> {
    if (depth > deepest || seen.has(number)) throw new LayoutFault("a tree that loops");
    seen.add(number);
    // A copy: pages read on the way may push this one out.
    const { page, type, cells, right } = nodeOf(Buffer.from(this.#pages.page(number)), number);
    const below = { depth: depth + 1, seen };
    for (const at of cells) {
      if (right !== null) yield* this.#walk(page.readUInt32BE(at), below);
      if (type !== tableInterior) yield this.#row(page, right === null ? at : at + 4, type === tableLeaf);
    }
    if (right !== null) yield* this.#walk(right, below);
  }

  #row(page: Buffer, at: number, isTable: boolean): StoredRow {
    const size = readVarint(page, at);
    const rowid = isTable ? readVarint(page, size.next) : null;
    const from = rowid?.next ?? size.next;
    const local = localBytes(size.value, isTable);
    if (from + local > pageBytes) throw new LayoutFault("a cell that leaves its page");
    const head = page.subarray(from, from + local);
    const record = local === size.value ? head : this.#joined(head, size.value, page.readUInt32BE(from + local));
    return { rowid: rowid?.value ?? null, record };
  }

  /** File format, section 1.6: the rest of a long record lies in a chain of pages. */
  #joined(head: Buffer, size: number, first: number): Buffer {
    if (size > this.#pages.count * pageBytes) throw new LayoutFault("a record longer than the file");
    const record = Buffer.alloc(size);
    head.copy(record);
    let filled = head.length;
    for (let next = first; filled < size; ) {
      const page = this.#pages.page(next);
      filled += page.copy(record, filled, 4, 4 + Math.min(pageBytes - 4, size - filled));
      next = page.readUInt32BE(0);
    }
    return record;
  }
}

interface Walk {
  readonly depth: number;
  readonly seen: Set<number>;
}

interface Node {
  readonly page: Buffer;
  readonly type: number;
  /** Where the cells begin, in the order of their keys. */
  readonly cells: readonly number[];
  /** Page behind the last cell; `null` in leaves. */
  readonly right: number | null;
}

/** A page of a tree (file format, section 1.6); page 1 begins with the file's header. */
function nodeOf(page: Buffer, number: number): Node {
  const head = number === 1 ? 100 : 0;
  const type = page[head] ?? 0;
  if (!nodeTypes.has(type)) throw new LayoutFault(`page ${number} is of no tree`);
  const isInner = type === tableInterior || type === indexInterior;
  const pointers = head + (isInner ? 12 : 8);
  const count = page.readUInt16BE(head + 3);
  if (pointers + 2 * count > pageBytes) throw new LayoutFault("more cells than fit");
  const cells = Array.from({ length: count }, (_, index) => page.readUInt16BE(pointers + 2 * index));
  if (cells.some((at) => at > pageBytes - 4)) throw new LayoutFault("a cell outside its page");
  return { page, type, cells, right: isInner ? page.readUInt32BE(head + 8) : null };
}

/** How many bytes of a record lie in the tree's own page (file format, section 1.6, with pages of 4096 bytes). */
export function localBytes(size: number, isTable: boolean): number {
  const most = isTable ? pageBytes - 35 : Math.floor(((pageBytes - 12) * 64) / 255) - 23;
  if (size <= most) return size;
  const least = Math.floor(((pageBytes - 12) * 32) / 255) - 23;
  const fitting = least + ((size - least) % (pageBytes - 4));
  return fitting <= most ? fitting : least;
}

function schemaEntry({ record }: StoredRow): SchemaEntry {
  const [type, name, table, root, sql] = columnsOf(record);
  const entry = { type: textOf(type, record), name: textOf(name, record), table: textOf(table, record) };
  if (root?.kind !== "int" && root?.kind !== "null") throw new LayoutFault("a schema without root pages");
  const source = sql === undefined || sql.kind === "null" ? null : textOf(sql, record);
  return { ...entry, root: root.kind === "int" ? root.value : 0, sql: source };
}

function textOf(column: Column | undefined, record: Buffer): string {
  if (column?.kind !== "raw" || column.serial < 13 || column.serial % 2 === 0) throw new LayoutFault("no text");
  return record.toString("utf8", column.from, column.to);
}
