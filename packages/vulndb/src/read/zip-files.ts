import type { FileHandle } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import type { Limits } from "@plimsoll/kit";

/** One file of a zip; its content is read when asked. */
export interface ZipFile {
  readonly path: string;
  readonly size: number;
  bytes(): Promise<Uint8Array>;
}

/** Room for the end record and its longest comment (APPNOTE.TXT 4.3.16). */
const endBytes = 22 + 65_535;

/**
 * The files of a zip archive in the order of its directory (PKWARE APPNOTE.TXT). Stored and deflated entries; zip64,
 * encrypted and split archives throw, as does anything beyond the limits or at odds with itself.
 */
export async function* zipFiles(file: FileHandle, limits: Limits): AsyncGenerator<ZipFile> {
  const { size } = await file.stat();
  const tail = await read(file, Math.max(0, size - endBytes), Math.min(size, endBytes));
  const end = tail.lastIndexOf("PK\u0005\u0006");
  if (end === -1 || end + 22 > tail.length) throw new Error("the zip archive has no directory: it is cut or no zip");
  const count = tail.readUInt16LE(end + 10);
  const length = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (offset === 0xffffffff) throw new Error("zip64 archives are not supported");
  if (offset + length > size || length > limits.archiveBytes)
    throw new Error("the zip directory lies outside of the file");
  const directory = await read(file, offset, length);
  // More than 65,535 entries wrap around in the count: the directory's length decides.
  let entries = 0;
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50; entries++) {
    if (entries >= limits.layerEntries) throw new Error("the zip archive has too many entries");
    const nameLength = directory.readUInt16LE(at + 28);
    const path = directory.toString("utf8", at + 46, at + 46 + nameLength);
    const entry = directory.subarray(at, at + 46);
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (!path.endsWith("/")) yield zipFile(file, path, { entry, limits });
  }
  if ((entries & 0xffff) !== count) throw new Error("the zip directory is cut");
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
