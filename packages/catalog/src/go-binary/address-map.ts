/** Address in memory → offset in the file; `null` when no part of the file is loaded there. */
export type AddressMap = (address: number) => number | null;

/** A part of the file and where it is loaded. */
interface Segment {
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

/** How an executable (ELF, PE, Mach-O) is laid out in memory; a map of nothing for anything else. */
export function addressMapOf(bytes: Buffer): AddressMap {
  const segments = segmentsOf(bytes);
  return (address) => {
    const segment = segments.find((one) => address >= one.address && address - one.address < one.size);
    return segment === undefined ? null : segment.offset + (address - segment.address);
  };
}

/** Segments and sections looked at; real files have a few dozen. */
const mostSegments = 1000;

function segmentsOf(bytes: Buffer): Segment[] {
  try {
    const first = bytes.readUInt32BE(0);
    if (first === 0x7f454c46) return elfSegments(bytes);
    if (first === 0xcffaedfe || first === 0xcefaedfe) return machSegments(bytes, first === 0xcffaedfe);
    return bytes.readUInt16LE(0) === 0x5a4d ? peSections(bytes) : [];
  } catch (cause) {
    // A read beyond the end: a cut-off header maps nothing, which the caller reports.
    if (cause instanceof RangeError) return [];
    throw cause;
  }
}

function elfSegments(bytes: Buffer): Segment[] {
  const is64 = bytes[4] === 2;
  const isLittle = bytes[5] === 1;
  const u16 = (at: number): number => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const u32 = (at: number): number => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const u64 = (at: number): number => Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  const start = is64 ? u64(32) : u32(28);
  const size = u16(is64 ? 54 : 42);
  const count = Math.min(u16(is64 ? 56 : 44), mostSegments);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    return is64
      ? { offset: u64(at + 8), address: u64(at + 16), size: u64(at + 32) }
      : { offset: u32(at + 4), address: u32(at + 8), size: u32(at + 16) };
  });
}

/** LC_SEGMENT (1) and LC_SEGMENT_64 (0x19) load commands (mach-o/loader.h). */
function machSegments(bytes: Buffer, is64: boolean): Segment[] {
  const count = Math.min(bytes.readUInt32LE(16), mostSegments);
  const segments: Segment[] = [];
  let at = is64 ? 32 : 28;
  for (let index = 0; index < count; index += 1) {
    const command = bytes.readUInt32LE(at);
    if (command === 0x19) segments.push(machSegment64(bytes, at));
    if (command === 1) segments.push(machSegment32(bytes, at));
    // A command is 8 bytes at least: a smaller size would stand still.
    at += Math.max(8, bytes.readUInt32LE(at + 4));
  }
  return segments;
}

function machSegment64(bytes: Buffer, at: number): Segment {
  const u64 = (field: number): number => Number(bytes.readBigUInt64LE(at + field));
  return { address: u64(24), offset: u64(40), size: u64(48) };
}

function machSegment32(bytes: Buffer, at: number): Segment {
  const u32 = (field: number): number => bytes.readUInt32LE(at + field);
  return { address: u32(24), offset: u32(32), size: u32(36) };
}

/** Section table of the PE/COFF format ("Microsoft PE Format"); addresses are relative to the image base. */
function peSections(bytes: Buffer): Segment[] {
  const header = bytes.readUInt32LE(0x3c);
  const count = Math.min(bytes.readUInt16LE(header + 6), mostSegments);
  const optional = header + 24;
  const isPlus = bytes.readUInt16LE(optional) === 0x20b;
  const base = isPlus ? Number(bytes.readBigUInt64LE(optional + 24)) : bytes.readUInt32LE(optional + 28);
  const table = optional + bytes.readUInt16LE(header + 20);
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * 40;
    return {
      address: base + bytes.readUInt32LE(at + 12),
      size: bytes.readUInt32LE(at + 16),
      offset: bytes.readUInt32LE(at + 20),
    };
  });
}
