import type { Limits } from "@plimsoll/kit";
import { type DiffId, parseDiffId, type SourceInfo } from "@plimsoll/model";
import type { Entry, ImageRead, KnownLayer, LayerRead, OpenedImage, ReadOptions, StartLayer } from "../entry.ts";
import { sourceError } from "../errors.ts";
import { type ImagePlan, imageReadOf } from "../image/image-plan.ts";
import { ProgressMeter } from "../image/progress-meter.ts";
import { compressionOf, peek } from "../stream/compression.ts";
import { decompressed } from "../stream/decompress.ts";
import { readLayer } from "../stream/read-layer.ts";
import { blockBytes, isZeroBlock, readHeader } from "../tar/tar-header.ts";
import { normalPath } from "../tar/tar-path.ts";
import { type ArchiveView, type PlanArchive, promisedDigest } from "./archive-view.ts";
import { linkPath } from "./tar-index.ts";
import { tarMembers } from "./tar-members.ts";

export interface StreamedSource {
  readonly source: SourceInfo;
  /** Starts the archive's bytes anew, compressed or not. */
  readonly open: (signal: AbortSignal | undefined) => AsyncIterable<Uint8Array>;
  /** Bytes of the archive, where known. */
  readonly size: number | null;
  readonly plan: PlanArchive;
  readonly limits: Limits;
  readonly close: () => PromiseLike<void>;
}

/**
 * An image archive that cannot be read at any place: a compressed file, or what a daemon sends. Layers may come before
 * the manifest that orders them (docker engines write it last), so each is read as it comes by, and the image is put
 * together at the end. Layers of other images in the same archive are read too.
 */
export function openStreamed(streamed: StreamedSource): OpenedImage {
  return {
    kind: "image",
    source: streamed.source,
    diffIds: null,
    // All is hashed as it is read.
    isUnchanged: async () => true,
    readLayers: (start, options) => readArchive(streamed, start, options ?? {}),
    [Symbol.asyncDispose]: streamed.close,
  };
}

async function readArchive(streamed: StreamedSource, start: StartLayer, options: ReadOptions): Promise<ImageRead> {
  const { limits, source } = streamed;
  const label = source.name;
  const meter = new ProgressMeter(options.onProgress, { size: streamed.size });
  const pass = new ArchivePass(streamed, start, { ...options, meter });
  // The outer archive is bounded by what an image may hold, compressed or not.
  const outer = { limits: { ...limits, layerBytes: limits.imageBytes }, label };
  const bytes = decompressed(counted(streamed.open(options.signal), meter, options.signal), outer);
  for await (const { entry, pieces } of tarMembers(bytes, { limits, label })) {
    if (entry.type === "file") await pass.file(entry, pieces);
    else pass.link(entry);
  }
  const plan = await streamed.plan(pass.view);
  if (plan === null) throw sourceError("NOT_AN_ARCHIVE", { fields: { path: label } });
  return imageReadOf(plan, pass.readsOf(plan));
}

async function* counted(
  stream: AsyncIterable<Uint8Array>,
  meter: ProgressMeter,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of stream) {
    signal?.throwIfAborted();
    meter.bytes(chunk.length);
    yield chunk;
  }
}

/** What one pass over the archive has shown so far. */
class ArchivePass {
  readonly #streamed: StreamedSource;
  readonly #start: StartLayer;
  readonly #options: { readonly signal?: AbortSignal; readonly meter: ProgressMeter };
  readonly #documents = new Map<string, Uint8Array>();
  readonly #sizes = new Map<string, number>();
  readonly #links = new Map<string, string>();
  readonly #reads = new Map<string, LayerRead>();
  /** Layers that the caller did not want, by the diffID their name promises. */
  readonly #known = new Map<string, DiffId>();
  #documentBytes = 0;
  #layerBytes = 0;

  constructor(
    streamed: StreamedSource,
    start: StartLayer,
    options: { readonly signal?: AbortSignal; readonly meter: ProgressMeter },
  ) {
    this.#streamed = streamed;
    this.#start = start;
    this.#options = options;
  }

  get view(): ArchiveView {
    return {
      name: this.#streamed.source.name,
      document: async (path) => this.#documents.get(this.#resolved(path)) ?? null,
      size: (path) => this.#sizes.get(this.#resolved(path)) ?? null,
    };
  }

  link(entry: Entry): void {
    if (entry.linkTarget !== undefined) this.#links.set(entry.path, linkPath(entry.type, entry.path, entry.linkTarget));
  }

  async file(entry: Entry, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    this.#sizes.set(entry.path, entry.size);
    const { head, bytes } = await peek(pieces, blockBytes);
    if (isLayer(head)) await this.#layer(entry, head, bytes);
    else if (entry.size <= this.#streamed.limits.documentBytes) await this.#document(entry, bytes);
  }

  async #document(entry: Entry, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const { limits, source } = this.#streamed;
    this.#documentBytes += entry.size;
    if (this.#documentBytes > 8 * limits.documentBytes) {
      const reason = "its documents are too large";
      throw sourceError("DOCUMENT_INVALID", { fields: { name: source.name, reason } });
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of bytes) pieces.push(Buffer.from(piece));
    this.#documents.set(entry.path, Buffer.concat(pieces));
  }

  async #layer(entry: Entry, head: Uint8Array, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const promised = promisedDigest(entry.path);
    const hint = compressionOf(head) === "none" ? parseDiffId(promised) : null;
    const isKnown = hint !== null && [...this.#reads.values()].some((read) => read.diffId === hint);
    const started = isKnown ? null : this.#start(hint);
    if (started === null) {
      if (hint !== null) this.#known.set(entry.path, hint);
      return;
    }
    // Only a blob store names files by their digest; elsewhere a name is just a name.
    const digest = entry.path.startsWith("blobs/sha256/") ? promised : null;
    const label = `${entry.path} of ${this.#streamed.source.name}`;
    if ("size" in started) return this.#add(entry.path, { digest, ...knownRead(started, { hint, label, entry }) });
    const expected = { label, diffId: null, digest, size: entry.size };
    const { signal } = this.#options;
    const read = await readLayer(bytes, started, {
      expected,
      limits: this.#streamed.limits,
      ...(signal !== undefined && { signal }),
    });
    this.#add(entry.path, read);
  }

  #add(path: string, read: LayerRead): void {
    this.#reads.set(path, read);
    this.#layerBytes += read.size;
    this.#checkLimits();
    this.#options.meter.done();
  }

  #checkLimits(): void {
    const { limits, source } = this.#streamed;
    if (this.#layerBytes > limits.imageBytes)
      throw sourceError("IMAGE_TOO_LARGE", { fields: { limit: limits.imageBytes } });
    const count = this.#reads.size;
    if (count > limits.layers)
      throw sourceError("TOO_MANY_LAYERS", { fields: { name: source.name, count, limit: limits.layers } });
  }

  /** The plan's layers by diffID. Throws DIFF_ID_MISMATCH, and DOCUMENT_INVALID when one never came. */
  readsOf(plan: ImagePlan): Map<DiffId, LayerRead> {
    const found = new Map<DiffId, LayerRead>();
    for (const { where, diffId, label } of plan.layers) {
      if (where === null) continue;
      const path = this.#resolved(where);
      const read = this.#reads.get(path);
      const seen = read?.diffId ?? this.#known.get(path);
      if (seen === undefined) {
        const reason = `${label} is missing`;
        throw sourceError("DOCUMENT_INVALID", { fields: { name: this.#streamed.source.name, reason } });
      }
      if (seen !== diffId) throw sourceError("DIFF_ID_MISMATCH", { fields: { label, expected: diffId, found: seen } });
      if (read !== undefined) found.set(diffId, read);
    }
    return found;
  }

  #resolved(path: string): string {
    let at = normalPath(path) ?? "";
    for (let hops = 0; hops < 8 && !this.#sizes.has(at); hops++) at = this.#links.get(at) ?? at;
    return at;
  }
}

interface KnownSpot {
  readonly hint: DiffId | null;
  readonly label: string;
  readonly entry: Entry;
}

/** What reading a known layer would have shown. Throws SIZE_MISMATCH for bytes that cannot be that layer. */
function knownRead({ size }: KnownLayer, { hint, label, entry }: KnownSpot): Omit<LayerRead, "digest"> {
  if (hint === null) throw new TypeError("a layer can be known by its diffID only");
  if (size !== entry.size) throw sourceError("SIZE_MISMATCH", { fields: { label, expected: size, found: entry.size } });
  return { diffId: hint, size };
}

/** Whether a file of the archive is a layer: told by its bytes, because engines name layers in many ways. */
function isLayer(head: Uint8Array): boolean {
  if (compressionOf(head) !== "none") return true;
  if (head.length < blockBytes) return false;
  const block = Buffer.from(head.buffer, head.byteOffset, blockBytes);
  return isZeroBlock(block, 0) || typeof readHeader(block, 0) !== "string";
}
