import type { Limits } from "@plimsoll/kit";
import type { DiffId, SourceInfo } from "@plimsoll/model";
import type { ImageRead, LayerRead, LayerVisitor, OpenedImage, ReadOptions } from "../entry.ts";
import { sourceError } from "../errors.ts";
import { readLayer } from "../stream/read-layer.ts";
import { type ImagePlan, imageReadOf, type PlannedLayer } from "./image-plan.ts";
import { ProgressMeter } from "./progress-meter.ts";

/** Layers read at the same time: more brings nothing, measured on two cores. */
const inFlight = 4;

/** How a source gives the bytes of one of its layers. A chunk may change when the next is asked for. */
type OpenLayer = (layer: PlannedLayer, signal: AbortSignal) => AsyncIterable<Uint8Array>;

export interface PlannedSource {
  readonly source: SourceInfo;
  readonly plan: ImagePlan;
  readonly open: OpenLayer;
  readonly limits: Limits;
  readonly close: () => PromiseLike<void>;
}

/** An image whose layers lie each at a known place. */
export function openPlanned(planned: PlannedSource): OpenedImage {
  return {
    kind: "image",
    source: planned.source,
    readLayers: (start, options) => readLayers(planned, start, options ?? {}),
    [Symbol.asyncDispose]: planned.close,
  };
}

type Start = (hint: DiffId | null) => LayerVisitor | null;

async function readLayers(planned: PlannedSource, start: Start, options: ReadOptions): Promise<ImageRead> {
  const { plan, open, limits } = planned;
  const waiting = distinct(plan.layers);
  const meter = new ProgressMeter(options.onProgress, waiting);
  const reads = new Map<DiffId, LayerRead>();
  const failure = new AbortController();
  const signal = options.signal === undefined ? failure.signal : AbortSignal.any([failure.signal, options.signal]);
  let total = 0;
  const work = async (): Promise<void> => {
    for (let layer = waiting.shift(); layer !== undefined; layer = waiting.shift()) {
      signal.throwIfAborted();
      const visitor = start(layer.diffId);
      if (visitor === null) {
        meter.skipped(layer);
        continue;
      }
      const stream = open(layer, signal);
      const read = await readLayer(stream, visitor, { expected: layer, limits, signal, onBytes: meter.bytes });
      total += read.size;
      if (total > limits.imageBytes) throw sourceError("IMAGE_TOO_LARGE", { fields: { limit: limits.imageBytes } });
      reads.set(read.diffId, read);
      meter.done();
    }
  };
  const workers = Array.from({ length: Math.min(inFlight, waiting.length) }, () =>
    work().catch((error: unknown) => {
      failure.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(workers);
  // The first to fail stopped the others: its error is the one that tells.
  if (failure.signal.aborted) throw failure.signal.reason;
  return imageReadOf(plan, reads);
}

/** Every content once, the largest blobs first: they take longest. */
function distinct(layers: readonly PlannedLayer[]): PlannedLayer[] {
  const byDiffId = new Map<DiffId, PlannedLayer>();
  for (const layer of layers)
    if (layer.where !== null && !byDiffId.has(layer.diffId)) byDiffId.set(layer.diffId, layer);
  return [...byDiffId.values()].sort((a, b) => (b.size ?? 0) - (a.size ?? 0));
}
