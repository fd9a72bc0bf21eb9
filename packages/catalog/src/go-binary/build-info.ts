import { addressMapOf } from "./address-map.ts";

/** The two texts Go's linker leaves in a binary. */
export interface BuildInfo {
  /** `go1.24.6`, `go1.22.1 X:boringcrypto`, `devel go1.25-…`. */
  readonly goVersion: string;
  /** Module information, line by line; "" for binaries built outside module mode. */
  readonly modules: string;
}

const magic = Buffer.from("\xff Go buildinf:", "latin1");
/** The block is aligned so in memory, and segments are aligned by more (debug/buildinfo). */
const alignment = 16;
const headerBytes = 32;
/** Places that look like the block; programs that read build information hold the mark as data too. */
const mostCandidates = 64;
/** Longest text believed; the module list of a binary with thousands of modules has a few hundred kB. */
const longestText = 16 * 2 ** 20;

/** Finds the build information (debug/buildinfo: since 1.18 inline, from 1.13 to 1.17 through pointers); `null` when there is none to be read. */
export function findBuildInfo(bytes: Buffer): BuildInfo | null {
  for (const at of candidates(bytes)) {
    const isInline = ((bytes[at + 15] ?? 0) & 2) !== 0;
    const info = isInline ? readInline(bytes, at) : readPointers(bytes, at);
    if (info !== null) return info;
  }
  return null;
}

function candidates(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(magic); at !== -1 && found.length < mostCandidates; at = bytes.indexOf(magic, at + 1)) {
    if (at % alignment === 0 && at + headerBytes <= bytes.length) found.push(at);
  }
  return found;
}

function readInline(bytes: Buffer, at: number): BuildInfo | null {
  const version = readVarText(bytes, at + headerBytes);
  if (version === null || !isVersion(version.text)) return null;
  const modules = readVarText(bytes, version.end);
  return { goVersion: version.text.toString("utf8"), modules: withoutMarks(modules?.text ?? Buffer.alloc(0)) };
}

function readVarText(bytes: Buffer, start: number): { text: Buffer; end: number } | null {
  let length = 0;
  let at = start;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at] ?? 0x80;
    at += 1;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80)
      return length > longestText || at + length > bytes.length
        ? null
        : { text: bytes.subarray(at, at + length), end: at + length };
  }
  return null;
}

function readPointers(bytes: Buffer, at: number): BuildInfo | null {
  const size = bytes[at + 14] ?? 0;
  if (size !== 4 && size !== 8) return null;
  const map = addressMapOf(bytes);
  const word = wordReader(bytes, { size, isBig: ((bytes[at + 15] ?? 0) & 1) !== 0 });
  const textAt = (pointer: number): Buffer | null => {
    const header = map(word(pointer) ?? 0);
    if (header === null) return null;
    const start = map(word(header) ?? 0);
    const length = word(header + size) ?? 0;
    return start === null || length > longestText || start + length > bytes.length
      ? null
      : bytes.subarray(start, start + length);
  };
  const version = textAt(at + 16);
  if (version === null || !isVersion(version)) return null;
  return { goVersion: version.toString("utf8"), modules: withoutMarks(textAt(at + 16 + size) ?? Buffer.alloc(0)) };
}

function wordReader(bytes: Buffer, { size, isBig }: { size: number; isBig: boolean }): (at: number) => number | null {
  return (at) => {
    if (at < 0 || at + size > bytes.length) return null;
    if (size === 4) return isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    return Number(isBig ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at));
  };
}

/** `go1.24.6`, `devel …`, `go1.22.1-custom …`: printable, and naming Go at its start. */
function isVersion(text: Buffer): boolean {
  return text.length > 2 && text.length < 500 && /^(?:go\d|devel )[\x20-\x7e]*$/.test(text.toString("latin1"));
}

/** The module text stands between two marks of 16 bytes (runtime/debug, modinfo). */
function withoutMarks(text: Buffer): string {
  return text.length >= 33 && text[text.length - 17] === 10 ? text.subarray(16, -16).toString("utf8") : "";
}
