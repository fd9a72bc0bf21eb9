import { byteFields } from "../byte-fields.ts";
import type { Damage } from "../damage.ts";

/** One package's header. What is absent is `null` or empty; what is there and unreadable is noted as damage too. */
export interface Header {
  /** A string; of a list or of translations the first. */
  text(tag: number): string | null;
  texts(tag: number): readonly string[];
  /** Whole numbers of any width up to 32 bits. */
  numbers(tag: number): readonly number[];
}

interface Item {
  readonly tag: number;
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** Index entries of one header (rpm: HEADER_TAGS_MAX). */
const mostItems = 65_535;
/** Values of one tag; the packages with the most files have some hundred thousand. */
const mostValues = 1_000_000;
/** Bytes of one string that are read; nothing that is a name, version or path is longer. */
const longestText = 8_192;
const prelude = 8;
const itemBytes = 16;
const leastTag = 61;
const string = 6;
const translatedText = 9;
const stringTypes: readonly number[] = [string, 8, translatedText];
/** Bytes of one number by type: char, int8, int16, int32. */
const widths: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 2: 1, 3: 2, 4: 4 };

/**
 * Reads an rpm header as databases keep it (rpm, docs/manual/format_header.md, without the lead-in magic): number of
 * index entries, bytes of data, entries of tag/type/offset/count, data; big-endian everywhere. Offsets count from the
 * data's start, within the immutable region and behind it, so region tags need no care; of a tag named twice the later
 * entry counts, as entries behind a region replace those in it. `null` when the sizes cannot be (noted).
 */
export function parseHeader(blob: Uint8Array, damage: Damage): Header | null {
  const items = readItems(blob);
  if (items === null) {
    damage.add("package header cut off or absurd");
    return null;
  }
  const byTag = new Map(items.map((item) => [item.tag, item]));
  const data = dataOf(blob, items.length);
  if (!items.every((item) => isPossible(item, data))) damage.add("package header with a broken index");
  const noted = (item: Item): null => {
    damage.add(`package header with unreadable tag ${item.tag}`);
    return null;
  };
  const listOf = (tag: number, limit: number): readonly string[] => {
    const item = byTag.get(tag);
    return item === undefined ? [] : (readTexts(data, item, limit) ?? noted(item) ?? []);
  };
  return {
    text: (tag) => listOf(tag, 1)[0] ?? null,
    texts: (tag) => listOf(tag, Number.POSITIVE_INFINITY),
    numbers(tag) {
      const item = byTag.get(tag);
      return item === undefined ? [] : (readNumbers(data, item) ?? noted(item) ?? []);
    },
  };
}

function readItems(blob: Uint8Array): Item[] | null {
  if (blob.length < prelude) return null;
  const { u32 } = byteFields(blob, "big");
  const count = u32(0);
  if (count === 0 || count > mostItems || prelude + count * itemBytes + u32(4) > blob.length) return null;
  return Array.from({ length: count }, (_, index) => {
    const at = prelude + index * itemBytes;
    return { tag: u32(at), type: u32(at + 4), offset: u32(at + 8), count: u32(at + 12) };
  });
}

/** rpm's own check of an entry (hdrblobVerifyInfo): no tag is smaller than the regions', no type larger than translated text. */
function isPossible({ tag, type, offset }: Item, data: Buffer): boolean {
  return tag >= leastTag && type <= translatedText && offset <= data.length;
}

function dataOf(blob: Uint8Array, items: number): Buffer {
  const length = byteFields(blob, "big").u32(4);
  return Buffer.from(blob.buffer, blob.byteOffset + prelude + items * itemBytes, length);
}

/** At most `limit` of the strings; `null` when they are not all there. */
function readTexts(data: Buffer, { type, offset, count }: Item, limit: number): string[] | null {
  if (!stringTypes.includes(type) || offset > data.length) return null;
  const wanted = Math.min(type === string ? 1 : count, limit);
  if (wanted > mostValues) return null;
  const texts: string[] = [];
  let start = offset;
  while (texts.length < wanted) {
    const end = data.indexOf(0, start);
    if (end === -1) return null;
    texts.push(data.toString("utf8", start, Math.min(end, start + longestText)));
    start = end + 1;
  }
  return texts;
}

function readNumbers(data: Buffer, { type, offset, count }: Item): number[] | null {
  const width = widths[type];
  if (width === undefined || count > mostValues || offset + count * width > data.length) return null;
  return Array.from({ length: count }, (_, index) => data.readUIntBE(offset + index * width, width));
}
