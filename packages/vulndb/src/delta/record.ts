import { LayoutFault } from "./page-file.ts";
import { readVarint, varintLength, varintOf } from "./varint.ts";

/**
 * A column of a record (SQLite file format, section 2.1). Whole numbers up to six bytes are numbers; texts, blobs and the
 * rest stay bytes of the record under their serial type.
 */
export type Column =
  | { readonly kind: "null" }
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "raw"; readonly serial: number; readonly from: number; readonly to: number };

/** Serial type → bytes of a number. */
const numberBytes: readonly number[] = [0, 1, 2, 3, 4, 6];
const mostColumns = 64;
const nothing: Column = { kind: "null" };

/** The columns of a record. Throws LayoutFault for what is none, and for a record that we would write otherwise. */
export function columnsOf(record: Buffer): Column[] {
  const head = readVarint(record, 0);
  const columns: Column[] = [];
  let body = head.value;
  for (let at = head.next; at < head.value; ) {
    const serial = readVarint(record, at);
    const column = columnAt(record, serial.value, body);
    columns.push(column);
    body += contentBytes(serial.value);
    at = serial.next;
  }
  if (body !== record.length || columns.length > mostColumns) throw new LayoutFault("a record of another length");
  return columns;
}

function columnAt(record: Buffer, serial: number, from: number): Column {
  if (serial === 0) return nothing;
  const to = from + contentBytes(serial);
  if (to > record.length) throw new LayoutFault("a record that ends early");
  if (serial === 8 || serial === 9) return { kind: "int", value: serial - 8 };
  const bytes = numberBytes[serial];
  if (bytes === undefined) return { kind: "raw", serial, from, to };
  const value = record.readIntBE(from, bytes);
  // A number written longer than need be stays as it is.
  return serialOf(value) === serial ? { kind: "int", value } : { kind: "raw", serial, from, to };
}

/** Bytes that a value of a serial type takes. Throws LayoutFault for the types kept for SQLite's own use. */
export function contentBytes(serial: number): number {
  if (serial >= 12) return Math.floor((serial - 12) / 2);
  if (serial === 10 || serial === 11) throw new LayoutFault("a value of no type");
  if (serial === 6 || serial === 7) return 8;
  return numberBytes[serial] ?? 0;
}

/** The shortest serial type of a whole number, as SQLite chooses it. */
function serialOf(value: number): number {
  if (value === 0 || value === 1) return 8 + value;
  const size = value < 0 ? -1 - value : value;
  if (size < 2 ** 7) return 1;
  if (size < 2 ** 15) return 2;
  if (size < 2 ** 23) return 3;
  return size < 2 ** 31 ? 4 : 5;
}

/** A value to be written. */
export type Value = number | null | { readonly serial: number; readonly bytes: Uint8Array };

/** The record of values: what {@link columnsOf} reads. */
export function recordOf(values: readonly Value[]): Buffer {
  const serials = values.map((value) =>
    value === null ? 0 : typeof value === "number" ? serialOf(value) : value.serial,
  );
  const types = serials.reduce((sum, serial) => sum + varintLength(serial), 0);
  // The header's length counts itself; 64 columns of long text never need a third byte for it.
  const head = types + (types + 1 < 128 ? 1 : 2);
  const record = Buffer.allocUnsafe(serials.reduce((sum, serial) => sum + contentBytes(serial), head));
  let at = put(record, 0, varintOf(head));
  for (const serial of serials) at = put(record, at, varintOf(serial));
  values.forEach((value, index) => {
    const serial = serials[index] ?? 0;
    if (typeof value === "number" && serial < 8) record.writeIntBE(value, at, numberBytes[serial] ?? 1);
    if (value !== null && typeof value !== "number") record.set(value.bytes, at);
    at += contentBytes(serial);
  });
  return record;
}

function put(into: Buffer, at: number, bytes: readonly number[]): number {
  into.set(bytes, at);
  return at + bytes.length;
}

/** A text as a value. */
export function textValue(text: string): Value {
  const bytes = Buffer.from(text, "utf8");
  return { serial: 13 + 2 * bytes.length, bytes };
}
