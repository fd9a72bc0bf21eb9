import type { Limits } from "@plimsoll/kit";
import { digestOf } from "@plimsoll/model";
import type { OpenedImage } from "../entry.ts";
import { sourceError } from "../errors.ts";
import { checkPlatform } from "../image/check-platform.ts";
import type { PlatformWish } from "../image/choose-manifest.ts";
import { parseConfig, parseManifest } from "../image/documents.ts";
import { type ImagePlan, type PlannedLayer, planImage } from "../image/image-plan.ts";
import { openPlanned } from "../image/open-image.ts";
import { findImage } from "./find-image.ts";
import { rebuiltLayer } from "./rebuilt-layer.ts";
import { type LayerSpot, readLayerParents, readStores, type Store, type StoredImage, storeFile } from "./store.ts";

export interface OpenStorageOptions {
  /** Stores in the order they are searched. */
  readonly roots: readonly string[];
  readonly words: { readonly engine: string; readonly list: string };
  /** Name of the way, for reports. */
  readonly transport: string;
  readonly limits: Limits;
  readonly wish: PlatformWish;
}

/**
 * Opens an image in stores of containers/storage on disk. Layers lie there unpacked: each is put together again from its
 * tar-split and its files, byte for byte, and is checked against its diffID. Throws NO_SUCH_IMAGE, AMBIGUOUS_NAME,
 * ENGINE_DENIED, STORE_INVALID, STORE_LAYER_UNREADABLE, PLATFORM_NOT_FOUND, DIGEST_MISMATCH, DOCUMENT_INVALID.
 */
export async function openFromStorage(text: string, options: OpenStorageOptions): Promise<OpenedImage> {
  const { limits, words } = options;
  const { engine } = words;
  const host = options.roots.join(", ");
  const stores = options.roots.flatMap((root) => readStores(root, { limits, engine }));
  const image = findImage(
    text,
    stores.flatMap(({ images }) => images),
    { engine, host },
  );
  if (image === null) throw sourceError("NO_SUCH_IMAGE", { fields: { ...words, host, image: text } });
  const chain = layerChain(image, stores, options);
  const plan = planOf(image, chain, { ...options, text });
  const homes = new Map(chain.map((spot) => [spot.id, spot]));
  return openPlanned({
    source: { kind: "image", transport: options.transport, name: text },
    plan,
    limits,
    open: (layer, signal) => rebuiltLayer(spotOf(layer, homes, image.store.root), { layer, limits, engine, signal }),
    close: async () => undefined,
  });
}

/** Layers from the lowest up; those that the image's own store lacks may lie in another. Throws STORE_INVALID. */
function layerChain(image: StoredImage, stores: readonly Store[], { limits, words }: OpenStorageOptions): LayerSpot[] {
  const ordered = [image.store, ...stores.filter((store) => store !== image.store)];
  const tables = ordered.map((store) => ({
    store,
    parents: readLayerParents(store, { limits, engine: words.engine }),
  }));
  const chain: LayerSpot[] = [];
  const { root } = image.store;
  for (let id = image.layer; id !== ""; ) {
    const home = tables.find(({ parents }) => parents.has(id));
    const reason = `layer ${id.slice(0, 12)} of image ${image.id.slice(0, 12)} is not listed`;
    if (home === undefined) throw sourceError("STORE_INVALID", { fields: { store: root, reason } });
    // Also how a layer among its own parents ends.
    if (chain.length >= limits.layers) {
      const name = image.names[0] ?? image.id;
      throw sourceError("TOO_MANY_LAYERS", { fields: { name, count: chain.length + 1, limit: limits.layers } });
    }
    chain.push({ id, store: home.store });
    id = home.parents.get(id) ?? "";
  }
  return chain.reverse();
}

function planOf(
  image: StoredImage,
  chain: readonly LayerSpot[],
  { limits, wish, words, text }: OpenStorageOptions & { readonly text: string },
): ImagePlan {
  const read = (name: string): Buffer => bigData(image, name, { limits, engine: words.engine });
  const bytes = read("manifest");
  const manifest = parseManifest(bytes, text);
  if (manifest.kind === "index") {
    throw sourceError("DOCUMENT_INVALID", { fields: { name: text, reason: "it is a list of images, not one" } });
  }
  const configBytes = read(manifest.config.digest);
  const found = digestOf(configBytes);
  if (found !== manifest.config.digest) {
    const label = `the configuration of ${text}`;
    throw sourceError("DIGEST_MISMATCH", { fields: { label, expected: manifest.config.digest, found } });
  }
  const config = parseConfig(configBytes, text);
  checkPlatform(config.platform, wish, text);
  // The blobs that the manifest names are not kept: sizes and digests are those of the layers put together.
  const spots = chain.map(({ id }) => ({ where: id, digest: null, size: null }));
  return planImage(config, spots, { limits, name: text, digest: digestOf(bytes) });
}

/** A document kept beside an image; its file's name is the key, in base64 unless it is plain (containers/storage `makeBigDataBaseName`). */
function bigData(
  { id, store }: StoredImage,
  key: string,
  options: { readonly limits: Limits; readonly engine: string },
): Buffer {
  const name = /^[0-9a-z.]+$/.test(key) ? key : `=${Buffer.from(key).toString("base64")}`;
  const limitBytes = options.limits.documentBytes;
  const bytes = storeFile(store.root, `${store.driver}-images/${id}/${name}`, { ...options, limitBytes });
  if (bytes !== null) return bytes;
  const reason = `image ${id.slice(0, 12)} has no ${key}`;
  throw sourceError("STORE_INVALID", { fields: { store: store.root, reason } });
}

function spotOf(layer: PlannedLayer, homes: ReadonlyMap<string, LayerSpot>, store: string): LayerSpot {
  const spot = homes.get(layer.where ?? "");
  if (spot === undefined)
    throw sourceError("STORE_INVALID", { fields: { store, reason: `${layer.label} is missing` } });
  return spot;
}
