import { type DiffId, type Digest, digestOf, parseDigest } from "@plimsoll/model";
import { sourceError } from "../errors.ts";
import type { ImagePlan } from "../image/image-plan.ts";

/** The documents of an archive or layout, wherever it lies. */
export interface ArchiveView {
  /** Shown to people: a path. */
  readonly name: string;
  /** A small file by its path; `null` when there is none. Throws DOCUMENT_INVALID beyond the limit on documents. */
  document(path: string): Promise<Uint8Array | null>;
  /** Bytes of a blob by its path; `null` when there is none or its size is not known yet. */
  size(path: string): number | null;
}

/** Reads the plan of one image out of an archive or layout; `null`: it holds nothing of this kind. */
export type PlanArchive = (view: ArchiveView) => Promise<ImagePlan | null>;

/** Path of a blob in an OCI layout (image-layout.md). */
export function blobPath(digest: Digest | DiffId): string {
  return `blobs/sha256/${digest.slice("sha256:".length)}`;
}

/** A document that must be there and must be what its digest says. Throws DOCUMENT_INVALID, DIGEST_MISMATCH. */
export async function verifiedDocument(
  view: ArchiveView,
  path: string,
  expected: { readonly digest: Digest; readonly size: number } | null,
): Promise<Uint8Array> {
  const bytes = await view.document(path);
  if (bytes === null)
    throw sourceError("DOCUMENT_INVALID", { fields: { name: view.name, reason: `${path} is missing` } });
  if (expected === null) return bytes;
  const found = digestOf(bytes);
  const label = `${path} of ${view.name}`;
  if (found !== expected.digest) {
    throw sourceError("DIGEST_MISMATCH", { fields: { label, expected: expected.digest, found } });
  }
  if (bytes.length !== expected.size) {
    throw sourceError("SIZE_MISMATCH", { fields: { label, expected: expected.size, found: bytes.length } });
  }
  return bytes;
}

/** The digest that a blob's or a saved file's name promises (`blobs/sha256/HEX`, `HEX.json`, `HEX.tar`); `null` when it promises none. */
export function promisedDigest(path: string): Digest | null {
  const hex = /^(?:.*\/)?([0-9a-f]{64})(?:\.json|\.tar)?$/.exec(path)?.[1];
  return hex === undefined ? null : parseDigest(`sha256:${hex}`);
}
