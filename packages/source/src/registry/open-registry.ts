import type { HttpClient, HttpResponse, Limits, Log } from "@plimsoll/kit";
import { type Digest, digestOf, parseDigest } from "@plimsoll/model";
import type { OpenedImage } from "../entry.ts";
import { sourceError } from "../errors.ts";
import { chooseManifest, type PlatformWish } from "../image/choose-manifest.ts";
import { type ConfigDocument, type Descriptor, parseConfig, parseManifest } from "../image/documents.ts";
import { planImage, spotOf } from "../image/image-plan.ts";
import { openPlanned } from "../image/open-image.ts";
import { fitOf, formatPlatform } from "../image/platform.ts";
import { formatReference, type ImageReference, parseReference } from "../reference.ts";
import { blobBytes } from "./blob-bytes.ts";
import type { Credentials } from "./credentials.ts";
import { RegistryClient } from "./registry-client.ts";

export interface OpenRegistryOptions {
  readonly http: HttpClient;
  /** Credentials for a registry; asked only when it wants to know. */
  readonly credentials: (registry: string) => Promise<Credentials | null>;
  readonly insecureHttp: boolean;
  readonly wish: PlatformWish;
  readonly limits: Limits;
  readonly log: Log;
}

const accept = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * Opens an image in a registry. Throws INVALID_REFERENCE, IMAGE_NOT_FOUND, CREDENTIALS_MISSING, ACCESS_DENIED,
 * RATE_LIMITED, REGISTRY_FAILED, REGISTRY_BAD_ANSWER, PLATFORM_NOT_FOUND, DIGEST_MISMATCH and what the HTTP client throws.
 */
export async function openRegistry(text: string, options: OpenRegistryOptions): Promise<OpenedImage> {
  const reference = parseReference(text);
  const { limits, wish } = options;
  const client = new RegistryClient({
    http: options.http,
    registry: reference.registry,
    repository: reference.repository,
    credentials: () => options.credentials(reference.registry),
    insecureHttp: options.insecureHttp,
    log: options.log,
  });
  const name = formatReference(reference);
  const top = await fetchTop(client, reference, limits);
  const chosen = await chooseManifest(
    { digest: top.digest, document: parseManifest(top.bytes, name) },
    {
      wish,
      limits,
      name,
      fetch: (descriptor) => fetchDocument(client, descriptor, { kind: "manifests", limits, name }),
    },
  );
  const configBytes = await fetchDocument(client, chosen.manifest.config, { kind: "blobs", limits, name });
  const config = parseConfig(configBytes, name);
  checkPlatform(config, wish, name);
  const plan = planImage(config, chosen.manifest.layers.map(spotOf), { limits, name, digest: chosen.digest });
  return openPlanned({
    source: { kind: "image", transport: "registry", name: text },
    plan,
    limits,
    open: (layer, signal) => blobBytes(client, layer, signal),
    close: async () => undefined,
  });
}

async function fetchTop(client: RegistryClient, reference: ImageReference, limits: Limits): Promise<Fetched> {
  const name = formatReference(reference);
  const response = await client.get(`manifests/${reference.digest ?? reference.tag ?? "latest"}`, { accept });
  if (response.status === 404) {
    response.discard();
    throw sourceError("IMAGE_NOT_FOUND", { fields: { name, registry: reference.registry } });
  }
  const bytes = await documentBytes(response, limits);
  const digest = digestOf(bytes);
  const promised = reference.digest ?? parseDigest(response.headers["docker-content-digest"]);
  if (promised !== null && promised !== digest) {
    throw sourceError("DIGEST_MISMATCH", { fields: { label: name, expected: promised, found: digest } });
  }
  return { bytes, digest };
}

interface Fetched {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

interface FetchContext {
  readonly kind: "manifests" | "blobs";
  readonly limits: Limits;
  readonly name: string;
}

async function fetchDocument(
  client: RegistryClient,
  descriptor: Descriptor,
  { kind, limits, name }: FetchContext,
): Promise<Uint8Array> {
  const { digest, size } = descriptor;
  const label = `the ${kind === "blobs" ? "configuration" : "manifest"} of ${name}`;
  const response = await client.get(`${kind}/${digest}`, kind === "manifests" ? { accept } : {});
  if (response.status === 404) {
    response.discard();
    throw sourceError("DOCUMENT_INVALID", { fields: { name, reason: `${digest} is missing in the registry` } });
  }
  const bytes = await documentBytes(response, limits);
  const found = digestOf(bytes);
  if (found !== digest) throw sourceError("DIGEST_MISMATCH", { fields: { label, expected: digest, found } });
  if (bytes.length !== size)
    throw sourceError("SIZE_MISMATCH", { fields: { label, expected: size, found: bytes.length } });
  return bytes;
}

async function documentBytes(response: HttpResponse, limits: Limits): Promise<Uint8Array> {
  return response.bytes(limits.documentBytes);
}

/** A registry that gives one image whatever is asked for: told when the user asked for another platform. */
function checkPlatform(config: ConfigDocument, wish: PlatformWish, name: string): void {
  if (!wish.isExplicit || fitOf(wish.platform, config.platform) > 0) return;
  const fields = { name, platform: formatPlatform(wish.platform), offered: formatPlatform(config.platform) };
  throw sourceError("PLATFORM_NOT_FOUND", { fields });
}
