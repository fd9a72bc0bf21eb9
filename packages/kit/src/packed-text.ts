import type * as Zlib from "node:zlib";

// Loading it takes a start 1 ms: only texts that are worth packing ask for it.
const zlib = (): typeof Zlib => process.getBuiltinModule("node:zlib");

/** Shorter texts are kept as they are: what packing saves on disk costs more in time. */
const shortBytes = 32 * 1024;

/** First bytes of a zstd frame (RFC 8878, section 3.1.1); no JSON begins so. */
const zstdMagic = Buffer.of(0x28, 0xb5, 0x2f, 0xfd);

/** JSON as it is kept in a file of our own: zstd, unless it is short. */
export function packText(json: string): Uint8Array {
  const bytes = Buffer.from(json);
  return bytes.length < shortBytes ? bytes : packZstd(bytes);
}

/** zstd at its fastest level: half the time of the default at a tenth more bytes. */
export function packZstd(bytes: Uint8Array): Uint8Array {
  const { constants, zstdCompressSync } = zlib();
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** Bytes of JSON that {@link packText} or {@link packZstd} packed; `null` when they are damaged or unpack to more than `mostBytes`. */
export function unpackText(packed: Uint8Array, mostBytes: number): Buffer | null {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  if (!bytes.subarray(0, zstdMagic.length).equals(zstdMagic)) return bytes.length <= mostBytes ? bytes : null;
  try {
    return zlib().zstdDecompressSync(bytes, { maxOutputLength: mostBytes });
  } catch {
    return null;
  }
}
