import { defaultLimits } from "@plimsoll/kit";
import { chainIdsOf, type DiffId, digestOf, type Sbom } from "@plimsoll/model";
import type { Cataloger } from "./cataloger.ts";
import { catalogers } from "./catalogers.ts";
import { packEntry, unpackImage, unpackLayer } from "./layer-cache/entries.ts";
import { shapingParts } from "./layer-cache/shaping.ts";
import type { LayerFacts } from "./layers/layer-facts.ts";
import { type Contents, contentsOf } from "./sbom/contents.ts";

/** What one layer holds, for programs that exchange it: told apart by the layer, and by what shaped it. */
export interface LayerDocument {
  /** Bytes of the layer's uncompressed tar. */
  readonly size: number;
  readonly facts: LayerFacts;
  /** Bytes of its JSON. */
  readonly bytes: number;
  /** 64 hex digits over all of it: two documents that say the same have the same. */
  readonly sha256: string;
}

/**
 * Names what shapes layer documents: catalogers, their versions, limits, and the program's `revision`. Only programs of
 * one shaping understand one another's; 64 hex digits.
 */
export function shapingOf(revision: string): string {
  return hexOf(JSON.stringify(["layers", revision, ...shapingParts({ catalogers, limits: defaultLimits })]));
}

/** Reads a layer document as it travels (zstd of JSON), within limits on bytes and depth, field by field; `null` for anything else. */
export function readLayerDocument(bytes: Uint8Array): LayerDocument | null {
  const entry = unpackLayer(bytes);
  if (entry === null) return null;
  const json = Buffer.from(JSON.stringify(entry));
  return { ...entry, bytes: json.length, sha256: hexOf(json) };
}

/** Lays layers on one another, lowest first: the contents that scanning the whole image at once would have found. */
export function joinLayers(layers: readonly { readonly diffId: DiffId; readonly facts: LayerFacts }[]): Contents {
  return contentsOf(layers, { catalogers, limits: defaultLimits });
}

/** What an image holds, to be kept: zstd of JSON; `null` when it is too large for that. */
export function packContents(contents: Contents): Uint8Array | null {
  return packEntry({ sizes: [], contents });
}

/** Reads {@link packContents}' bytes back; `null` for anything else. */
export function readContentsDocument(bytes: Uint8Array): Contents | null {
  return unpackImage(bytes)?.contents ?? null;
}

/** Catalogers (default: all) as an SBOM names them. */
export function catalogerVersions(of: readonly Cataloger[] = catalogers): Sbom["catalogers"] {
  return of.map(({ name, version }) => ({ name, version })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The chainIDs of an image's layers are those that its diffIDs give. */
export function isOneChain(layers: readonly { readonly diffId: DiffId | null; readonly chainId: string | null }[]) {
  const real = layers.filter(({ diffId, chainId }) => diffId !== null || chainId !== null);
  const chain = chainIdsOf(real.flatMap(({ diffId }) => diffId ?? []));
  return real.every(({ chainId }, index) => chainId === chain[index]);
}

function hexOf(said: string | Uint8Array): string {
  return digestOf(said).slice("sha256:".length);
}
