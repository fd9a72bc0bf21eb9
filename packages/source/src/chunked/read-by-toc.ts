import { type Limits, PlimsollError } from "@plimsoll/kit";
import { digestOf } from "@plimsoll/model";
import { type Entry, headBytes, type LayerVisitor, type Wish } from "../entry.ts";
import { sourceError } from "../errors.ts";
import { unpacked } from "./find-toc.ts";
import type { RangedBlob } from "./ranged-blob.ts";
import { type Chunk, type TocEntry, UnusableToc } from "./toc.ts";

/** Compressed bytes between two wanted pieces that are fetched along rather than asked for apart. */
const gapBytes = 128 * 1024;
/** Compressed bytes fetched at once. */
const batchBytes = 8 * 2 ** 20;

/** A file whose body, or the first of it, the visitor wants. */
interface Wanted {
  readonly entry: Entry;
  readonly chunks: readonly Chunk[];
  readonly wish: Exclude<Wish, "ignore">;
}

/**
 * Tells a visitor what a table of contents lists and fetches only the bodies that it wants, each piece checked against
 * its digest: first all entries in their order, then the bodies in the same. Answers the bytes of the tar that the
 * entries make up. Throws DIGEST_MISMATCH, PARTIAL_READ_FAILED and what fetching throws.
 */
export async function readByToc(
  blob: RangedBlob,
  entries: readonly TocEntry[],
  {
    visitor,
    limits,
    signal,
  }: { readonly visitor: LayerVisitor; readonly limits: Limits; readonly signal: AbortSignal },
): Promise<number> {
  const tarBytes = entries.reduce((sum, { chunks }) => sum + 512 + Math.ceil(bytesIn(chunks) / 512) * 512, 1024);
  const tooMuch = () => sourceError("LAYER_TOO_LARGE", { fields: { label: blob.label, limit: limits.layerBytes } });
  if (tarBytes > limits.layerBytes) throw tooMuch();
  const wanted = tellAll(entries, visitor, limits);
  const unpacks = wanted.reduce((sum, file) => sum + neededOf(file).reduce((all, chunk) => all + reachOf(chunk), 0), 0);
  // Entries may all point at one place: it would be unpacked for each of them.
  if (unpacks > limits.layerBytes) throw tooMuch();
  for (const batch of batchesOf(wanted)) {
    signal.throwIfAborted();
    const parts = await fetchChunks(blob, batch.flatMap(neededOf));
    for (const file of batch) await deliver(file, { parts, blob, visitor });
  }
  return tarBytes;
}

/** Unpacked bytes to the end of a piece. */
function reachOf({ inner, size }: Chunk): number {
  return inner + size;
}

function tellAll(entries: readonly TocEntry[], visitor: LayerVisitor, limits: Limits): Wanted[] {
  // The last entry of a name wins: an earlier body would come after it.
  const wanted = new Map<string, Wanted>();
  for (const { item, chunks } of entries) {
    if (item.kind === "problem") visitor.problem(item.problem);
    if (item.kind === "whiteout") visitor.whiteout(item.path, item.opaque);
    if (item.kind !== "entry") continue;
    wanted.delete(item.entry.path);
    const wish = wishFor(item.entry, visitor, limits);
    if (wish !== "ignore") wanted.set(item.entry.path, { entry: item.entry, chunks, wish });
  }
  return [...wanted.values()];
}

function wishFor(entry: Entry, visitor: LayerVisitor, limits: Limits): Wish {
  const wish = visitor.entry(entry);
  if (wish === "ignore" || entry.type !== "file") return "ignore";
  if (entry.size <= limits.fileBytes) return wish;
  visitor.problem(tooLarge(entry, limits));
  return "ignore";
}

function tooLarge({ path, size }: Entry, { fileBytes }: Limits) {
  const message = `a file of ${size} bytes was not read (limit ${fileBytes})`;
  return { level: "incomplete", code: "file-too-large", message, path } as const;
}

/** Files next to each other, as many as are fetched at once; one that is larger alone. */
function* batchesOf(files: readonly Wanted[]): Generator<readonly Wanted[]> {
  let batch: Wanted[] = [];
  let bytes = 0;
  for (const file of files) {
    const own = packedIn(neededOf(file));
    if (batch.length > 0 && bytes + own > batchBytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += own;
  }
  if (batch.length > 0) yield batch;
}

function packedIn(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { start, end }) => sum + end - start, 0);
}

function bytesIn(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { size }) => sum + size, 0);
}

/** The chunks that the wish needs at first: of a head only those that hold it. */
function neededOf({ chunks, wish }: Wanted): readonly Chunk[] {
  if (wish === "body") return chunks;
  let filled = 0;
  return chunks.filter(({ size }) => {
    const isNeeded = filled < headBytes;
    filled += size;
    return isNeeded;
  });
}

/** Fetched parts of the blob, by where they begin. */
type Parts = ReadonlyMap<Chunk, Buffer>;

/** The first of the chunks, as many as are fetched at once and one at least. */
async function fetchChunks(blob: RangedBlob, wanted: readonly Chunk[]): Promise<Parts> {
  const parts = new Map<Chunk, Buffer>();
  let bytes = 0;
  const now = wanted.filter(({ start, end }, index) => {
    bytes += end - start;
    return index === 0 || bytes <= batchBytes;
  });
  const stored = now.filter(({ digest }) => digest !== null);
  for (const group of groupsOf(stored.toSorted((a, b) => a.start - b.start))) {
    const start = group[0]?.start ?? 0;
    const end = Math.max(...group.map((chunk) => chunk.end));
    const packed = await blob.read(start, end).catch((error: unknown) => {
      throw error instanceof UnusableToc ? unreadable(blob, error.message, error) : error;
    });
    for (const chunk of group) parts.set(chunk, packed.subarray(chunk.start - start, chunk.end - start));
  }
  return parts;
}

function groupsOf(sorted: readonly Chunk[]): Chunk[][] {
  const groups: Chunk[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const chunk of sorted) {
    if (chunk.start - end > gapBytes) groups.push([]);
    groups.at(-1)?.push(chunk);
    end = Math.max(end, chunk.end);
  }
  return groups;
}

interface Delivery {
  readonly parts: Parts;
  readonly blob: RangedBlob;
  readonly visitor: LayerVisitor;
}

async function deliver(file: Wanted, { parts, blob, visitor }: Delivery): Promise<void> {
  const { entry, chunks, wish } = file;
  const needed = neededOf(file);
  const first = await contentOf(needed, parts, blob);
  if (wish === "head" && !visitor.claims(entry, first.subarray(0, headBytes))) return;
  const rest = chunks.slice(needed.length);
  if (rest.length === 0) return visitor.body(entry, first);
  visitor.body(entry, Buffer.concat([first, await contentOf(rest, new Map(), blob)]));
}

/** The bytes of chunks that follow each other; those not in `parts` are fetched. Throws DIGEST_MISMATCH, PARTIAL_READ_FAILED. */
async function contentOf(chunks: readonly Chunk[], parts: Parts, blob: RangedBlob): Promise<Buffer> {
  const content = Buffer.allocUnsafeSlow(bytesIn(chunks));
  let at = 0;
  let known = parts;
  for (const [index, chunk] of chunks.entries()) {
    if (chunk.digest !== null && !known.has(chunk)) known = await fetchChunks(blob, chunks.slice(index));
    at += await unpackInto(content.subarray(at, at + chunk.size), { chunk, packed: known.get(chunk), blob });
  }
  return content;
}

interface Packed {
  readonly chunk: Chunk;
  readonly packed: Buffer | undefined;
  readonly blob: RangedBlob;
}

async function unpackInto(target: Buffer, { chunk, packed, blob }: Packed): Promise<number> {
  const { digest, inner, size } = chunk;
  if (digest === null || packed === undefined) {
    target.fill(0);
    return size;
  }
  const label = `a piece of ${blob.label}`;
  const piece = await unpacked(packed, label, { skip: inner, most: size }).catch((error: unknown) => {
    throw error instanceof PlimsollError ? error : unreadable(blob, "it cannot be unpacked", error);
  });
  const found = digestOf(piece);
  if (found !== digest) throw sourceError("DIGEST_MISMATCH", { fields: { label, expected: digest, found } });
  piece.copy(target);
  return size;
}

function unreadable(blob: RangedBlob, reason: string, cause: unknown): Error {
  return sourceError("PARTIAL_READ_FAILED", { fields: { label: blob.label, reason }, cause });
}
