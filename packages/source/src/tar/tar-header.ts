import { holdsAt, text } from "./tar-text.ts";

export const blockBytes = 512;

/** The fields of one header block that reading needs; see POSIX pax "ustar Interchange Format" and GNU tar "Basic Tar Format". */
export interface TarHeader {
  /** Type flag as its character; NUL is "\0". */
  readonly flag: string;
  /** Prefix and name put together. */
  readonly name: string;
  readonly linkName: string;
  /** Bytes of data behind the header, as the header says. */
  readonly size: number;
  readonly mode: number;
  /** GNU sparse ("S") with a further map block behind it. */
  readonly sparseExtended: boolean;
  /** GNU sparse ("S"): size of the file with its holes. */
  readonly realSize: number;
}

/** Bytes that fill the last block of `size` bytes. */
export function paddingOf(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

/** Whether a block is all zeros. */
export function isZeroBlock(bytes: Buffer, at: number): boolean {
  for (let index = at; index < at + blockBytes; index++) if (bytes[index] !== 0) return false;
  return true;
}

/** Reads the header block at `at`; a string says what is wrong with it. */
export function readHeader(bytes: Buffer, at: number): TarHeader | string {
  if (!checksumHolds(bytes, at)) return "wrong header checksum";
  const size = readNumber(bytes, at + 124, 12);
  if (size === null) return "unreadable size";
  const flag = String.fromCharCode(bytes[at + 156] ?? 0);
  const gnu = holdsAt(bytes, at + 257, "ustar  \0");
  const sparse = flag === "S" && gnu;
  return {
    flag,
    name: nameOf(bytes, at, gnu),
    linkName: text(bytes, at + 157, 100),
    size,
    mode: (readNumber(bytes, at + 100, 8) ?? 0) & 0o7777,
    sparseExtended: sparse && bytes[at + 482] !== 0,
    realSize: sparse ? (readNumber(bytes, at + 483, 12) ?? size) : size,
  };
}

function nameOf(bytes: Buffer, at: number, gnu: boolean): string {
  const name = text(bytes, at, 100);
  if (gnu) return hasPrefixForTimes(bytes, at) ? `${text(bytes, at + 345, 155)}/${name}` : name;
  if (bytes[at + 345] === 0 || !holdsAt(bytes, at + 257, "ustar\0")) return name;
  // star keeps times in the last 24 bytes of the prefix and signs with "tar\0" at the end of the block.
  const star = holdsAt(bytes, at + 508, "tar\0");
  return `${text(bytes, at + 345, star ? 131 : 155)}/${name}`;
}

/**
 * GNU headers have times where others have a prefix. Writers of old wrote a prefix there all the same, so that Go's
 * archive/tar, and every container engine with it, takes ASCII that is no times for one.
 */
function hasPrefixForTimes(bytes: Buffer, at: number): boolean {
  if (isTime(bytes, at + 345) && isTime(bytes, at + 357)) return false;
  const prefix = text(bytes, at + 345, 155);
  return prefix !== "" && /^[\0-\x7f]*$/.test(prefix);
}

/** Twelve bytes that begin with NUL, hold an octal number in blanks and NULs, or one of at most 63 bits in base 256. */
function isTime(bytes: Buffer, at: number): boolean {
  const first = bytes[at] ?? 0;
  if (first === 0) return true;
  if ((first & 0x80) === 0) return /^[ \0]*(?:[0-7]+(?:\0.*|[ \0]*))?$/s.test(bytes.toString("latin1", at, at + 12));
  const fill = (first & 0x40) === 0 ? 0 : 0xff;
  const isSmall = ((first ^ fill) & 0x7f) === 0 && bytes.subarray(at + 1, at + 4).every((byte) => byte === fill);
  return isSmall && (((bytes[at + 4] ?? 0) ^ fill) & 0x80) === 0;
}

/** An octal number with blanks and NULs around it, or base-256 (first bit set, GNU); `null` when unreadable, negative or beyond 2^53. */
function readNumber(bytes: Buffer, at: number, length: number): number | null {
  const first = bytes[at] ?? 0;
  if ((first & 0x80) !== 0) return readBase256(bytes, at, length);
  const end = at + length;
  let index = at;
  while (index < end && isFiller(bytes[index])) index++;
  let value = 0;
  for (; index < end && !isFiller(bytes[index]); index++) {
    const digit = (bytes[index] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) return null;
    value = value * 8 + digit;
  }
  return value; // 12 digits at most
}

function isFiller(byte: number | undefined): boolean {
  return byte === 0 || byte === 0x20;
}

function readBase256(bytes: Buffer, at: number, length: number): number | null {
  let value = (bytes[at] ?? 0) & 0x7f;
  if ((value & 0x40) !== 0) return null; // negative
  for (let index = at + 1; index < at + length; index++) value = value * 256 + (bytes[index] ?? 0);
  return Number.isSafeInteger(value) ? value : null;
}

/** The sum of all bytes with the checksum field read as blanks; old writers summed signed bytes. */
function checksumHolds(bytes: Buffer, at: number): boolean {
  const stated = readNumber(bytes, at + 148, 8);
  if (stated === null) return false;
  let [field, high] = [0, 0];
  for (let index = at + 148; index < at + 156; index++) field += bytes[index] ?? 0;
  const sum = sumOfBlock(bytes, at) - field + 8 * 0x20;
  if (sum === stated) return true;
  for (let index = at; index < at + blockBytes; index++) {
    if (index < at + 148 || index >= at + 156) high += (bytes[index] ?? 0) >> 7;
  }
  return sum - 256 * high === stated;
}

/** Four bytes at a time, in two pairs of sums that cannot overflow: this is done for each of a million entries. */
function sumOfBlock(bytes: Buffer, at: number): number {
  const block = new DataView(bytes.buffer, bytes.byteOffset + at, blockBytes);
  let even = 0;
  let odd = 0;
  for (let index = 0; index < blockBytes; index += 4) {
    const word = block.getUint32(index, true);
    even += word & 0x00ff00ff;
    odd += (word >>> 8) & 0x00ff00ff;
  }
  return (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
}
