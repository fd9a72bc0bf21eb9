import type { HttpResponse, Limits } from "@plimsoll/kit";
import { type Digest, digestOf, parseDigest } from "@plimsoll/model";
import { sourceError } from "../errors.ts";
import type { Descriptor } from "../image/documents.ts";
import { formatReference, type ImageReference } from "../reference.ts";
import type { DocumentStore } from "./document-store.ts";
import type { RegistryClient } from "./registry-client.ts";

const accept = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** A document as it came, with the digest that it has. */
export interface Fetched {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

/** The manifest or index that a reference names. Throws IMAGE_NOT_FOUND, DIGEST_MISMATCH, BODY_TOO_LARGE and what the client throws. */
export async function fetchTop(client: RegistryClient, reference: ImageReference, limits: Limits): Promise<Fetched> {
  const found = await findManifest(client, reference.digest ?? reference.tag ?? "latest", limits);
  const name = formatReference(reference);
  if (found === null) throw sourceError("IMAGE_NOT_FOUND", { fields: { name, registry: reference.registry } });
  return found;
}

/** The manifest under a tag or digest; `null` when the registry has none. Throws DIGEST_MISMATCH. */
export async function findManifest(client: RegistryClient, name: string, limits: Limits): Promise<Fetched | null> {
  const response = await client.get(`manifests/${name}`, { accept });
  if (response.status === 404) {
    response.discard();
    return null;
  }
  const bytes = await documentBytes(response, limits);
  const digest = digestOf(bytes);
  const promised = parseDigest(name) ?? parseDigest(response.headers["docker-content-digest"]);
  if (promised !== null && promised !== digest) {
    const fields = { label: `${client.repository}:${name.slice(0, 128)}`, expected: promised, found: digest };
    throw sourceError("DIGEST_MISMATCH", { fields });
  }
  return { bytes, digest };
}

/** What a document is, where it lies, and which image it belongs to. */
export interface FetchContext {
  readonly kind: "manifests" | "blobs";
  readonly limits: Limits;
  readonly name: string;
  /** Absent: the registry is always asked. */
  readonly known?: DocumentStore | undefined;
}

/** The document that a descriptor points at, held to its digest and size. Throws DOCUMENT_INVALID, DIGEST_MISMATCH, SIZE_MISMATCH. */
export async function fetchDocument(
  client: RegistryClient,
  descriptor: Pick<Descriptor, "digest" | "size">,
  context: FetchContext,
): Promise<Uint8Array> {
  const { digest, size } = descriptor;
  const { kind, name, known } = context;
  const before = known?.get(digest) ?? null;
  const isKnown = before !== null && digestOf(before) === digest;
  const bytes = isKnown ? before : await fetchBytes(client, digest, context);
  if (bytes.length !== size) {
    const fields = { label: labelOf(kind, name), expected: size, found: bytes.length };
    throw sourceError("SIZE_MISMATCH", { fields });
  }
  if (!isKnown) known?.keep(digest, bytes);
  return bytes;
}

async function fetchBytes(client: RegistryClient, digest: Digest, context: FetchContext): Promise<Uint8Array> {
  const { kind, limits, name } = context;
  const response = await client.get(`${kind}/${digest}`, kind === "manifests" ? { accept } : {});
  if (response.status === 404) {
    response.discard();
    throw sourceError("DOCUMENT_INVALID", { fields: { name, reason: `${digest} is missing in the registry` } });
  }
  const bytes = await documentBytes(response, limits);
  const found = digestOf(bytes);
  if (found !== digest) {
    throw sourceError("DIGEST_MISMATCH", { fields: { label: labelOf(kind, name), expected: digest, found } });
  }
  return bytes;
}

function labelOf(kind: FetchContext["kind"], name: string): string {
  return `the ${kind === "blobs" ? "configuration" : "manifest"} of ${name}`;
}

async function documentBytes(response: HttpResponse, limits: Limits): Promise<Uint8Array> {
  return response.bytes(limits.documentBytes);
}
