import type { Digest } from "@plimsoll/model";

/** Manifests and configurations that were read before, by digest. Whoever asks holds them to their digest again; anything may be missing at any time, and no method throws. */
export interface DocumentStore {
  get(digest: Digest): Uint8Array | null;
  keep(digest: Digest, bytes: Uint8Array): void;
}
