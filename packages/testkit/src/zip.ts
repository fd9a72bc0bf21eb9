import { crc32 } from "node:zlib";
import { type Bytes, bytesOf } from "./bytes.ts";
import { deflateOf } from "./compress.ts";

/** One zip (jar, war, wheel …) entry; the optional fields exist to build odd and hostile archives. */
export type ZipEntry = {
  readonly path: Bytes;
  readonly body?: Bytes;
  readonly method?: "deflate" | "store";
  /** Raw method number written in both headers (the body is still stored as `method` says). */
  readonly methodNumber?: number;
  /** General purpose bit flags; bit 11 (UTF-8 names) is set by default. */
  readonly flags?: number;
  /** Lies, written instead of the true values. */
  readonly crc?: number;
  readonly size?: number;
  readonly compressedSize?: number;
  readonly localOffset?: number;
  /** Sizes and CRC follow the body (bit 3), as streaming writers do. */
  readonly dataDescriptor?: boolean;
  /** Extra field of the central directory entry. */
  readonly extra?: Uint8Array;
};

/** Whole-archive oddities. */
export type ZipOptions = {
  /** Bytes before the first entry (a self-extracting or executable jar). */
  readonly prefix?: Bytes;
  readonly comment?: Bytes;
  /** Number of entries the end record claims. */
  readonly entryCount?: number;
  /** Offset of the central directory the end record claims. */
  readonly directoryOffset?: number;
  /** Whether a zip64 end record tells count, size and offset; the fields of the plain one are then full. */
  readonly zip64?: boolean;
};

/** A zip archive of the entries, in their order. */
export function zipOf(entries: readonly ZipEntry[], options: ZipOptions = {}): Buffer {
  const prefix = bytesOf(options.prefix ?? "");
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = prefix.length;
  for (const entry of entries) {
    const facts = factsOf(entry);
    const local = localEntry(facts);
    directory.push(directoryEntry(facts, entry.localOffset ?? offset));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const facts = { count: entries.length, size: central.length, offset };
  const wide = options.zip64 === true ? zip64EndOf(facts, offset + central.length) : Buffer.alloc(0);
  return Buffer.concat([prefix, ...locals, central, wide, endRecord(facts, options)]);
}

/** What an end record tells of the central directory: number of entries, bytes, place in the file. */
export type ZipDirectoryFacts = { readonly count: number; readonly size: number; readonly offset: number };

/** A zip64 end record of these facts, and the locator that says that it lies at `place`. */
export function zip64EndOf({ count, size, offset }: ZipDirectoryFacts, place: number): Buffer {
  const record = Buffer.alloc(76);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  for (const field of [24, 32]) record.writeBigUInt64LE(BigInt(count), field);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(place), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

/** A zip of files from a table path → content; also a jar, when it holds META-INF/MANIFEST.MF. */
export function zipOfFiles(files: Readonly<Record<string, Bytes>>): Buffer {
  return zipOf(Object.entries(files).map(([path, body]) => ({ path, body })));
}

type Facts = {
  readonly name: Buffer;
  readonly data: Buffer;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly size: number;
  readonly compressedSize: number;
  readonly descriptor: boolean;
  readonly extra: Buffer;
};

function factsOf(entry: ZipEntry): Facts {
  const body = bytesOf(entry.body ?? "");
  const stored = entry.method === "store";
  const data = stored ? body : deflateOf(body);
  const descriptor = entry.dataDescriptor ?? false;
  return {
    name: bytesOf(entry.path),
    data,
    method: entry.methodNumber ?? (stored ? 0 : 8),
    flags: (entry.flags ?? 0x800) | (descriptor ? 8 : 0),
    crc: entry.crc ?? crc32(body),
    size: entry.size ?? body.length,
    compressedSize: entry.compressedSize ?? data.length,
    descriptor,
    extra: bytesOf(entry.extra ?? ""),
  };
}

function localEntry(facts: Facts): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  writeShared(header, facts, { at: 6, sizes: !facts.descriptor });
  return Buffer.concat([header, facts.name, facts.data, ...(facts.descriptor ? [descriptorOf(facts)] : [])]);
}

function descriptorOf(facts: Facts): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(facts.crc, 4);
  record.writeUInt32LE(facts.compressedSize, 8);
  record.writeUInt32LE(facts.size, 12);
  return record;
}

function directoryEntry(facts: Facts, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(20, 6);
  writeShared(header, facts, { at: 8, sizes: true });
  header.writeUInt16LE(facts.extra.length, 30);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, facts.name, facts.extra]);
}

/** Flags … name length: the run of fields that local header and directory entry share. */
function writeShared(header: Buffer, facts: Facts, { at, sizes }: { at: number; sizes: boolean }): void {
  header.writeUInt16LE(facts.flags, at);
  header.writeUInt16LE(facts.method, at + 2);
  header.writeUInt32LE(0x58210000, at + 4);
  header.writeUInt32LE(sizes ? facts.crc : 0, at + 8);
  header.writeUInt32LE(sizes ? facts.compressedSize : 0, at + 12);
  header.writeUInt32LE(sizes ? facts.size : 0, at + 16);
  header.writeUInt16LE(facts.name.length, at + 20);
}

function endRecord({ count, size, offset }: ZipDirectoryFacts, options: ZipOptions): Buffer {
  const comment = bytesOf(options.comment ?? "");
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(options.entryCount ?? count, 8);
  record.writeUInt16LE(options.entryCount ?? count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(options.directoryOffset ?? offset, 16);
  if (options.zip64 === true) record.fill(0xff, 8, 20);
  record.writeUInt16LE(comment.length, 20);
  return Buffer.concat([record, comment]);
}
