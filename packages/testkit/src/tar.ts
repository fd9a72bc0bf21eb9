import { type Bytes, bytesOf } from "./bytes.ts";

const BLOCK_BYTES = 512;

const typeFlags = {
  file: "0",
  hardlink: "1",
  symlink: "2",
  character: "3",
  block: "4",
  directory: "5",
  fifo: "6",
} as const;

/** The kinds of entry a tar can hold; any other single character is written as the raw type flag. */
export type TarEntryType = keyof typeof typeFlags;

/** One tar entry. Everything but `path` has a harmless default; the rest exists to build hostile archives. */
export type TarEntry = {
  /** Name as stored; bytes when it is not valid UTF-8. */
  readonly path: Bytes;
  readonly body?: Bytes;
  readonly type?: TarEntryType;
  /** Raw type flag character, instead of `type` (for example "S" for GNU sparse). */
  readonly typeFlag?: string;
  readonly linkname?: Bytes;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtimeSeconds?: number;
  /** Records of a pax header written before the entry, as given (no check). */
  readonly pax?: Readonly<Record<string, string>>;
  /** Size written in the header when it shall differ from the body's (a lie). */
  readonly size?: number | bigint;
  /** Writes sizes and ids in base-256 (GNU), even when octal would do. */
  readonly base256?: boolean;
  /** How names over 100 bytes are written; "cut" leaves them truncated. */
  readonly longNames?: "pax" | "gnu" | "cut";
  /** Changes the finished header block before its checksum is computed. */
  readonly header?: (block: Buffer) => void;
  /** Writes a wrong checksum. */
  readonly badChecksum?: boolean;
  /** Leaves out the padding to the next block. */
  readonly unpadded?: boolean;
};

/** A tar archive of the entries, in their order, closed by two zero blocks unless `end` is false. */
export function tarOf(entries: readonly TarEntry[], options: { readonly end?: boolean } = {}): Buffer {
  const parts = entries.flatMap(entryBlocks);
  if (options.end !== false) parts.push(Buffer.alloc(2 * BLOCK_BYTES));
  return Buffer.concat(parts);
}

/** A tar of regular files from a table path → content; parent folders are not written. */
export function tarOfFiles(files: Readonly<Record<string, Bytes>>): Buffer {
  return tarOf(Object.entries(files).map(([path, body]) => ({ path, body })));
}

/** The whiteout entry that deletes `path` of lower layers. */
export function whiteoutOf(path: string): TarEntry {
  const slash = path.lastIndexOf("/") + 1;
  return { path: `${path.slice(0, slash)}.wh.${path.slice(slash)}` };
}

/** The entry that hides everything lower layers hold in `folder`. */
export function opaqueOf(folder: string): TarEntry {
  return { path: `${folder}/.wh..wh..opq` };
}

function entryBlocks(entry: TarEntry): Buffer[] {
  const path = bytesOf(entry.path);
  const link = bytesOf(entry.linkname ?? "");
  const body = bytesOf(entry.body ?? "");
  return [
    ...longNameBlocks(entry, path, link),
    ...(entry.pax ? paxBlocks(entry.pax) : []),
    headerBlock(entry, { path, link, size: entry.size ?? body.length }),
    ...(entry.unpadded ? [body] : padded(body)),
  ];
}

function longNameBlocks(entry: TarEntry, path: Buffer, link: Buffer): Buffer[] {
  const how = entry.longNames ?? "pax";
  if (how === "cut") return [];
  const long = { path: path.length > 100, link: link.length > 100 };
  if (how === "gnu") {
    return [...(long.path ? gnuLongBlocks("L", path) : []), ...(long.link ? gnuLongBlocks("K", link) : [])];
  }
  const records: Record<string, string> = {};
  if (long.path) records.path = path.toString("utf8");
  if (long.link) records.linkpath = link.toString("utf8");
  return Object.keys(records).length > 0 ? paxBlocks(records) : [];
}

function gnuLongBlocks(typeFlag: string, name: Buffer): Buffer[] {
  const body = Buffer.concat([name, Buffer.alloc(1)]);
  return [plainHeader("././@LongLink", typeFlag, body.length), ...padded(body)];
}

function paxBlocks(records: Readonly<Record<string, string>>): Buffer[] {
  const body = Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, value)));
  return [plainHeader("PaxHeaders/entry", "x", body.length), ...padded(body)];
}

/** `<length> <key>=<value>\n`, where the length counts its own digits (POSIX pax, "pax Header Block"). */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`, "utf8");
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function plainHeader(name: string, typeFlag: string, size: number): Buffer {
  return headerBlock({ path: name, typeFlag }, { path: Buffer.from(name), link: Buffer.alloc(0), size });
}

type HeaderFields = { readonly path: Buffer; readonly link: Buffer; readonly size: number | bigint };

function headerBlock(entry: TarEntry, fields: HeaderFields): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const flag = entry.typeFlag ?? typeFlags[entry.type ?? "file"];
  const number = entry.base256 ? writeBase256 : writeNumber;
  fields.path.copy(block, 0, 0, 100);
  number(block, entry.mode ?? (flag === "5" ? 0o755 : 0o644), [100, 8]);
  number(block, entry.uid ?? 0, [108, 8]);
  number(block, entry.gid ?? 0, [116, 8]);
  number(block, fields.size, [124, 12]);
  number(block, entry.mtimeSeconds ?? 1_700_000_000, [136, 12]);
  block.write(flag, 156, 1, "latin1");
  fields.link.copy(block, 157, 0, 100);
  block.write("ustar\u000000", 257, 8, "latin1");
  entry.header?.(block);
  writeChecksum(block, entry.badChecksum ? 1 : 0);
  return block;
}

function writeNumber(block: Buffer, value: number | bigint, at: readonly [offset: number, length: number]): void {
  const octal = value.toString(8);
  if (value < 0 || octal.length >= at[1]) writeBase256(block, value, at);
  else block.write(octal.padStart(at[1] - 1, "0"), at[0], "latin1");
}

function writeBase256(block: Buffer, value: number | bigint, [offset, length]: readonly [number, number]): void {
  let rest = BigInt.asUintN(length * 8, BigInt(value));
  for (let index = offset + length - 1; index >= offset; index--) {
    block[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  block[offset] = (block[offset] ?? 0) | 0x80;
}

function writeChecksum(block: Buffer, error: number): void {
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0) + error;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, 8, "latin1");
}

function padded(body: Buffer): Buffer[] {
  const over = body.length % BLOCK_BYTES;
  return over === 0 ? [body] : [body, Buffer.alloc(BLOCK_BYTES - over)];
}
