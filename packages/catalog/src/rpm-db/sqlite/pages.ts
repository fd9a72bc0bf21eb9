import { type ByteFields, byteFields, sliceOf } from "../byte-fields.ts";

/** The pages of an SQLite database file. */
export interface SqlitePages {
  /** Bytes of a page that hold content: without what extensions reserve at its end. */
  readonly usable: number;
  readonly encoding: "utf8" | "utf16le" | "utf16be";
  /** A page by its number (from 1); `null` when the file does not hold it whole. */
  page(number: number): ByteFields | null;
}

const magic = "SQLite format 3\0";
const headerBytes = 100;
const encodings = ["utf8", "utf8", "utf16le", "utf16be"] as const;

/** Whether a file starts like an SQLite database. */
export function isSqlite(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(magic.length, bytes.length)).toString("latin1") === magic;
}

/** Opens the file by its header (sqlite.org/fileformat2.html, 1.3); `null` when the header cannot be true. */
export function sqlitePages(bytes: Uint8Array): SqlitePages | null {
  if (bytes.length < headerBytes) return null;
  const { u8, u16, u32 } = byteFields(bytes, "big");
  const size = u16(16) === 1 ? 65_536 : u16(16);
  const usable = size - u8(20);
  const encoding = encodings[u32(56)];
  if (size < 512 || (size & (size - 1)) !== 0 || usable < 480 || encoding === undefined) return null;
  return {
    usable,
    encoding,
    page(number) {
      const page = sliceOf(bytes, (number - 1) * size, size);
      return page === null ? null : byteFields(page, "big");
    },
  };
}
