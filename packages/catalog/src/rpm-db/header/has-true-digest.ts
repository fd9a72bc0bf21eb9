import { createHash } from "node:crypto";
import { byteFields, sliceOf } from "../byte-fields.ts";
import type { Header } from "./parse-header.ts";
import { tags } from "./tags.ts";

const immutableRegion = 63;
const prelude = 8;
const itemBytes = 16;
/** What package files have before a header, and digests therefore cover. */
const leadIn = Buffer.from([0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0]);

/**
 * Whether a header is still what the package's builder made: SHA-256 (else SHA-1) over its immutable region against
 * the digest kept behind it, as rpm itself checks on every read (rpm, lib/header.c and rpmvs.c). Headers without region
 * or digest (keys, packages of rpm before 4.1) pass.
 */
export function hasTrueDigest(blob: Uint8Array, header: Header): boolean {
  const sha256 = header.text(tags.sha256Header);
  const told = sha256 ?? header.text(tags.sha1Header);
  const region = told === null ? null : regionOf(blob);
  if (told === null || region === null) return true;
  const hash = createHash(sha256 === null ? "sha1" : "sha256").update(leadIn);
  for (const part of region) hash.update(part);
  return hash.digest("hex") === told;
}

/**
 * The region as it stood in the package file: its counts, index entries and data. Its tag is the first entry and points
 * to a trailer, the last 16 bytes of its data, whose offset is minus the length of its index. `null` when there is none.
 */
function regionOf(blob: Uint8Array): readonly Uint8Array[] | null {
  const { u32 } = byteFields(blob, "big");
  const items = u32(0);
  if (u32(prelude) !== immutableRegion) return null;
  const dataStart = prelude + items * itemBytes;
  const trailer = u32(prelude + 8);
  const trailerBytes = sliceOf(blob, dataStart + trailer, itemBytes);
  if (trailerBytes === null) return [];
  const regionItems = -(byteFields(trailerBytes, "big").u32(8) | 0) / itemBytes;
  const index = sliceOf(blob, prelude, regionItems * itemBytes);
  const data = sliceOf(blob, dataStart, trailer + itemBytes);
  if (index === null || data === null || !Number.isInteger(regionItems) || regionItems > items) return [];
  const counts = Buffer.alloc(prelude);
  counts.writeUInt32BE(regionItems, 0);
  counts.writeUInt32BE(data.length, 4);
  return [counts, index, data];
}
