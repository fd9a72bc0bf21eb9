import { createHash } from "node:crypto";

/** A package for test databases. */
export interface FakeRpm {
  readonly name?: string;
  readonly version?: string;
  readonly release?: string;
  readonly epoch?: number;
  readonly arch?: string;
  readonly sourceRpm?: string;
  readonly vendor?: string;
  readonly license?: string;
  readonly module?: string;
  /** Absolute paths; a number behind is the file's state. */
  readonly files?: readonly (string | readonly [path: string, state: number])[];
  /** Bytes of a tag nobody reads, to make the header as large as wanted. */
  readonly padding?: number;
}

/** A tag with its value: text, list of texts, numbers of 1, 2 or 4 bytes. */
export type FakeTag =
  | { readonly tag: number; readonly text: string; readonly type?: 6 | 9 }
  | { readonly tag: number; readonly texts: readonly string[] }
  | { readonly tag: number; readonly numbers: readonly number[]; readonly width: 1 | 2 | 4 };

/** A header as rpm keeps it in databases: everything in the immutable region, its SHA-256 behind. */
export function headerBlob(rpm: FakeRpm): Buffer {
  return regionBlob(tagsOf(rpm));
}

/** A header without regions, as very old ones are. */
export function plainBlob(tags: readonly FakeTag[]): Buffer {
  const { index, data } = layOut(tags);
  return Buffer.concat([pair(tags.length, data.length), index, data]);
}

/** A header with `tags` in the immutable region and `more` behind it; a digest of the region among them unless told not to. */
export function regionBlob(
  tags: readonly FakeTag[],
  { more = [], digest = true }: { readonly more?: readonly FakeTag[]; readonly digest?: boolean } = {},
): Buffer {
  const { index, data } = layOut(tags);
  const trailer = entry({ tag: 63, type: 7, offset: -(tags.length + 1) * 16, count: 16 });
  const region = Buffer.concat([entry({ tag: 63, type: 7, offset: data.length, count: 16 }), index]);
  const body = Buffer.concat([data, trailer]);
  const counts = pair(tags.length + 1, body.length);
  const leadIn = Buffer.from("8eade80100000000", "hex");
  const sha256 = createHash("sha256").update(leadIn).update(counts).update(region).update(body).digest("hex");
  const behind = digest ? [...more, { tag: 273, text: sha256 }] : more;
  const extra = layOut(behind, body.length);
  const all = Buffer.concat([body, extra.data]);
  return Buffer.concat([pair(tags.length + 1 + behind.length, all.length), region, extra.index, all]);
}

function tagsOf(rpm: FakeRpm): FakeTag[] {
  const text = (tag: number, value: string | undefined): FakeTag[] =>
    value === undefined ? [] : [{ tag, text: value }];
  const { name = "bash", version = "5.1.8", release = "6.el9", epoch, padding } = rpm;
  return [
    ...text(1000, name),
    ...text(1001, version),
    ...text(1002, release),
    ...(epoch === undefined ? [] : [{ tag: 1003, numbers: [epoch], width: 4 as const }]),
    ...text(1011, rpm.vendor),
    ...text(1014, rpm.license),
    ...text(1022, rpm.arch),
    ...text(1044, rpm.sourceRpm),
    ...(padding === undefined ? [] : [{ tag: 1005, text: "x".repeat(padding) }]),
    ...fileTags(rpm.files ?? []),
    ...text(5096, rpm.module),
  ];
}

function fileTags(files: NonNullable<FakeRpm["files"]>): FakeTag[] {
  if (files.length === 0) return [];
  const paths = files.map((file) => (typeof file === "string" ? file : file[0]));
  const folders = [...new Set(paths.map(folderOf))];
  return [
    { tag: 1029, numbers: files.map((file) => (typeof file === "string" ? 0 : file[1])), width: 1 },
    { tag: 1116, numbers: paths.map((path) => folders.indexOf(folderOf(path))), width: 4 },
    { tag: 1117, texts: paths.map((path) => path.slice(folderOf(path).length)) },
    { tag: 1118, texts: folders },
  ];
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function layOut(tags: readonly FakeTag[], start = 0): { index: Buffer; data: Buffer } {
  const entries: Buffer[] = [];
  const parts: Buffer[] = [];
  let offset = start;
  for (const tag of tags) {
    const { type, count, bytes, align } = encode(tag);
    const gap = (align - (offset % align)) % align;
    parts.push(Buffer.alloc(gap), bytes);
    entries.push(entry({ tag: tag.tag, type, offset: offset + gap, count }));
    offset += gap + bytes.length;
  }
  return { index: Buffer.concat(entries), data: Buffer.concat(parts) };
}

function encode(tag: FakeTag): { type: number; count: number; bytes: Buffer; align: number } {
  if ("text" in tag) return { type: tag.type ?? 6, count: 1, bytes: Buffer.from(`${tag.text}\0`), align: 1 };
  if ("texts" in tag) {
    return {
      type: 8,
      count: tag.texts.length,
      bytes: Buffer.from(tag.texts.map((one) => `${one}\0`).join("")),
      align: 1,
    };
  }
  const bytes = Buffer.alloc(tag.numbers.length * tag.width);
  for (const [index, value] of tag.numbers.entries()) bytes.writeUIntBE(value, index * tag.width, tag.width);
  return { type: { 1: 1, 2: 3, 4: 4 }[tag.width], count: tag.numbers.length, bytes, align: tag.width };
}

function entry({ tag, type, offset, count }: { tag: number; type: number; offset: number; count: number }): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(tag, 0);
  bytes.writeUInt32BE(type, 4);
  bytes.writeInt32BE(offset, 8);
  bytes.writeUInt32BE(count, 12);
  return bytes;
}

function pair(first: number, second: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(first, 0);
  bytes.writeUInt32BE(second, 4);
  return bytes;
}
