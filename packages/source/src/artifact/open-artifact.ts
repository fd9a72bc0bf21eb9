import type { HttpResponse } from "@plimsoll/kit";
import { type Digest, digestOf } from "@plimsoll/model";
import { sourceError } from "../errors.ts";
import { formatReference, type ImageReference, parseReference } from "../reference.ts";
import { clientFor, findImage } from "../registry/find-image.ts";
import { accessOf, type RegistryOptions } from "../registry/registry-access.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { findManifest } from "../registry/registry-documents.ts";

/** An artifact that is no image, in a registry or a mirror of it. */
export interface Artifact {
  /** The reference in full. */
  readonly name: string;
  /** Its manifest, checked against the digest that it came under. */
  readonly manifest: Uint8Array;
  /** The answer with a blob, 200 or 206. Its bytes are not checked. Throws LAYER_NOT_FOUND and what registries throw. */
  blob(digest: Digest, headers: { readonly range?: string }): Promise<HttpResponse>;
}

/** Where an artifact can be written to: blobs first, then the manifest that names them. */
export interface ArtifactTarget {
  readonly name: string;
  readonly tag: string;
  /** The manifest that the tag names now; `null` for none. */
  manifest(): Promise<Uint8Array | null>;
  blob(digest: Digest, headers: { readonly range?: string }): Promise<HttpResponse>;
  has(digest: Digest): Promise<boolean>;
  /** Uploads a blob in one piece, if the registry has it not yet. */
  putBlob(bytes: Uint8Array): Promise<Digest>;
  putManifest(bytes: Uint8Array, mediaType: string, tag: string): Promise<Digest>;
}

type Options = RegistryOptions & { readonly signal?: AbortSignal };

/** Finds an artifact by its reference. Throws what opening an image in a registry throws. */
export async function openArtifact(text: string, options: Options): Promise<Artifact> {
  const reference = parseReference(text);
  const { client, bytes } = await findImage(reference, accessOf(options));
  return {
    name: formatReference(reference),
    manifest: bytes,
    blob: (digest, headers) => blobOf(client, digest, { ...headers, signal: options.signal }),
  };
}

/** Makes ready to write an artifact to a registry, never to a mirror. Throws INVALID_REFERENCE, also for one by digest. */
export async function openArtifactTarget(text: string, options: Options): Promise<ArtifactTarget> {
  const reference = parseReference(text);
  const { registry, repository, tag } = reference;
  if (tag === null || reference.digest !== null) {
    const fields = { reference: text, reason: "what is written needs a tag, and no digest" };
    throw sourceError("INVALID_REFERENCE", { fields });
  }
  const access = accessOf(options);
  const place = { registry, repository, isInsecure: false, isMirror: false };
  const client = clientFor(place, access, { forPush: true });
  const has = async (digest: Digest) => (await statusOf(client, `blobs/${digest}`)) === 200;
  return {
    name: formatReference(reference),
    tag,
    manifest: async () => (await findManifest(client, tag, access.limits))?.bytes ?? null,
    blob: (digest, headers) => blobOf(client, digest, { ...headers, signal: options.signal }),
    has,
    async putBlob(bytes) {
      const digest = digestOf(bytes);
      if (!(await has(digest))) await upload({ client, reference }, { bytes, digest, signal: options.signal });
      return digest;
    },
    async putManifest(bytes, mediaType, name) {
      const headers = { "content-type": mediaType };
      const signal = options.signal;
      const answer = await client.send(`manifests/${name}`, { method: "PUT", headers, body: bytes, signal });
      await settle(answer, reference, 201);
      return digestOf(bytes);
    },
  };
}

async function blobOf(
  client: RegistryClient,
  digest: Digest,
  get: { readonly range?: string; readonly signal: AbortSignal | undefined },
): Promise<HttpResponse> {
  const response = await client.get(`blobs/${digest}`, get);
  if (response.status !== 404) return response;
  response.discard();
  throw sourceError("LAYER_NOT_FOUND", { fields: { label: digest } });
}

async function statusOf(client: RegistryClient, path: string): Promise<number> {
  const response = await client.send(path, { method: "HEAD" });
  response.discard();
  return response.status;
}

interface Upload {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly signal: AbortSignal | undefined;
}

interface Target {
  readonly client: RegistryClient;
  readonly reference: ImageReference;
}

/** distribution-spec, "Pushing a blob monolithically": POST for an address, PUT with all bytes there. */
async function upload({ client, reference }: Target, { bytes, digest, signal }: Upload): Promise<void> {
  const session = await client.send("blobs/uploads/", { method: "POST", headers: { "content-length": "0" }, signal });
  const { location } = session.headers;
  await settle(session, reference, 202);
  const url = location === undefined ? null : URL.parse(location, session.url);
  if (url === null) throw badAnswer(reference, "it gives no address for an upload");
  url.searchParams.set("digest", digest);
  const headers = { "content-type": "application/octet-stream" };
  await settle(await client.send(url.href, { method: "PUT", headers, body: bytes, signal }), reference, 201);
}

async function settle(response: HttpResponse, reference: ImageReference, wanted: number): Promise<void> {
  await response.bytes(65_536).catch(() => response.discard());
  if (response.status !== wanted) throw badAnswer(reference, `it answers a write with status ${response.status}`);
}

function badAnswer({ registry, repository }: ImageReference, reason: string): Error {
  return sourceError("REGISTRY_BAD_ANSWER", { fields: { registry, repository, reason } });
}
