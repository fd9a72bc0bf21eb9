/**
 * Whether the first bytes of a file could be those of a Go binary; errs towards yes. Go's linker leaves a build ID note
 * behind the ELF headers. Builds with `-buildid=` have none: those show by being static or by a thread-local segment,
 * which every Go program has and dynamic C programs seldom have, so that most of a system's C programs need not be read.
 * The name tells only libraries from static position-independent programs.
 */
export function mayBeGo(head: Uint8Array, path: string): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length < 64) return false;
  switch (bytes.readUInt32BE(0)) {
    case 0x7f454c46:
      return elfMayBeGo(bytes, libraryName.test(path));
    case 0xfeedface:
    case 0xfeedfacf:
    case 0xcefaedfe:
    case 0xcffaedfe:
      return true;
    case 0xcafebabe:
    case 0xcafebabf:
      // Java classes share the first of these: there the next four bytes are a version of 45 and more.
      return bytes.readUInt32BE(4) < 40;
    default:
      return bytes.readUInt16LE(0) === 0x5a4d && peMayBeGo(bytes);
  }
}

/** Name of the note that holds Go's build ID, padded; its type, 4, stands before it (cmd/link, "ELF_NOTE_GO"). */
const noteName = Buffer.from("Go\0\0", "latin1");
const noteType = 4;

const segmentDynamic = 2;
const segmentInterpreter = 3;
const segmentThreadLocal = 7;
/** Program headers looked at; real files have about a dozen. */
const mostSegments = 64;

/** Libraries with an entry point look like static programs; some are of 25 MB. */
const libraryName = /\.so(?:\.[\d.]+)?$/;

function elfMayBeGo(bytes: Buffer, isLibrary: boolean): boolean {
  if (hasGoNote(bytes)) return true;
  const segments = elfSegmentTypes(bytes);
  if (segments.includes(segmentInterpreter)) return segments.includes(segmentThreadLocal);
  // Static programs; a library (dynamic, no interpreter) without Go's note is not believed to be Go's.
  if (!segments.includes(segmentDynamic) || elfType(bytes) === 2) return segments.length > 0;
  return !isLibrary && hasEntry(bytes);
}

function hasGoNote(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(noteName); at !== -1; at = bytes.indexOf(noteName, at + 1)) {
    if (at >= 4 && (bytes.readUInt32LE(at - 4) === noteType || bytes.readUInt32BE(at - 4) === noteType)) return true;
  }
  return false;
}

function elfType(bytes: Buffer): number {
  return bytes[5] === 1 ? bytes.readUInt16LE(16) : bytes.readUInt16BE(16);
}

/** Static position-independent programs have a dynamic segment too, but also a place to start. */
function hasEntry(bytes: Buffer): boolean {
  return bytes.subarray(24, bytes[4] === 2 ? 32 : 28).some((byte) => byte !== 0);
}

function elfSegmentTypes(bytes: Buffer): number[] {
  const is64 = bytes[4] === 2;
  const u16 = (at: number): number => (bytes[5] === 1 ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const u32 = (at: number): number => (bytes[5] === 1 ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  // Offsets of e_phoff, e_phentsize, e_phnum (ELF-64 Object File Format; gABI for 32 bits). The low half of e_phoff does.
  const start = is64 ? u32(bytes[5] === 1 ? 32 : 36) : u32(28);
  const size = u16(is64 ? 54 : 42);
  const count = Math.min(u16(is64 ? 56 : 44), mostSegments);
  const types: number[] = [];
  for (let at = start; types.length < count && at + 4 <= bytes.length && size > 0; at += size) types.push(u32(at));
  return types;
}

/** A .NET assembly is a PE file too; its 15th data directory (CLI header) is set (ECMA-335 II.25.2.3.3). */
function peMayBeGo(bytes: Buffer): boolean {
  const header = bytes.readUInt32LE(0x3c);
  if (header + 26 > bytes.length) return header < 1 << 20;
  if (bytes.readUInt32LE(header) !== 0x00004550) return false;
  const isPlus = bytes.readUInt16LE(header + 24) === 0x20b;
  const cli = header + 24 + (isPlus ? 112 : 96) + 14 * 8;
  return cli + 4 > bytes.length || bytes.readUInt32LE(cli) === 0;
}
