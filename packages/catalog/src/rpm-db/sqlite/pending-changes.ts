import { byteFields } from "../byte-fields.ts";

const walHeader = 32;
const frameHeader = 24;

/**
 * Whether a write-ahead log holds a transaction that a reader of the database must apply: a valid header and, in an
 * unbroken run of frames with its salts and checksums, one that commits (sqlite.org/fileformat2.html, 4). Leftovers of
 * an earlier log, torn writes and uncommitted frames do not count, as for SQLite.
 */
export function walHasChanges(bytes: Uint8Array): boolean {
  const log = openLog(bytes);
  if (log === null) return false;
  let { sum } = log;
  for (let at = walHeader; at + log.frameBytes <= bytes.length; at += log.frameBytes) {
    const next = checkedFrame(at, { ...log, sum });
    if (next === null) return false;
    const [page, sizeAfterCommit] = [log.u32(at), log.u32(at + 4)];
    if (page !== 0 && sizeAfterCommit !== 0) return true;
    sum = next;
  }
  return false;
}

type Sum = readonly [number, number];

interface Log {
  readonly u32: (at: number) => number;
  /** Integers in the byte order that checksums are made in. */
  readonly words: (at: number) => number;
  readonly frameBytes: number;
  readonly sum: Sum;
}

function openLog(bytes: Uint8Array): Log | null {
  if (bytes.length < walHeader) return null;
  const { u32 } = byteFields(bytes, "big");
  const magic = u32(0);
  const pageSize = u32(8);
  if ((magic !== 0x377f0682 && magic !== 0x377f0683) || pageSize % 8 !== 0) return null;
  const words = byteFields(bytes, magic === 0x377f0682 ? "little" : "big").u32;
  const sum = checksum([0, 0], { words, start: 0, end: 24 });
  return sum[0] === u32(24) && sum[1] === u32(28) ? { u32, words, frameBytes: frameHeader + pageSize, sum } : null;
}

/** The running sum behind a frame; `null` when the frame is not of this log. */
function checkedFrame(at: number, { u32, words, frameBytes, sum }: Log): Sum | null {
  if (u32(at + 8) !== u32(16) || u32(at + 12) !== u32(20)) return null;
  const head = checksum(sum, { words, start: at, end: at + 8 });
  const whole = checksum(head, { words, start: at + frameHeader, end: at + frameBytes });
  return whole[0] === u32(at + 16) && whole[1] === u32(at + 20) ? whole : null;
}

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
