import { ZipDamage } from "./zip-damage.ts";

/** Where the central directory of a zip file lies. */
export interface ZipDirectory {
  readonly start: number;
  /** First byte behind it. */
  readonly end: number;
  /** As claimed; writers without zip64 let it wrap around at 65,536. */
  readonly count: number;
  /** Bytes put before the archive after its offsets were written. */
  readonly shift: number;
  /** What another reader might take for the end, and so see other entries; `null` when there is no such thing. */
  readonly doubt: string | null;
}

export const directoryEntrySignature = 0x02014b50;
export const localHeaderSignature = 0x04034b50;
const endSignature = 0x06054b50;
const endBytes = 22;
const longestComment = 65_535;

/**
 * Finds the end record (APPNOTE.TXT 4.3.16) that the JVM goes by, so that a record made to look like one cannot hide
 * what a program will load: from the back, the first whose comment ends with the file, or whose directory is where it
 * says. Throws {@link ZipDamage} when there is none.
 */
export function findZipDirectory(bytes: Buffer): ZipDirectory {
  const lowest = Math.max(0, bytes.length - endBytes - longestComment);
  let isPassed = false;
  for (let at = bytes.length - endBytes; at >= lowest; at -= 1) {
    if (bytes[at] !== 0x50 || bytes.readUInt32LE(at) !== endSignature) continue;
    const directory = endsWithFile(bytes, at) ? directoryAt(bytes, at) : provenAt(bytes, at);
    if (directory === null) isPassed = true;
    else return isPassed ? { ...directory, doubt: "another end record lies behind that of the archive" } : directory;
  }
  throw new ZipDamage("no end of a zip file");
}

function endsWithFile(bytes: Buffer, end: number): boolean {
  return end + endBytes + bytes.readUInt16LE(end + 20) === bytes.length;
}

/** The directory that an end record in the middle of something speaks of, when its first entries are where they should be. */
function provenAt(bytes: Buffer, end: number): ZipDirectory | null {
  try {
    const directory = directoryAt(bytes, end);
    const isProven =
      isAt(bytes, directory.start, directoryEntrySignature) && isAt(bytes, directory.shift, localHeaderSignature);
    return isProven ? directory : null;
  } catch (cause) {
    if (!(cause instanceof ZipDamage)) throw cause;
    return null;
  }
}

interface Claims {
  readonly count: number;
  readonly size: number;
  readonly offset: number;
}

function directoryAt(bytes: Buffer, end: number): ZipDirectory {
  const plain = {
    count: bytes.readUInt16LE(end + 10),
    size: bytes.readUInt32LE(end + 12),
    offset: bytes.readUInt32LE(end + 16),
  };
  const wide = zip64End(bytes, end, plain);
  const isContradicted = wide !== null && !agree(plain, wide);
  const { count, size, offset, at: stop } = wide === null || isContradicted ? { ...plain, at: end } : wide;
  const start = stop - size;
  if (start < 0 || start < offset) throw new ZipDamage("zip directory lies outside the file");
  const doubt = isContradicted ? "its zip64 end record says something else than its end record" : null;
  return { start, end: stop, count, shift: start - offset, doubt };
}

/** Zip64 end record, found through its locator just before the plain end record (APPNOTE.TXT 4.3.14, 4.3.15). */
function zip64End(bytes: Buffer, end: number, plain: Claims): (Claims & { readonly at: number }) | null {
  const locator = end - 20;
  if (locator < 0 || bytes.readUInt32LE(locator) !== 0x07064b50) return null;
  const claimed = Number(bytes.readBigUInt64LE(locator + 8));
  // With bytes put before the archive the claimed place is wrong, but the record is 56 bytes before its locator.
  const at = [claimed, locator - 56].find((place) => place + 56 <= locator && isAt(bytes, place, 0x06064b50));
  if (at === undefined) {
    if (isFull(plain)) throw new ZipDamage("zip64 end record missing");
    return null;
  }
  const u64 = (field: number): number => Number(bytes.readBigUInt64LE(at + field));
  return { at, count: u64(32), size: u64(40), offset: u64(48) };
}

/** Whether a field is too small for what it should say. */
function isFull({ count, size, offset }: Claims): boolean {
  return count === 0xffff || size === 0xffffffff || offset === 0xffffffff;
}

/** As the JVM decides which of two end records counts: the wide one, where it says the same or the plain one cannot. */
function agree(plain: Claims, wide: Claims): boolean {
  const one = (narrow: number, full: number, other: number): boolean => narrow === full || narrow === other;
  return (
    one(plain.count, 0xffff, wide.count) &&
    one(plain.size, 0xffffffff, wide.size) &&
    one(plain.offset, 0xffffffff, wide.offset)
  );
}

function isAt(bytes: Buffer, place: number, signature: number): boolean {
  return place >= 0 && place + 4 <= bytes.length && bytes.readUInt32LE(place) === signature;
}
