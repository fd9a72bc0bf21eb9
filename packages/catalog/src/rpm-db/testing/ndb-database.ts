import { adler32 } from "../ndb/header-blobs.ts";

/** An NDB `Packages.db`; `null` leaves a slot free, as a removed package does. */
export function ndbDatabase(blobs: readonly (Uint8Array | null)[], { slotPages = 1 } = {}): Buffer {
  const slots = Buffer.alloc(slotPages * 4096);
  slots.write("RpmP", 0, "latin1");
  slots.writeUInt32LE(7, 8);
  slots.writeUInt32LE(slotPages, 12);
  slots.writeUInt32LE(blobs.length + 1, 16);
  for (let at = 32; at < slots.length; at += 16) slots.write("Slot", at, "latin1");
  const parts: Buffer[] = [slots];
  let block = slots.length / 16;
  for (const [index, blob] of blobs.entries()) {
    if (blob === null) continue;
    const room = roomFor(index + 1, blob);
    slots.writeUInt32LE(index + 1, 32 + index * 16 + 4);
    slots.writeUInt32LE(block, 32 + index * 16 + 8);
    slots.writeUInt32LE(room.length / 16, 32 + index * 16 + 12);
    parts.push(room);
    block += room.length / 16;
  }
  return Buffer.concat(parts);
}

function roomFor(index: number, blob: Uint8Array): Buffer {
  const room = Buffer.alloc(Math.ceil((16 + blob.length + 12) / 16) * 16);
  const tail = room.length - 12;
  room.write("BlbS", 0, "latin1");
  room.writeUInt32LE(index, 4);
  room.writeUInt32LE(7, 8);
  room.writeUInt32LE(blob.length, 12);
  room.set(blob, 16);
  room.writeUInt32LE(adler32(room.subarray(0, tail)), tail);
  room.writeUInt32LE(blob.length, tail + 4);
  room.write("BlbE", tail + 8, "latin1");
  return room;
}
