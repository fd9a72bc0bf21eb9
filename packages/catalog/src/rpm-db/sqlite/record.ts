import type { SqlitePages } from "./pages.ts";

/** A column of a record: a whole number, text or bytes; `null` for NULL and for anything else. */
export type Column = number | string | Uint8Array | null;

/**
 * A variable-length integer (sqlite.org/fileformat2.html, 1.6) and where the next byte is. Past the end bytes count as
 * zero; values beyond 2^53 lose precision, which no length that fits a file has.
 */
export function readVarint(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes[at + index] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  return { value: value * 256 + (bytes[at + 8] ?? 0), next: at + 9 };
}

/** The first `count` columns of a record (fileformat2, 2.1 "Record Format"); `null` when they are not all there. */
export function readColumns(
  record: Uint8Array,
  { count, encoding }: { readonly count: number; readonly encoding: SqlitePages["encoding"] },
): Column[] | null {
  const header = readVarint(record, 0);
  if (header.value > record.length) return null;
  const columns: Column[] = [];
  let at = header.next;
  let body = header.value;
  while (columns.length < count && at < header.value) {
    const { value: type, next } = readVarint(record, at);
    const length = lengthOf(type);
    if (body + length > record.length) return null;
    columns.push(columnOf(type, { bytes: record.subarray(body, body + length), encoding }));
    at = next;
    body += length;
  }
  return columns.length < count ? null : columns;
}

function lengthOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] ?? 0;
}

function columnOf(
  type: number,
  { bytes, encoding }: { readonly bytes: Uint8Array; readonly encoding: SqlitePages["encoding"] },
): Column {
  if (type >= 12) return type % 2 === 0 ? bytes : textOf(bytes, encoding);
  if (type === 8 || type === 9) return type - 8;
  return type >= 1 && type <= 5 ? Buffer.from(bytes).readIntBE(0, bytes.length) : null;
}

function textOf(bytes: Uint8Array, encoding: SqlitePages["encoding"]): string {
  const copy = Buffer.from(bytes);
  if (encoding !== "utf16be") return copy.toString(encoding);
  return copy
    .subarray(0, copy.length & ~1)
    .swap16()
    .toString("utf16le");
}
