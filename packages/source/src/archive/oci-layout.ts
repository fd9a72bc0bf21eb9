import type { Limits } from "@plimsoll/kit";
import { digestOf, parseDigest } from "@plimsoll/model";
import { sourceError } from "../errors.ts";
import { type ChosenManifest, chooseManifest, type PlatformWish, refName } from "../image/choose-manifest.ts";
import { type Descriptor, type ManifestDocument, parseConfig, parseManifest } from "../image/documents.ts";
import { type ImagePlan, planImage, spotOf } from "../image/image-plan.ts";
import { type ArchiveView, blobPath, verifiedDocument } from "./archive-view.ts";

export interface OciLayoutOptions {
  /** Tag (`org.opencontainers.image.ref.name`) or digest of the wanted image; needed only when the layout holds several. */
  readonly selection: string | null;
  readonly wish: PlatformWish;
  readonly limits: Limits;
}

/** Plans an image of an OCI layout (image-layout.md) by its index.json; `null` when there is none. */
export async function planOciLayout(view: ArchiveView, options: OciLayoutOptions): Promise<ImagePlan | null> {
  const bytes = await view.document("index.json");
  if (bytes === null) return null;
  const { limits, wish } = options;
  const fetch = (descriptor: Descriptor) => verifiedDocument(view, blobPath(descriptor.digest), descriptor);
  const index = selected(parseManifest(bytes, view.name), options.selection, view.name);
  const chosen: ChosenManifest = await chooseManifest(
    { digest: digestOf(bytes), document: index },
    { wish, fetch, limits, name: view.name },
  );
  const config = parseConfig(await fetch(chosen.manifest.config), view.name);
  const spots = chosen.manifest.layers.map((layer) => {
    const spot = spotOf(layer);
    const path = blobPath(layer.digest);
    // A foreign layer is read when somebody brought it along.
    return { ...spot, where: spot.where !== null || view.size(path) !== null ? path : null };
  });
  return planImage(config, spots, { limits, name: view.name, digest: chosen.digest });
}

function selected(index: ManifestDocument, selection: string | null, name: string): ManifestDocument {
  if (selection === null || index.kind === "manifest") return index;
  const digest = parseDigest(selection.replace(/^@/, ""));
  const manifests = index.manifests.filter((entry) => entry.digest === digest || isNamed(entry, selection));
  if (manifests.length > 0) return { kind: "index", manifests };
  const found = index.manifests.map((entry) => entry.annotations[refName] ?? entry.digest).slice(0, 20);
  throw sourceError("NOT_IN_ARCHIVE", { fields: { name, wanted: selection, found: found.join(", ") || "nothing" } });
}

function isNamed(entry: Descriptor, selection: string): boolean {
  const full = entry.annotations["io.containerd.image.name"];
  return entry.annotations[refName] === selection || full === selection || full?.endsWith(`:${selection}`) === true;
}
