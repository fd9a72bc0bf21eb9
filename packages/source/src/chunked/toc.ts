import type { Limits } from "@plimsoll/kit";
import { lookUp } from "@plimsoll/model";
import { type JsonObject, objectOf, parseObject, textOf } from "../image/json.ts";
import type { TarHeader } from "../tar/tar-header.ts";
import { itemOf, type TarItem } from "../tar/tar-item.ts";

/** A piece of a file, and where in the blob the compressed bytes lie that hold it. */
export interface Chunk {
  /** First compressed byte, and the one behind the last. */
  readonly start: number;
  readonly end: number;
  /** Uncompressed bytes before the piece. */
  readonly inner: number;
  readonly size: number;
  /** sha256 of the piece; `null`: a hole, all zeros, and nothing is stored. */
  readonly digest: string | null;
}

/** One entry of a table of contents: what the tar header says, and where the body lies. */
export interface TocEntry {
  readonly item: TarItem;
  /** Of a file, in order, from its first byte to its last. */
  readonly chunks: readonly Chunk[];
}

/** A table of contents that does not say all that is needed; the layer is read whole then. */
export class UnusableToc extends Error {
  override readonly name = "UnusableToc";
}

/**
 * Reads the table of contents that eStargz (stargz-snapshotter, estargz.md) and zstd:chunked (containers/storage) share,
 * in the order of the tar. `dataEnd`: compressed bytes before the table itself. Throws {@link UnusableToc}.
 */
export function parseToc(
  bytes: Uint8Array,
  { dataEnd, limits }: { dataEnd: number; limits: Limits },
): readonly TocEntry[] {
  const document = parseObject(bytes);
  if (document?.version !== 1 || !Array.isArray(document.entries)) throw new UnusableToc("it is of an unknown kind");
  if (document.entries.length > limits.layerEntries) throw new UnusableToc("it has too many entries");
  const rows: JsonObject[] = document.entries.map((item) => objectOf(item) ?? {});
  document.entries.length = 0;
  const ends = chunkEnds(rows, dataEnd);
  const found: TocEntry[] = [];
  for (let at = 0; at < rows.length; ) {
    let next = at + 1;
    while (rows[next]?.type === "chunk") next++;
    found.push(entryOf(rows.slice(at, next), { ends, dataEnd, limits }));
    // Both forms of a large table at once would be twice its memory.
    rows.fill(read, at, next);
    at = next;
  }
  return found;
}

const read: JsonObject = {};

/** A chunk ends where the next in the blob begins. */
function chunkEnds(rows: readonly JsonObject[], dataEnd: number): ReadonlyMap<number, number> {
  const starts = [...new Set(rows.map(({ offset }) => numberOf(offset)).filter((offset) => offset > 0))].sort(
    (a, b) => a - b,
  );
  return new Map(starts.map((start, index) => [start, starts[index + 1] ?? dataEnd]));
}

interface Frame {
  readonly ends: ReadonlyMap<number, number>;
  readonly dataEnd: number;
  readonly limits: Limits;
}

const flags: Readonly<Record<string, string>> = {
  reg: "0",
  hardlink: "1",
  symlink: "2",
  char: "3",
  block: "4",
  dir: "5",
  fifo: "6",
};

function entryOf([row = {}, ...more]: readonly JsonObject[], frame: Frame): TocEntry {
  const flag = lookUp(flags, textOf(row.type));
  const name = textOf(row.name);
  if (flag === undefined || name === "") throw new UnusableToc("an entry has no type or name");
  const size = flag === "0" ? numberOf(row.size) : 0;
  const linkName = textOf(row.linkName);
  const mode = numberOf(row.mode) & 0o7777;
  const header: TarHeader = { flag, name, linkName, size, mode, sparseExtended: false, realSize: size };
  return { item: itemOf(header, {}, frame.limits), chunks: size === 0 ? [] : chunksOf([row, ...more], size, frame) };
}

function chunksOf(rows: readonly JsonObject[], size: number, frame: Frame): readonly Chunk[] {
  const last = numberOf(rows[0]?.endOffset);
  // A file of one piece may say its digest only once.
  const only = rows.length === 1 ? textOf(rows[0]?.digest) : "";
  let filled = 0;
  const chunks = rows.map((row, index): Chunk => {
    if (numberOf(row.chunkOffset) !== filled) throw new UnusableToc("the pieces of a file do not join");
    const length = numberOf(row.chunkSize) || size - filled;
    filled += length;
    if (row.chunkType === "zeros") return { start: 0, end: 0, inner: 0, size: length, digest: null };
    const start = numberOf(row.offset);
    const end = index === rows.length - 1 && last > 0 ? last : (frame.ends.get(start) ?? 0);
    const digest = textOf(row.chunkDigest) || only;
    return checked({ start, end, inner: numberOf(row.innerOffset), size: length, digest }, frame);
  });
  if (filled !== size) throw new UnusableToc("the pieces of a file do not make it up");
  return chunks;
}

/** More than lies around a piece in the member that holds it, packed or not. */
const aroundBytes = 16 * 2 ** 20;

function checked(chunk: Chunk & { readonly digest: string }, { dataEnd }: Frame): Chunk {
  const { start, end, inner, size, digest } = chunk;
  const isSmall = inner <= aroundBytes && end - start <= inner + size + aroundBytes;
  const isPlaced = start > 0 && end > start && end <= dataEnd && size > 0 && isSmall;
  if (isPlaced && /^sha256:[0-9a-f]{64}$/.test(digest)) return chunk;
  throw new UnusableToc("a piece has no place or digest");
}

/** A count; nothing said is 0. */
function numberOf(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new UnusableToc("a number is none");
}
