import { setImmediate } from "node:timers/promises";
import { alignRows } from "./align.ts";
import { BytesOut } from "./bytes-out.ts";
import { type Cells, type CellTable, cellKinds, cellsOf, fingerprint, loadTable } from "./columns.ts";
import { RowMemory } from "./predictor.ts";
import { type SchemaEntry, type StoredRow, Trees } from "./read-trees.ts";
import { codes, deltaMagic, wholeRow } from "./row-code.ts";
import { streamsOut, type TreeStreams } from "./tree-streams.ts";

/**
 * What turns the database `old` into `fresh`, both in the layout of `writeTrees`, not yet compressed: for each tree the
 * rows dropped and added, and the numbers and texts that changed in the others. Throws LayoutFault.
 */
export async function makeDelta(old: string, fresh: string, limitBytes: number): Promise<Buffer> {
  using before = new Trees(old, limitBytes);
  using after = new Trees(fresh, limitBytes);
  const out = new BytesOut();
  out.bytes(Buffer.from(deltaMagic));
  out.bytes(after.header());
  out.number(after.schema.length);
  for (const entry of after.schema) {
    // A table takes seconds: signals, and whoever waits for our lock, get their turn in between.
    await setImmediate();
    writeEntry(out, entry);
    if (entry.root === 0) continue;
    out.byte(after.isTable(entry.root) ? 1 : 0);
    writeTree(out, treeIn(before, entry), () => after.rows(entry.root));
  }
  return out.taken();
}

function writeEntry(out: BytesOut, { type, name, table, root, sql }: SchemaEntry): void {
  for (const text of [type, name, table, sql ?? ""]) out.text(text);
  out.byte((root === 0 ? 0 : 1) + (sql === null ? 2 : 0));
}

/** Rows of the tree of the same name; none when there is none. */
function treeIn(trees: Trees, { type, name }: SchemaEntry): () => Iterable<StoredRow> {
  const found = trees.schema.find((entry) => entry.type === type && entry.name === name && entry.root !== 0);
  return found === undefined ? () => [] : () => trees.rows(found.root);
}

function writeTree(out: BytesOut, before: () => Iterable<StoredRow>, after: () => Iterable<StoredRow>): void {
  const old = loadTable(before);
  const runs = alignRows(old, loadTable(after));
  const writing = { streams: streamsOut(), memory: new RowMemory() };
  out.number(runs.length);
  const rows = after()[Symbol.iterator]();
  let row = 0;
  for (const { pairs, dropped, added } of runs) {
    for (const count of [pairs, dropped, added]) writing.streams.shapes.number(count);
    for (const cells of next(rows, pairs)) writePaired(cells, { old, row: row++ }, writing);
    row += dropped;
    for (const cells of next(rows, added)) writeAdded(cells, writing);
  }
  writing.streams.store(out);
}

function* next(rows: Iterator<StoredRow>, count: number): Generator<Cells> {
  for (let left = count; left > 0; left--) {
    const { value, done } = rows.next();
    if (done !== true) yield cellsOf(value);
  }
}

interface OldRow {
  readonly old: CellTable;
  readonly row: number;
}

interface Writing {
  readonly streams: TreeStreams<BytesOut>;
  readonly memory: RowMemory;
}

function writePaired(cells: Cells, paired: OldRow, writing: Writing): void {
  const told = cells.columns.map((_, column) => codeOf(cells, column, paired));
  const { shapes } = writing.streams;
  if (told.every((code) => code === codes.same) && told.length === widthOf(paired)) shapes.number(wholeRow);
  else {
    shapes.number(told.length + 1);
    for (const code of told) shapes.byte(code);
  }
  told.forEach((code, column) => {
    writeCell(cells, { column, code }, { ...writing, paired });
  });
}

function writeAdded(cells: Cells, writing: Writing): void {
  const { shapes } = writing.streams;
  shapes.number(cells.columns.length + 1);
  for (const { kind } of cells.columns) shapes.byte(codes[kind]);
  cells.columns.forEach(({ kind }, column) => {
    writeCell(cells, { column, code: codes[kind] }, { ...writing, paired: null });
  });
}

/** `same` where the paired row's cell is of that kind and, but for numbers, equal. */
function codeOf({ columns, record }: Cells, column: number, { old, row }: OldRow): number {
  const cell = columns[column];
  if (cell === undefined) return codes.null;
  if (old.kind(row, column) !== cellKinds[cell.kind]) return codes[cell.kind];
  return cell.kind === "raw" && fingerprint(cell, record) !== old.value(row, column) ? codes.raw : codes.same;
}

/** Cells of an old row. */
function widthOf({ old, row }: OldRow): number {
  let width = old.width;
  while (width > 0 && old.kind(row, width - 1) === cellKinds.absent) width--;
  return width;
}

interface CellPlan {
  readonly column: number;
  readonly code: number;
}

function writeCell(
  { columns, record }: Cells,
  { column, code }: CellPlan,
  { streams, memory, paired }: Writing & { readonly paired: OldRow | null },
): void {
  const cell = columns[column];
  if (cell?.kind === "int") {
    const before = paired !== null && code === codes.same ? paired.old.value(paired.row, column) : null;
    const predictor = memory.predictor(column);
    const guess = before === null ? memory.above(column) : predictor.guess(before);
    streams.numbers(column).signed(cell.value - guess);
    if (before !== null) predictor.learn(before, cell.value);
    memory.wrote(column, cell.value);
  }
  if (cell?.kind === "raw" && code === codes.raw) {
    streams.raws.number(cell.serial);
    streams.raws.bytes(record.subarray(cell.from, cell.to));
  }
}
