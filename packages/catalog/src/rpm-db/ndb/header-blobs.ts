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
  const firstBlock = (slotPages * pageBytes) / blockBytes;
  const taken: Uint8Array[] = [];
  for (let slot = firstSlot; slot < (present * pageBytes) / slotBytes; slot++) {
    if (damage.isHopeless()) return;
    const room = roomOf({ file, slot, firstBlock }, damage);
    if (room === null) continue;
    taken.push(room);
    const blob = blobIn(room, { index: file.u32(slot * slotBytes + 4), damage });
    if (blob !== null) yield blob;
  }
  const lost = packagesBetween(taken, bytes.subarray(firstBlock * blockBytes));
  if (lost > 0) damage.add(`${lost} packages without slot`);
}

/** Packages that no slot names: rpm zeroes what it removes, so their slots were damaged. */
function packagesBetween(taken: readonly Uint8Array[], blocks: Uint8Array): number {
  const rooms = taken.toSorted((a, b) => a.byteOffset - b.byteOffset);
  let count = 0;
  let at = blocks.byteOffset;
  for (const room of [...rooms, null]) {
    const end = room === null ? blocks.byteOffset + blocks.length : room.byteOffset;
    for (; at < end; at += blockBytes) if (isAt(blocks, at - blocks.byteOffset, magic.blob)) count += 1;
    at = Math.max(at, room === null ? at : room.byteOffset + room.length);
  }
  return count;
}

interface Slot {
  readonly file: ByteFields;
  readonly slot: number;
  /** Blocks before this one are slot pages. */
  readonly firstBlock: number;
}

/** The blocks a slot names; `null` when it is free or (noted) when they cannot be. */
function roomOf({ file, slot, firstBlock }: Slot, damage: Damage): Uint8Array | null {
  const at = slot * slotBytes;
  if (!isAt(file.bytes, at, magic.slot)) {
    damage.add(`slot ${slot} overwritten`);
    return null;
  }
  const [block, blocks] = [file.u32(at + 8), file.u32(at + 12)];
  if (block === 0) return null;
  const room = block < firstBlock ? null : sliceOf(file.bytes, block * blockBytes, blocks * blockBytes);
  if (room !== null && room.length >= headBytes + tailBytes) return room;
  damage.add(`slot ${slot} points outside the file`);
  return null;
}

function blobIn(room: Uint8Array, { index, damage }: { index: number; damage: Damage }): Uint8Array | null {
  const length = byteFields(room, "little").u32(12);
  if (!isAt(room, 0, magic.blob) || headBytes + length + tailBytes > room.length) {
    damage.add(`package ${index} overwritten`);
    return null;
  }
  if (!isWhole(room, { index, length })) damage.add(`package ${index} fails its checksum`);
  return room.subarray(headBytes, headBytes + length);
}

/** Whether number, length, end mark and sum of a blob agree; the sum covers head, content and padding. */
function isWhole(room: Uint8Array, { index, length }: { readonly index: number; readonly length: number }): boolean {
  const { u32 } = byteFields(room, "little");
  const tail = room.length - tailBytes;
  const named = u32(4) === index && u32(tail + 4) === length && isAt(room, tail + 8, magic.end);
  // Rooms are never larger than needed: a sum over much padding would cost more than its blob is worth.
  const isTight = tail - headBytes - length < blockBytes;
  return named && isTight && u32(tail) === adler32(room.subarray(0, tail));
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
