import type { Limits } from "@plimsoll/kit";
import { digestOf } from "@plimsoll/model";
import { sourceError } from "../errors.ts";
import { named, parseConfig } from "../image/documents.ts";
import { type ImagePlan, planImage } from "../image/image-plan.ts";
import { type JsonObject, objectOf, parseJson, textOf, textsOf } from "../image/json.ts";
import { familiarTag } from "../reference.ts";
import { type ArchiveView, promisedDigest, verifiedDocument } from "./archive-view.ts";

export interface DockerArchiveOptions {
  /** Tag of the wanted image, or `@N` for the N-th; needed only when the archive holds several. */
  readonly selection: string | null;
  readonly limits: Limits;
}

/** Plans an image of a `docker save` archive by its manifest.json; `null` when there is none. */
export async function planDockerArchive(view: ArchiveView, options: DockerArchiveOptions): Promise<ImagePlan | null> {
  const bytes = await view.document("manifest.json");
  if (bytes === null) return null;
  const list = parseJson(bytes);
  if (!Array.isArray(list)) throw invalid(view.name, "manifest.json is not a JSON list");
  const names = ["Config", "RepoTags", "Layers", "LayerSources"];
  const images = list.map((item) => named(item, names, view.name)).filter((item) => item !== null);
  const image = chooseImage(images, options.selection, view.name);
  const configPath = textOf(image.Config);
  if (configPath === "") throw invalid(view.name, "manifest.json names no configuration");
  const configBytes = await verifiedDocument(view, configPath, null);
  const promised = promisedDigest(configPath);
  const found = digestOf(configBytes);
  if (promised !== null && promised !== found) {
    const label = `the configuration of ${view.name}`;
    throw sourceError("DIGEST_MISMATCH", { fields: { label, expected: promised, found } });
  }
  const config = parseConfig(configBytes, view.name);
  const foreign = objectOf(image.LayerSources) ?? {};
  const spots = textsOf(image.Layers).map((path, index) => {
    // A foreign layer is named with its source and is not in the archive.
    const isForeign = foreign[config.diffIds[index] ?? ""] !== undefined && view.size(path) === null;
    // Only a blob store names files by their digest; elsewhere a name is just a name.
    const digest = path.startsWith("blobs/sha256/") ? promisedDigest(path) : null;
    return { where: isForeign ? null : path, digest, size: view.size(path) };
  });
  return planImage(config, spots, { limits: options.limits, name: view.name, digest: null });
}

function chooseImage(images: readonly JsonObject[], selection: string | null, name: string): JsonObject {
  const tags = images.flatMap((image) => textsOf(image.RepoTags));
  const wanted = selection === null ? images : images.filter((image, index) => isSelected(image, index, selection));
  const [first] = wanted;
  const configs = new Set(wanted.map((image) => textOf(image.Config)));
  if (first !== undefined && configs.size === 1) return first;
  if (images.length === 0) throw invalid(name, "manifest.json lists no image");
  const found = tags.slice(0, 20).join(", ") || `${images.length} without tags (@0, @1, …)`;
  const code = first === undefined ? "NOT_IN_ARCHIVE" : "AMBIGUOUS_IMAGE";
  throw sourceError(code, { fields: { name, found, wanted: selection ?? "" } });
}

function isSelected(image: JsonObject, index: number, selection: string): boolean {
  if (selection === `@${index}`) return true;
  return textsOf(image.RepoTags).some((tag) => tag === selection || familiarTag(tag) === familiarTag(selection));
}

function invalid(name: string, reason: string): Error {
  return sourceError("DOCUMENT_INVALID", { fields: { name, reason } });
}
