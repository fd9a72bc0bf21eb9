import type { Limits } from "@plimsoll/kit";
import type { Digest } from "@plimsoll/model";
import { sourceError } from "../errors.ts";
import { type Descriptor, type ManifestDocument, parseManifest } from "./documents.ts";
import { fitOf, formatPlatform, type Platform } from "./platform.ts";

/** Which image of several is wanted. */
export interface PlatformWish {
  readonly platform: Platform;
  /** The user asked for it; else it is the host's, and an image of one other platform will do. */
  readonly isExplicit: boolean;
}

/** Gives a verified manifest or index by its descriptor. */
type FetchManifest = (descriptor: Descriptor) => Promise<Uint8Array>;

export interface ChosenManifest {
  readonly digest: Digest;
  readonly manifest: ManifestDocument & { readonly kind: "manifest" };
}

export interface ChooseOptions {
  readonly wish: PlatformWish;
  readonly fetch: FetchManifest;
  readonly limits: Limits;
  /** Names the image in error messages. */
  readonly name: string;
}

/** Indexes within indexes that are followed. */
const deepest = 5;

/** Walks from a manifest or index to the one manifest that serves the wish. Throws PLATFORM_NOT_FOUND, AMBIGUOUS_IMAGE and what reading throws. */
export async function chooseManifest(
  start: { readonly digest: Digest; readonly document: ManifestDocument },
  options: ChooseOptions,
): Promise<ChosenManifest> {
  let { digest, document } = start;
  for (let depth = 0; document.kind === "index"; depth++) {
    if (depth >= deepest) {
      throw sourceError("DOCUMENT_INVALID", {
        fields: { name: options.name, reason: "its indexes are nested too deeply" },
      });
    }
    const descriptor = chooseDescriptor(document.manifests, options);
    digest = descriptor.digest;
    document = parseManifest(await options.fetch(descriptor), options.name);
  }
  return { digest, manifest: document };
}

/** The one entry of an index that serves the wish best. */
export function chooseDescriptor(
  entries: readonly Descriptor[],
  { wish, name }: Pick<ChooseOptions, "wish" | "name">,
): Descriptor {
  const images = entries.filter(isImage);
  const fits = images.map((entry) => (entry.platform === null ? 1 : fitOf(wish.platform, entry.platform)));
  const best = Math.max(0, ...fits);
  const chosen = distinctByDigest(images.filter((_, index) => best > 0 && fits[index] === best));
  const [only] = chosen;
  // Variants of arm, unasked for: the highest that comes is what a current machine runs.
  if (only !== undefined && chosen.length > 1 && chosen.every(({ platform }) => platform?.variant !== undefined)) {
    return chosen.reduce((a, b) => ((b.platform?.variant ?? "") > (a.platform?.variant ?? "") ? b : a));
  }
  if (chosen.length > 1) {
    const found = chosen.map((entry) => entry.annotations[refName] ?? entry.digest).join(", ");
    throw sourceError("AMBIGUOUS_IMAGE", { fields: { name, found } });
  }
  const [single] = distinctByDigest(images);
  const candidate = only ?? (!wish.isExplicit && distinctByDigest(images).length === 1 ? single : undefined);
  if (candidate !== undefined) return candidate;
  const offered = images.map((entry) => (entry.platform === null ? "unnamed" : formatPlatform(entry.platform)));
  const fields = {
    name,
    platform: formatPlatform(wish.platform),
    offered: [...new Set(offered)].sort().join(", ") || "none",
  };
  throw sourceError("PLATFORM_NOT_FOUND", { fields });
}

/** Annotation that names an entry of a layout (OCI image-spec annotations.md). */
export const refName = "org.opencontainers.image.ref.name";

/** Attestations and signatures travel in the same index, as images for platform unknown/unknown. */
function isImage(entry: Descriptor): boolean {
  if (entry.annotations["vnd.docker.reference.type"] !== undefined) return false;
  return entry.platform?.os !== "unknown" || entry.platform.architecture !== "unknown";
}

function distinctByDigest(entries: readonly Descriptor[]): Descriptor[] {
  return [...new Map(entries.map((entry) => [entry.digest, entry])).values()];
}
