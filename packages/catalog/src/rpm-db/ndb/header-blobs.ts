import { type ByteFields, byteFields, sliceOf } from "../byte-fields.ts";
import type { Damage } from "../damage.ts";

const pageBytes = 4096;
const slotBytes = 16;
/** Blobs lie on multiples of this; slots count in it. */
const blockBytes = 16;
const headBytes = 16;
const tailBytes = 12;
/** The file's header takes the place of two slots. */
const firstSlot = 2;
const magic = { file: "RpmP", slot: "Slot", blob: "BlbS", end: "BlbE" };

/** Whether a file starts like rpm's own database format. */
export function isNdb(bytes: Uint8Array): boolean {
  return isAt(bytes, 0, magic.file);
}

/**
 * Package headers of an NDB `Packages.db` (rpm, lib/backend/ndb/rpmpkg.c): slot pages that name blobs by place and
 * length, each blob between a head and a tail with an Adler-32 sum. Little-endian on every machine. A blob whose sum is
 * wrong is noted and still given.
 */
export function* ndbHeaderBlobs(bytes: Uint8Array, damage: Damage): Generator<Uint8Array> {
  if (bytes.length < pageBytes) return damage.add("cut off in its first page");
  const file = byteFields(bytes, "little");
  const version = file.u32(4);
  if (version !== 0) return damage.add(`NDB version ${version} is not known`);
  const slotPages = file.u32(12);
  const present = Math.min(slotPages, Math.floor(bytes.length / pageBytes));
  if (present < slotPages || slotPages === 0) damage.add(`${slotPages} slot pages named, ${present} there`);
  for (let slot = firstSlot; slot < (present * pageBytes) / slotBytes; slot++) {
    const blob = blobOf({ file, slot, firstBlock: (slotPages * pageBytes) / blockBytes }, damage);
    if (blob !== null) yield blob;
    if (damage.isHopeless()) return;
  }
}

interface Slot {
  readonly file: ByteFields;
  readonly slot: number;
  /** Blocks before this one are slot pages. */
  readonly firstBlock: number;
}

function blobOf({ file, slot, firstBlock }: Slot, damage: Damage): Uint8Array | null {
  const at = slot * slotBytes;
  const lost = (why: string): null => {
    damage.add(`slot ${slot} ${why}`);
    return null;
  };
  if (!isAt(file.bytes, at, magic.slot)) return lost("overwritten");
  const [index, block, blocks] = [file.u32(at + 4), file.u32(at + 8), file.u32(at + 12)];
  if (block === 0) return null;
  const room = block < firstBlock ? null : sliceOf(file.bytes, block * blockBytes, blocks * blockBytes);
  if (room === null || room.length < headBytes + tailBytes) return lost("points outside the file");
  const length = byteFields(room, "little").u32(12);
  if (!isAt(room, 0, magic.blob) || headBytes + length + tailBytes > room.length) return lost("names no package");
  if (!isWhole(room, { index, length })) damage.add(`package ${index} fails its checksum`);
  return room.subarray(headBytes, headBytes + length);
}

/** Whether number, length, end mark and sum of a blob agree; the sum covers head, content and padding. */
function isWhole(room: Uint8Array, { index, length }: { readonly index: number; readonly length: number }): boolean {
  const { u32 } = byteFields(room, "little");
  const tail = room.length - tailBytes;
  const named = u32(4) === index && u32(tail + 4) === length && isAt(room, tail + 8, magic.end);
  return named && u32(tail) === adler32(room.subarray(0, tail));
}

/** Adler-32 (RFC 1950, 8.2). */
export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  // 5552 bytes are the most that cannot overflow 32 bits between two divisions.
  for (let start = 0; start < bytes.length; start += 5552) {
    const end = Math.min(start + 5552, bytes.length);
    for (let at = start; at < end; at++) {
      a += bytes[at] ?? 0;
      b += a;
    }
    a %= 65_521;
    b %= 65_521;
  }
  return b * 65_536 + a;
}

function isAt(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
