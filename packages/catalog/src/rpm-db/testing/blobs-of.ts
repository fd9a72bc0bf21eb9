import type { Damage } from "../damage.ts";
import { damageLog } from "../damage.ts";

/** What a reader of one format gives for a file: its blobs and what it noted. */
export function blobsOf(
  read: (bytes: Uint8Array, damage: Damage) => Iterable<Uint8Array>,
  bytes: Uint8Array,
): { readonly blobs: readonly Buffer[]; readonly message: string | undefined } {
  const damage = damageLog();
  const blobs = [...read(bytes, damage)].map((blob) => Buffer.from(blob));
  return { blobs, message: damage.problems()[0]?.message };
}

/** Blobs of given sizes that differ from each other; not headers. */
export function fakeBlobs(...sizes: readonly number[]): Buffer[] {
  return sizes.map((size, index) => Buffer.alloc(size, `${index + 1}-`));
}

/** A copy with `value` written at `at`. */
export function patched(bytes: Uint8Array, at: number, value: Uint8Array | string): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(typeof value === "string" ? Buffer.from(value, "latin1") : value, at);
  return copy;
}
