import { type Limits, type Log, PlimsollError } from "@plimsoll/kit";
import type { LayerRead, LayerVisitor } from "../entry.ts";
import type { PlannedLayer } from "../image/image-plan.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { tocFinderFor } from "./find-toc.ts";
import { rangedBlob } from "./ranged-blob.ts";
import { readByToc } from "./read-by-toc.ts";
import { type TocEntry, UnusableToc } from "./toc.ts";

export interface PartialReads {
  readonly client: RegistryClient;
  /** Annotations of a layer's descriptor in the manifest. */
  readonly annotationsOf: (layer: PlannedLayer) => Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly log: Log;
}

export interface PartialOptions {
  readonly signal: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
}

/** Reads a layer by its table of contents, of which the manifest holds the digest; `null`: it has none that can be used, nothing was told to the visitor, and it is to be read whole. */
export type ReadPartly = (
  layer: PlannedLayer,
  visitor: LayerVisitor,
  options: PartialOptions,
) => Promise<LayerRead | null>;

/**
 * Reads of layers only what is wanted, where they have a table of contents (eStargz, zstd:chunked). Every byte given to
 * the visitor is checked, against the table and so against the manifest. What is not checked is that the table tells all
 * that the layer holds: a builder may leave something out of it that engines unpack. So a problem says it.
 */
export function partialReads({ client, annotationsOf, limits, log }: PartialReads): ReadPartly {
  return async (layer, visitor, options) => {
    const { size, digest, diffId } = layer;
    const find = tocFinderFor(annotationsOf(layer));
    if (find === null || size === null || layer.where === null) return null;
    const blob = rangedBlob(client, { ...layer, size }, options);
    const entries = await find(blob, limits).catch((error: unknown): readonly TocEntry[] | null => {
      if (!isUnusable(error)) throw error;
      log.info("the layer is read whole", { layer: layer.label, reason: error.message });
      return null;
    });
    if (entries === null) return null;
    const tarBytes = await readByToc(blob, entries, { visitor, limits, signal: options.signal });
    visitor.problem({
      level: "incomplete",
      code: "partial-read",
      message: "the layer was read by its table of contents, and nothing shows that this names all that is in it",
      next: "scan without --partial-reads",
    });
    const read: LayerRead = { diffId, digest, size: tarBytes, isPartial: true };
    visitor.end(read);
    return read;
  };
}

/** What is wrong with the table itself; a registry that fails is another matter. */
function isUnusable(error: unknown): error is Error {
  const codes = /^(?:TAR_|COMPRESSION_|BODY_TOO_LARGE|LAYER_TOO_LARGE)/;
  return error instanceof UnusableToc || (error instanceof PlimsollError && codes.test(error.code));
}
