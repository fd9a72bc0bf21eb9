import type { FileHandle } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import type { Limits } from "@plimsoll/kit";

/** One file of a zip; its content is read when asked. */
export interface ZipFile {
  readonly path: string;
  readonly size: number;
  bytes(): Promise<Uint8Array>;
}

/** Room for the end record, its longest comment and the locator of zip64 before it (APPNOTE.TXT 4.3.15, 4.3.16). */
const endBytes = 20 + 22 + 65_535;

/**
 * The files of a zip archive in the order of its directory (PKWARE APPNOTE.TXT), zip64 for their number (OSV.dev's dumps
 * hold more than 65,535). Stored and deflated entries; encrypted and split archives and files of 4 GiB throw, as does
 * anything beyond the limits or at odds with itself.
 */
export async function* zipFiles(file: FileHandle, limits: Limits): AsyncGenerator<ZipFile> {
  const { size } = await file.stat();
  const { count, length, offset } = await findDirectory(file, size);
  if (offset + length > size || length > limits.archiveBytes)
    throw new Error("the zip directory lies outside of the file");
  const directory = await read(file, offset, length);
  let entries = 0;
  let packedBytes = 0;
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50; entries++) {
    if (entries >= limits.layerEntries) throw new Error("the zip archive has too many entries");
    const nameLength = directory.readUInt16LE(at + 28);
    const path = directory.toString("utf8", at + 46, at + 46 + nameLength);
    const entry = directory.subarray(at, at + 46);
    packedBytes += entry.readUInt32LE(20);
    // A few bytes told to be thousands of files (D. Fifield, "A better zip bomb").
    if (packedBytes > size) throw new Error("the records of the zip archive overlap");
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (!path.endsWith("/")) yield zipFile(file, path, { entry, limits });
  }
  // Some writers let the count wrap around instead of using zip64.
  if (entries !== count && (entries & 0xffff) !== count) throw new Error("the zip directory is cut");
}

interface Directory {
  readonly count: number;
  readonly length: number;
  readonly offset: number;
}

async function findDirectory(file: FileHandle, size: number): Promise<Directory> {
  const tail = await read(file, Math.max(0, size - endBytes), Math.min(size, endBytes));
  const end = tail.lastIndexOf("PK\u0005\u0006");
  if (end === -1 || end + 22 > tail.length) throw new Error("the zip archive has no directory: it is cut or no zip");
  const locator = end - 20;
  if (locator >= 0 && tail.readUInt32LE(locator) === 0x07064b50) {
    return findDirectory64(file, Number(tail.readBigUInt64LE(locator + 8)), size);
  }
  return {
    count: tail.readUInt16LE(end + 10),
    length: tail.readUInt32LE(end + 12),
    offset: tail.readUInt32LE(end + 16),
  };
}

/** APPNOTE.TXT 4.3.14, "Zip64 end of central directory record". */
async function findDirectory64(file: FileHandle, at: number, size: number): Promise<Directory> {
  if (at + 56 > size) throw new Error("the zip directory lies outside of the file");
  const record = await read(file, at, 56);
  if (record.readUInt32LE(0) !== 0x06064b50) throw new Error("the zip64 directory is not where the archive says");
  const [count, length, offset] = [32, 40, 48].map((field) => Number(record.readBigUInt64LE(field)));
  return { count: count ?? 0, length: length ?? 0, offset: offset ?? 0 };
}

function zipFile(file: FileHandle, path: string, { entry, limits }: { entry: Buffer; limits: Limits }): ZipFile {
  const size = entry.readUInt32LE(24);
  return { path, size, bytes: () => unpack(file, path, { entry, limits }) };
}

async function unpack(
  file: FileHandle,
  path: string,
  { entry, limits }: { entry: Buffer; limits: Limits },
): Promise<Uint8Array> {
  const [method, packedSize, size] = [entry.readUInt16LE(10), entry.readUInt32LE(20), entry.readUInt32LE(24)];
  if ((entry.readUInt16LE(8) & 1) === 1) throw new Error(`${path} is encrypted`);
  // Deflate adds a few bytes to what cannot be packed, not more.
  if (size > limits.fileBytes || packedSize > size + 65_536) throw new Error(`${path} is too large`);
  const start = entry.readUInt32LE(42);
  const header = await read(file, start, 30);
  if (header.readUInt32LE(0) !== 0x04034b50) throw new Error(`${path} is not where the zip directory says`);
  const data = await read(file, start + 30 + header.readUInt16LE(26) + header.readUInt16LE(28), packedSize);
  if (method === 0) return data;
  if (method !== 8) throw new Error(`${path} is packed by an unknown method (${method})`);
  const bytes = inflateRawSync(data, { maxOutputLength: Math.max(1, size) });
  if (bytes.length !== size) throw new Error(`${path} is not as long as the zip directory says`);
  return bytes;
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead < length) throw new Error("the zip archive is cut");
  return buffer;
}
