import { chainIdsOf, type DiffId } from "@plimsoll/model";
import { type ImageEntry, keepEntry, type LayerEntry, unpackImage, unpackLayer } from "./entries.ts";
import type { LayerCache } from "./layer-cache.ts";
import { type Shaping, shapingParts } from "./shaping.ts";

/**
 * What earlier scans found, by content.
 *
 * Whom it trusts: a layer is known by the diffID that the image's configuration names, and an image by those of all its
 * layers. What is kept under a diffID was read from bytes that had that digest ({@link KnownContent.keep} is called once
 * digests hold), so no image can change what another one's layers are said to hold. An image that names a diffID and
 * ships other bytes is refused when that layer is not known; when it is known those bytes are not looked at, and the scan
 * tells what the diffID stands for. Engines refuse to unpack such an image.
 */
export interface KnownContent {
  layer(diffId: DiffId): LayerEntry | null;
  /** By its layers, lowest first. */
  image(diffIds: readonly DiffId[]): ImageEntry | null;
  /** Takes note of what was found, and answers how to keep it: to be called once every digest holds. */
  keep(found: Found): () => void;
}

/** What a scan found that was not known. */
export interface Found {
  readonly layers: ReadonlyMap<DiffId, LayerEntry>;
  /** Absent when something of it was not read. */
  readonly image?: { readonly diffIds: readonly DiffId[]; readonly entry: ImageEntry };
}

/** Knowledge of layers and images in a cache; without one nothing is known and nothing kept. */
export function knownContent(cache: LayerCache | undefined, shaping: Shaping): KnownContent {
  if (cache === undefined) return nothingKnown;
  const shapes = shapingParts(shaping);
  const keyOf = (kind: "layer" | "image", id: string): string => JSON.stringify([kind, id, ...shapes]);
  const imageKey = (diffIds: readonly DiffId[]): string => keyOf("image", chainIdsOf(diffIds).at(-1) ?? "");
  return {
    layer: (diffId) => read(cache, keyOf("layer", diffId), unpackLayer),
    image: (diffIds) => (diffIds.length === 0 ? null : read(cache, imageKey(diffIds), unpackImage)),
    keep({ layers, image }) {
      const packed = new Map<string, Uint8Array>();
      const add = (key: string, bytes: Uint8Array | null): void => void (bytes !== null && packed.set(key, bytes));
      for (const [diffId, entry] of layers) add(keyOf("layer", diffId), keepEntry(entry));
      if (image !== undefined) add(imageKey(image.diffIds), keepEntry(image.entry));
      return () => {
        if (packed.size > 0) cache.keep(packed);
      };
    },
  };
}

const nothingKnown: KnownContent = { layer: () => null, image: () => null, keep: () => () => undefined };

function read<T>(cache: LayerCache, key: string, unpack: (bytes: Uint8Array) => T | null): T | null {
  const bytes = cache.get(key);
  return bytes === null ? null : unpack(bytes);
}
