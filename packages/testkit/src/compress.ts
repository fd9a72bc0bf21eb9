import { deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import { type Bytes, bytesOf } from "./bytes.ts";

/** One gzip member; the same input always gives the same bytes (no time stamp inside). */
export function gzipOf(content: Bytes, level = 6): Buffer {
  return gzipSync(bytesOf(content), { level });
}

/** Several gzip members behind one another, which RFC 1952 calls one valid file. */
export function gzipMembersOf(parts: readonly Bytes[]): Buffer {
  return Buffer.concat(parts.map((part) => gzipOf(part)));
}

/** One zstd frame. */
export function zstdOf(content: Bytes): Buffer {
  return zstdCompressSync(bytesOf(content));
}

/** Raw deflate, as inside zip entries. */
export function deflateOf(content: Bytes): Buffer {
  return deflateRawSync(bytesOf(content));
}

/** `sizeBytes` zeros as a gzip file: about a thousandth of that in size. */
export function gzipBombOf(sizeBytes: number): Buffer {
  return gzipSync(Buffer.alloc(sizeBytes), { level: 9 });
}
