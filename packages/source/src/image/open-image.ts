import { type Limits, Line } from "@plimsoll/kit";
import type { DiffId, SourceInfo } from "@plimsoll/model";
import type { FileSpan } from "../archive/regular-file.ts";
import { walkSpan } from "../archive/walk-span.ts";
import type { ReadPartly } from "../chunked/partial-layer.ts";
import { StreamDigests } from "../digest/stream-digests.ts";
import type { ImageRead, KnownLayer, LayerRead, LayerVisitor, OpenedImage, ReadOptions, StartLayer } from "../entry.ts";
import { sourceError } from "../errors.ts";
import { compressionOf, magicBytes } from "../stream/compression.ts";
import { type ReadLayerOptions, readLayer } from "../stream/read-layer.ts";
import { type ImagePlan, imageReadOf, type PlannedLayer } from "./image-plan.ts";
import { LayerDigests } from "./layer-digests.ts";
import { ProgressMeter } from "./progress-meter.ts";

/** Layers begun at the same time, so that threads have digests to take while one layer after the other is walked. */
const inHand = 64;

/** Of these as many come through decompression at once: more brings nothing on two cores, and each holds some megabytes. */
const inFlight = 3;

/** Bytes of layers, as they lie or travel, from which on threads take their digests: starting those costs as much as hashing this. */
const worthThreads = 96 * 2 ** 20;

/** How a source gives the bytes of one of its layers: where they lie, or as they come. A chunk may change when the next is asked for. */
type OpenLayer = (layer: PlannedLayer, signal: AbortSignal) => AsyncIterable<Uint8Array> | FileSpan;

export interface PlannedSource {
  readonly source: SourceInfo;
  readonly plan: ImagePlan;
  readonly open: OpenLayer;
  /** Reads of a layer only what is wanted, where that is possible. */
  readonly readPartly?: ReadPartly;
  readonly limits: Limits;
  /** See {@link OpenedImage.isUnchanged}; absent where all is hashed as it is read. */
  readonly isUnchanged?: () => Promise<boolean>;
  readonly close: () => PromiseLike<void>;
}

/** An image whose layers lie each at a known place. */
export function openPlanned(planned: PlannedSource): OpenedImage {
  const digests = new LayerDigests(bytesOf(planned.plan));
  return {
    kind: "image",
    source: planned.source,
    diffIds: planned.plan.layers.some(({ where }) => where === null) ? null : planned.plan.config.diffIds,
    isUnchanged: planned.isUnchanged ?? (async () => true),
    readLayers: (start, options) => readLayers({ ...planned, digests }, start, options ?? {}),
    async [Symbol.asyncDispose]() {
      await digests[Symbol.asyncDispose]();
      await planned.close();
    },
  };
}

interface Reading extends PlannedSource {
  readonly digests: LayerDigests;
}

/** Bytes of all layers whose size is known. */
function bytesOf({ layers }: ImagePlan): number {
  return layers.reduce((sum, { size }) => sum + (size ?? 0), 0);
}

async function readLayers(reading: Reading, start: StartLayer, options: ReadOptions): Promise<ImageRead> {
  const { plan, limits } = reading;
  const waiting = distinct(plan.layers);
  const meter = new ProgressMeter(options.onProgress, waiting);
  const reads = new Map<DiffId, LayerRead>();
  const failure = new AbortController();
  const signal = options.signal === undefined ? failure.signal : AbortSignal.any([failure.signal, options.signal]);
  // Walking waits for nothing: company would only hold more memory.
  const walking = new Line(1);
  const streaming = new Line(inFlight);
  using streams = new StreamDigests();
  const digests = bytesOf(plan) < worthThreads ? undefined : streams;
  const checks: Promise<void>[] = [];
  let total = 0;
  const add = (read: LayerRead): void => {
    total += read.size;
    if (total > limits.imageBytes) throw sourceError("IMAGE_TOO_LARGE", { fields: { limit: limits.imageBytes } });
    reads.set(read.diffId, read);
  };
  const work = async (): Promise<void> => {
    for (let layer = waiting.shift(); layer !== undefined; layer = waiting.shift()) {
      signal.throwIfAborted();
      const blob = await blobOf(layer, reading.open(layer, signal));
      const started = start(blob.hint);
      if (started === null || "size" in started) {
        if (started !== null) add(knownRead(layer, started, blob));
        meter.skipped(layer);
        continue;
      }
      const options = { blob, layer, limits, signal, walking, streaming, digests, onBytes: meter.bytes };
      const { read, check } = await readOne(reading, started, options);
      checks.push(check);
      add(read);
      meter.done();
    }
  };
  const workers = Array.from({ length: Math.min(inHand, waiting.length) }, () =>
    work().catch((error: unknown) => {
      failure.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(workers);
  // The first to fail stopped the others: its error is the one that tells.
  if (failure.signal.aborted) throw failure.signal.reason;
  reading.digests.help();
  return { ...imageReadOf(plan, reads), verified: allOf(checks, signal) };
}

/** Rejects when a check does or `signal` aborts; heard of only where it is awaited: until then that must not count as unhandled. */
function allOf(checks: readonly Promise<void>[], signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  Promise.all(checks).then(() => resolve(), reject);
  promise.catch(() => undefined);
  return promise;
}

/** The bytes of a layer, and what is known of them before they are read. */
interface LayerBlob {
  readonly bytes: ReturnType<OpenLayer>;
  /** It lies uncompressed in a file. */
  readonly isPlain: boolean;
  /** See {@link StartLayer}. */
  readonly hint: DiffId | null;
}

/** Looks at a blob without reading it: one that is not as long as it should be, or whose digest only its bytes tell, is to be read. */
async function blobOf(layer: PlannedLayer, bytes: ReturnType<OpenLayer>): Promise<LayerBlob> {
  if (!("file" in bytes)) return { bytes, isPlain: false, hint: layer.diffId };
  const { file, start, length } = bytes;
  const isPlain = compressionOf(await file.read(start, Math.min(magicBytes, length))) === "none";
  const isTold = (isPlain || layer.digest !== null) && (layer.size ?? length) === length;
  return { bytes, isPlain, hint: isTold ? layer.diffId : null };
}

/** What reading a known layer would have shown. Throws SIZE_MISMATCH for bytes that cannot be that layer. */
function knownRead(
  { diffId, digest, label }: PlannedLayer,
  { size }: KnownLayer,
  { bytes, isPlain }: LayerBlob,
): LayerRead {
  if (isPlain && "file" in bytes && bytes.length !== size) {
    throw sourceError("SIZE_MISMATCH", { fields: { label, expected: size, found: bytes.length } });
  }
  return { diffId, digest, size };
}

interface ReadOne extends Omit<ReadLayerOptions, "signal"> {
  readonly layer: PlannedLayer;
  readonly blob: LayerBlob;
  readonly signal: AbortSignal;
  readonly walking: Line;
  readonly streaming: Line;
}

/** Reads a layer; `check` tells whether its digests hold, which for large ones in a file is known later. */
async function readOne(
  { plan, digests, readPartly }: Reading,
  visitor: LayerVisitor,
  options: ReadOne,
): Promise<{ readonly read: LayerRead; readonly check: Promise<void> }> {
  const { layer, walking, streaming } = options;
  const { bytes, isPlain } = options.blob;
  const read = (stream: AsyncIterable<Uint8Array>): Promise<LayerRead> =>
    streaming.do(async () => {
      const partly = (await readPartly?.(layer, visitor, options)) ?? null;
      return partly ?? readLayer(stream, visitor, { ...options, expected: layer });
    });
  if (!("file" in bytes)) return { read: await read(bytes), check: Promise.resolve() };
  const { file, start, length } = bytes;
  if (bytesOf(plan) < worthThreads || !isPlain)
    return { read: await read(file.chunks(start, length)), check: Promise.resolve() };
  const check = digests.check(layer, bytes);
  check.catch(() => undefined);
  return { read: await walking.do(() => walkSpan(bytes, visitor, options)), check };
}

/** Every content once, the largest blobs first: they take longest. */
function distinct(layers: readonly PlannedLayer[]): PlannedLayer[] {
  const byDiffId = new Map<DiffId, PlannedLayer>();
  for (const layer of layers)
    if (layer.where !== null && !byDiffId.has(layer.diffId)) byDiffId.set(layer.diffId, layer);
  return [...byDiffId.values()].sort((a, b) => (b.size ?? 0) - (a.size ?? 0));
}
