import { promisify } from "node:util";
import { constants, zstdCompress, zstdCompressSync, zstdDecompress } from "node:zlib";
import { digestOf } from "@plimsoll/model";

/** A document as it is kept: JSON, compressed, named by the hash of what it says. */
export interface StoredDocument {
  /** 64 hex digits: SHA-256 of the uncompressed bytes. */
  readonly sha256: string;
  readonly mediaType: string;
  /** zstd. */
  readonly bytes: Buffer;
}

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Most bytes of one document, uncompressed. */
const largestDocument = 256 * 2 ** 20;

/** Up to so many bytes handing work to another thread takes longer (0.3 ms) than doing it. */
const smallDocument = 256 * 2 ** 10;

/** Level 3: half the time of level 6 for a tenth more bytes. */
export async function storedDocument(mediaType: string, value: unknown): Promise<StoredDocument> {
  const json = Buffer.from(JSON.stringify(value));
  const options = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };
  const bytes = json.length <= smallDocument ? zstdCompressSync(json, options) : await compress(json, options);
  return { sha256: digestOf(json).slice("sha256:".length), mediaType, bytes };
}

/** The JSON text of a kept document. */
export async function documentText(bytes: Uint8Array): Promise<string> {
  return (await decompress(bytes, { maxOutputLength: largestDocument })).toString("utf8");
}
