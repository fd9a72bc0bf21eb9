import { BytesIn } from "./bytes-in.ts";
import { type Cells, cellsOf } from "./columns.ts";
import { LayoutFault } from "./page-file.ts";
import { RowMemory } from "./predictor.ts";
import { type StoredRow, Trees } from "./read-trees.ts";
import { contentBytes, recordOf, type Value } from "./record.ts";
import { codes, deltaMagic, wholeRow } from "./row-code.ts";
import { streamsIn, type TreeStreams } from "./tree-streams.ts";
import { type Tree, type TreeContent, writeTrees } from "./write-trees.ts";

export interface DeltaUse {
  /** The database that the delta starts from. */
  readonly old: string;
  /** File to write; it must not exist. */
  readonly out: string;
  /** Largest file on either side, bytes. */
  readonly limitBytes: number;
}

const mostEntries = 1000;

/**
 * Writes the database that a delta of `makeDelta` leads to. The result is what the delta says, right or wrong: its digest
 * is the caller's to check. Throws LayoutFault for a delta that is damaged or starts from something else.
 */
export async function applyDelta(delta: Buffer, { old, out, limitBytes }: DeltaUse): Promise<void> {
  using before = new Trees(old, limitBytes);
  const from = new BytesIn(delta);
  if (from.bytes(deltaMagic.length).toString("latin1") !== deltaMagic) throw new LayoutFault("not a delta");
  const header = from.bytes(100);
  await writeTrees(out, { header, limitBytes, contents: entries(from, before) });
  if (!from.isAtEnd) throw new LayoutFault("bytes behind the delta");
}

function* entries(from: BytesIn, before: Trees): Generator<TreeContent> {
  const count = from.number();
  if (count > mostEntries) throw new LayoutFault("too many tables");
  for (let left = count; left > 0; left--) {
    const [type, name, table, sql] = [from.text(), from.text(), from.text(), from.text()];
    const flags = from.byte();
    const tree = flags % 2 === 1 ? treeOf(from, oldRows(before, { type, name })) : null;
    yield { type, name, table, sql: flags >= 2 ? null : sql, tree };
  }
}

function oldRows(trees: Trees, { type, name }: Pick<TreeContent, "type" | "name">): Iterator<StoredRow> {
  const found = trees.schema.find((entry) => entry.type === type && entry.name === name && entry.root !== 0);
  return found === undefined ? [][Symbol.iterator]() : trees.rows(found.root);
}

interface Reading {
  readonly streams: TreeStreams<BytesIn>;
  readonly memory: RowMemory;
}

/** The streams are taken off at once: the next tree begins behind them, whether or not the rows are read. */
function treeOf(from: BytesIn, old: Iterator<StoredRow>): Tree {
  const isTable = from.byte() === 1;
  const runs = from.number();
  const reading = { streams: streamsIn(from), memory: new RowMemory() };
  return { isTable, rows: storedRows(values(runs, old, reading), isTable) };
}

function* values(runs: number, old: Iterator<StoredRow>, reading: Reading): Generator<Value[]> {
  const { shapes } = reading.streams;
  for (let left = runs; left > 0; left--) {
    const [pairs, dropped, added] = [shapes.number(), shapes.number(), shapes.number()];
    for (let index = 0; index < pairs; index++) yield readRow(oldRow(old), reading);
    for (let index = 0; index < dropped; index++) oldRow(old);
    for (let index = 0; index < added; index++) yield readRow(null, reading);
  }
}

function oldRow(old: Iterator<StoredRow>): Cells {
  const { value, done } = old.next();
  if (done === true) throw new LayoutFault("a row that the old database does not have");
  return cellsOf(value);
}

function* storedRows(rows: Iterable<Value[]>, isTable: boolean): Generator<StoredRow> {
  for (const [first, ...rest] of rows) {
    if (!isTable) yield { rowid: null, record: recordOf(first === undefined ? rest : [first, ...rest]) };
    else if (typeof first === "number" && first >= 0) yield { rowid: first, record: recordOf(rest) };
    else throw new LayoutFault("a row without number");
  }
}

const mostColumns = 64;

function readRow(paired: Cells | null, reading: Reading): Value[] {
  const { shapes } = reading.streams;
  const shape = shapes.number();
  const width = shape === wholeRow ? (paired?.columns.length ?? 0) : shape - 1;
  if (width > mostColumns) throw new LayoutFault("too many columns");
  const told = Array.from({ length: width }, () => (shape === wholeRow ? codes.same : shapes.byte()));
  return told.map((code, column) => readCell(code, column, { ...reading, paired }));
}

function readCell(
  code: number,
  column: number,
  { streams, memory, paired }: Reading & { readonly paired: Cells | null },
): Value {
  if (code === codes.null) return null;
  if (code === codes.int) return wrote(memory, column, memory.above(column) + streams.numbers(column).signed());
  if (code === codes.raw) {
    const serial = streams.raws.number();
    return { serial, bytes: streams.raws.bytes(contentBytes(serial)) };
  }
  const cell = paired?.columns[column];
  if (code !== codes.same || paired === null || cell === undefined) throw new LayoutFault("a cell of no kind");
  if (cell.kind === "null") return null;
  if (cell.kind === "raw") return { serial: cell.serial, bytes: paired.record.subarray(cell.from, cell.to) };
  const predictor = memory.predictor(column);
  const value = predictor.guess(cell.value) + streams.numbers(column).signed();
  predictor.learn(cell.value, value);
  return wrote(memory, column, value);
}

function wrote(memory: RowMemory, column: number, value: number): number {
  if (!(Math.abs(value) < 2 ** 47)) throw new LayoutFault("a number too large");
  memory.wrote(column, value);
  return value;
}
