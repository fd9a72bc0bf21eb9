import type { DiffId, ImageInfo, Problem } from "@plimsoll/model";
import type { KnownLayer, OpenedImage } from "@plimsoll/source";
import type { AnalyzeOptions } from "./analyze.ts";
import { catalogers as allCatalogers } from "./catalogers.ts";
import { type LayerEntry, packEntry } from "./layer-cache/entries.ts";
import { knownContent } from "./layer-cache/known-content.ts";
import { emptyLayer } from "./layers/empty-layer.ts";
import { unheard } from "./layers/unheard.ts";
import { readImage } from "./read-source.ts";

/** An image of which only what is not known elsewhere was looked at. */
export interface LayersApart {
  readonly image: ImageInfo;
  /** What concerns the source and not the contents of its layers. */
  readonly problems: readonly Problem[];
  /** The layers that are not known elsewhere, as `readLayerDocument` reads them. */
  readonly documents: ReadonlyMap<DiffId, Uint8Array>;
}

/**
 * Reads an image's layers apart, so that others can join them with what they know: `elsewhere` says of which. Answers
 * `null` when that would not give what reading the whole image gives (a layer that broke off, was read in part, is of a
 * file somebody writes to, …): then analyse it whole. Every digest holds when it resolves. Throws what reading throws.
 */
export async function readLayersApart(
  source: OpenedImage,
  elsewhere: ReadonlyMap<DiffId, KnownLayer>,
  options: AnalyzeOptions,
): Promise<LayersApart | null> {
  const { diffIds } = source;
  if (diffIds === null) return null;
  const wanted = new Set(diffIds.filter((diffId) => !elsewhere.has(diffId)));
  if (wanted.size === 0) return describeOnly(source, elsewhere, options);
  const reading = { ...options, catalogers: options.catalogers ?? allCatalogers };
  const cached = knownContent(options.cache, reading);
  const read = await readImage(source, reading, {
    layer: (diffId) => {
      const there = elsewhere.get(diffId);
      return there === undefined ? cached.layer(diffId) : { size: there.size, facts: emptyLayer };
    },
  });
  const keep = cached.keep({ layers: read.fresh });
  await read.verified;
  if (read.image === null || !(await source.isUnchanged())) return null;
  keep();
  const documents = packed(wanted, new Map([...read.known, ...read.fresh]));
  return documents === null ? null : { image: read.image, problems: read.problems, documents };
}

function packed(
  wanted: ReadonlySet<DiffId>,
  found: ReadonlyMap<DiffId, LayerEntry>,
): ReadonlyMap<DiffId, Uint8Array> | null {
  const documents = new Map<DiffId, Uint8Array>();
  for (const diffId of wanted) {
    const entry = found.get(diffId);
    const bytes = entry === undefined ? null : packEntry(entry);
    if (bytes === null) return null;
    documents.set(diffId, bytes);
  }
  return documents;
}

/** Nothing is to be found: only what the documents do not tell of the blobs is read, such as the digest of one without a name. */
async function describeOnly(
  source: OpenedImage,
  elsewhere: ReadonlyMap<DiffId, KnownLayer>,
  options: AnalyzeOptions,
): Promise<LayersApart> {
  const { image, problems, verified } = await source.readLayers(
    (hint) => (hint === null ? undefined : elsewhere.get(hint)) ?? unheard,
    options,
  );
  await verified;
  return { image, problems, documents: new Map() };
}
