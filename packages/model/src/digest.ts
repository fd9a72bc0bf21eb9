import { hash } from "node:crypto";

/** sha256 of a compressed blob, a manifest or a config, as `sha256:<64 hex>`. */
export type Digest = string & { readonly __brand: "Digest" };
/** sha256 of one layer's uncompressed tar (OCI image-spec config.md, "Layer DiffID"). */
export type DiffId = string & { readonly __brand: "DiffId" };
/** Identity of a layer together with all layers below it (OCI image-spec config.md, "Layer ChainID"). */
export type ChainId = string & { readonly __brand: "ChainId" };
/** Digest of the image configuration: the identity of an image. */
export type ImageId = string & { readonly __brand: "ImageId" };

const pattern = /^sha256:[0-9a-f]{64}$/;

/** Reads `sha256:<64 lower-case hex>`; `null` for anything else (other algorithms included). */
export function parseDigest(text: unknown): Digest | null {
  return typeof text === "string" && pattern.test(text) ? (text as Digest) : null;
}

/** Like {@link parseDigest}, for the digest of an uncompressed layer. */
export function parseDiffId(text: unknown): DiffId | null {
  return parseDigest(text) as DiffId | null;
}

/** The config digest seen as the image's identity. */
export function imageIdOf(config: Digest): ImageId {
  return config as string as ImageId;
}

/** `sha256:<hex>` of the bytes. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${hash("sha256", bytes, "hex")}` as Digest;
}

/** ChainIDs of the layers, lowest first (OCI image-spec config.md: ChainID(L0..Ln) = sha256(ChainID(L0..Ln-1) + " " + DiffID(Ln))). */
export function chainIdsOf(diffIds: readonly DiffId[]): ChainId[] {
  const chain: ChainId[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push((below === undefined ? diffId : digestOf(`${below} ${diffId}`)) as string as ChainId);
  }
  return chain;
}
