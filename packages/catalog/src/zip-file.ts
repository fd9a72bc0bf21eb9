import { crc32, inflateRawSync } from "node:zlib";
import { ZipDamage } from "./zip-damage.ts";
import { directoryEntrySignature, findZipDirectory, localHeaderSignature, type ZipDirectory } from "./zip-end.ts";

/** An entry of a zip file's central directory. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly compressedSize: number;
  /** As the archive claims. */
  readonly size: number;
  /** CRC-32 of the bytes, as the archive claims. */
  readonly checksum: number;
  readonly headerOffset: number;
}

/** A zip file in memory. */
export interface ZipFile {
  readonly entries: readonly ZipEntry[];
  /** Says why the list stops early, or why others may see another one; `null` when it is whole. */
  readonly damage: string | null;
  /** An entry's bytes; throws {@link ZipDamage}, also when they are not what the entry claims or more than `mostBytes`. */
  read(entry: ZipEntry, mostBytes: number): Buffer;
}

/**
 * Opens a zip file by its central directory (APPNOTE.TXT 4.3.6), zip64 included; bytes before the first entry, as in
 * executable jars, are allowed. Reads at most `mostEntries` entries. Throws {@link ZipDamage} when there is no directory.
 */
export function openZip(bytes: Buffer, mostEntries: number): ZipFile {
  const directory = findZipDirectory(bytes);
  const { entries, damage } = readDirectory(bytes, directory, mostEntries);
  const nothing = entries.length === 0 && directory.start > 0 ? "an empty directory behind other bytes" : null;
  const { shift, doubt } = directory;
  return {
    entries,
    damage: damage ?? doubt ?? nothing,
    read: (entry, mostBytes) => readEntry(bytes, { entry, shift, mostBytes }),
  };
}

const entryBytes = 46;

function readDirectory(
  bytes: Buffer,
  { start, end, count }: ZipDirectory,
  mostEntries: number,
): { entries: ZipEntry[]; damage: string | null } {
  const entries: ZipEntry[] = [];
  let at = start;
  // As the JVM does: a count that is too small hides nothing.
  const isEntry = (): boolean => at + entryBytes <= end && bytes.readUInt32LE(at) === directoryEntrySignature;
  while (entries.length < count || isEntry()) {
    if (entries.length >= mostEntries) return { entries, damage: `more than ${mostEntries} entries` };
    if (!isEntry()) return { entries, damage: "zip directory ends too early" };
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const extra = at + entryBytes + (nameLength ?? 0);
    const next = extra + (extraLength ?? 0) + (commentLength ?? 0);
    if (next > end) return { entries, damage: "zip directory ends too early" };
    entries.push(entryAt(bytes, { at, extra, extraLength: extraLength ?? 0 }));
    at = next;
  }
  return { entries, damage: null };
}

function entryAt(
  bytes: Buffer,
  { at, extra, extraLength }: { at: number; extra: number; extraLength: number },
): ZipEntry {
  const plain = {
    size: bytes.readUInt32LE(at + 24),
    compressedSize: bytes.readUInt32LE(at + 20),
    headerOffset: bytes.readUInt32LE(at + 42),
  };
  const isWide = Object.values(plain).includes(0xffffffff);
  return {
    name: bytes.toString("utf8", at + entryBytes, extra),
    method: bytes.readUInt16LE(at + 10),
    isEncrypted: (bytes.readUInt16LE(at + 8) & 1) !== 0,
    checksum: bytes.readUInt32LE(at + 16),
    ...(isWide ? widened(plain, bytes.subarray(extra, extra + extraLength)) : plain),
  };
}

type Sizes = Pick<ZipEntry, "size" | "compressedSize" | "headerOffset">;

/** Zip64 extra field (APPNOTE.TXT 4.5.3): 64-bit values for those fields that hold 0xffffffff, in this order. */
function widened(plain: Sizes, extra: Buffer): Sizes {
  let at = 0;
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== 1) at += 4 + extra.readUInt16LE(at + 2);
  let value = at + 4;
  const wide = (narrow: number): number => {
    if (narrow !== 0xffffffff || value + 8 > extra.length) return narrow;
    value += 8;
    return Number(extra.readBigUInt64LE(value - 8));
  };
  const size = wide(plain.size);
  const compressedSize = wide(plain.compressedSize);
  return { size, compressedSize, headerOffset: wide(plain.headerOffset) };
}

function readEntry(
  bytes: Buffer,
  { entry, shift, mostBytes }: { entry: ZipEntry; shift: number; mostBytes: number },
): Buffer {
  const header = entry.headerOffset + shift;
  if (header + 30 > bytes.length || bytes.readUInt32LE(header) !== localHeaderSignature)
    throw new ZipDamage("entry lies outside the file");
  // Lengths of name and extra field may differ from the directory's.
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  if (start + entry.compressedSize > bytes.length) throw new ZipDamage("entry is cut off");
  if (entry.isEncrypted) throw new ZipDamage("entry is encrypted");
  if (entry.size > mostBytes) throw new ZipDamage(`entry has ${entry.size} bytes, the limit is ${mostBytes}`);
  const content = unpacked(bytes.subarray(start, start + entry.compressedSize), entry);
  if (crc32(content) !== entry.checksum) throw new ZipDamage("entry does not match its checksum");
  return content;
}

/** Deflate makes at most 1032 bytes of one (zlib, "Technical Details"). */
const mostDeflated = 1100;

function unpacked(data: Buffer, entry: ZipEntry): Buffer {
  if (entry.method === 0) return data;
  if (entry.method !== 8) throw new ZipDamage(`entry uses compression method ${entry.method}`);
  // All in one chunk: pieces would be put together in a second copy.
  const chunkSize = Math.max(64, Math.min(entry.size + 1, data.length * mostDeflated));
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, entry.size), chunkSize });
  } catch (cause) {
    throw new ZipDamage("entry cannot be inflated to its size", { cause });
  }
}
