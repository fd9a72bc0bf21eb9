import { byteFields } from "../byte-fields.ts";

const walHeader = 32;
const frameHeader = 24;

/**
 * Whether a write-ahead log holds a transaction that a reader of the database must apply: a valid header and, in an
 * unbroken run of frames with its salts and checksums, one that commits (sqlite.org/fileformat2.html, 4). Leftovers of
 * an earlier log, torn writes and uncommitted frames do not count, as for SQLite.
 */
export function walHasChanges(bytes: Uint8Array): boolean {
  if (bytes.length < walHeader) return false;
  const { u32 } = byteFields(bytes, "big");
  const magic = u32(0);
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return false;
  const words = byteFields(bytes, magic === 0x377f0682 ? "little" : "big").u32;
  const frameBytes = frameHeader + u32(8);
  let sum = checksum([0, 0], { words, start: 0, end: 24 });
  if (sum[0] !== u32(24) || sum[1] !== u32(28) || u32(8) % 8 !== 0) return false;
  for (let at = walHeader; at + frameBytes <= bytes.length; at += frameBytes) {
    if (u32(at + 8) !== u32(16) || u32(at + 12) !== u32(20)) return false;
    sum = checksum(sum, { words, start: at, end: at + 8 });
    sum = checksum(sum, { words, start: at + frameHeader, end: at + frameBytes });
    if (sum[0] !== u32(at + 16) || sum[1] !== u32(at + 20)) return false;
    if (u32(at) !== 0 && u32(at + 4) !== 0) return true;
  }
  return false;
}

type Sum = readonly [number, number];

function checksum(
  [first, second]: Sum,
  { words, start, end }: { readonly words: (at: number) => number; readonly start: number; readonly end: number },
): Sum {
  let a = first;
  let b = second;
  for (let at = start; at < end; at += 8) {
    a = (a + words(at) + b) >>> 0;
    b = (b + words(at + 4) + a) >>> 0;
  }
  return [a, b];
}

const journalMagic = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/** Whether a rollback journal is hot: its header is not erased, so the database beside it is half-changed (fileformat2, 3). */
export function journalIsHot(bytes: Uint8Array): boolean {
  return journalMagic.every((byte, index) => bytes[index] === byte);
}
