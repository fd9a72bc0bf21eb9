import type { Digest } from "@plimsoll/model";
import { listAttachments } from "../attachments/list-attachments.ts";
import { partialReads } from "../chunked/partial-layer.ts";
import type { OpenedImage } from "../entry.ts";
import { checkPlatform } from "../image/check-platform.ts";
import { chooseManifest, type PlatformWish } from "../image/choose-manifest.ts";
import { type Descriptor, parseConfig, parseManifest } from "../image/documents.ts";
import { type PlannedLayer, planImage, spotOf } from "../image/image-plan.ts";
import { openPlanned } from "../image/open-image.ts";
import { formatReference, parseReference } from "../reference.ts";
import { blobBytes } from "./blob-bytes.ts";
import type { DocumentStore } from "./document-store.ts";
import { findImage, type RegistryAccess } from "./find-image.ts";
import { fetchDocument } from "./registry-documents.ts";

export interface OpenRegistryOptions extends RegistryAccess {
  readonly wish: PlatformWish;
  /** Lists what is attached to the image. */
  readonly attachments: boolean;
  /** Reads of layers with a table of contents only what is wanted, see `partialReads`. */
  readonly partialReads: boolean;
  /** Documents of images that were opened before. */
  readonly documents?: DocumentStore | undefined;
}

/**
 * Opens an image in a registry or a mirror of it. Throws INVALID_REFERENCE, IMAGE_NOT_FOUND, CREDENTIALS_MISSING,
 * ACCESS_DENIED, RATE_LIMITED, REGISTRY_FAILED, REGISTRY_BAD_ANSWER, REGISTRY_BLOCKED, PLATFORM_NOT_FOUND,
 * DIGEST_MISMATCH and what the HTTP client throws.
 */
export async function openRegistry(text: string, options: OpenRegistryOptions): Promise<OpenedImage> {
  const reference = parseReference(text);
  const { limits, wish, documents: known } = options;
  const name = formatReference(reference);
  const { client, ...top } = await findImage(reference, options);
  const document = parseManifest(top.bytes, name);
  const chosen = await chooseManifest(
    { digest: top.digest, document },
    {
      wish,
      limits,
      name,
      fetch: (descriptor) => fetchDocument(client, descriptor, { kind: "manifests", limits, name, known }),
    },
  );
  const configBytes = await fetchDocument(client, chosen.manifest.config, { kind: "blobs", limits, name, known });
  const config = parseConfig(configBytes, name);
  checkPlatform(config.platform, wish, name);
  const plan = planImage(config, chosen.manifest.layers.map(spotOf), { limits, name, digest: chosen.digest });
  const index = document.kind === "index" ? { digest: top.digest, entries: document.manifests } : null;
  const listed = options.attachments ? await listAttachments({ client, digest: chosen.digest, index, limits }) : null;
  const byDigest = new Map<Digest | null, Descriptor>(chosen.manifest.layers.map((layer) => [layer.digest, layer]));
  const annotationsOf = ({ digest }: PlannedLayer) => byDigest.get(digest)?.annotations ?? {};
  return openPlanned({
    source: {
      kind: "image",
      transport: "registry",
      name: text,
      ...(listed !== null && { attachments: listed.attachments }),
    },
    plan: { ...plan, problems: [...plan.problems, ...(listed?.problems ?? [])] },
    limits,
    open: (layer, signal) => blobBytes(client, layer, signal),
    ...(options.partialReads && { readPartly: partialReads({ client, annotationsOf, limits, log: options.log }) }),
    close: async () => undefined,
  });
}
