import type { InventoryContents } from "@plimsoll/contract";
import { digestOf, formatReference, type ImageReference, parseDigest, readReference, uuidOf } from "@plimsoll/model";
import { registryVendor } from "../registry/registry-vendor.ts";
import { type AssetKey, type AssetSeen, assetKeyOf } from "../store/ingest/asset.ts";
import { cleanLabels, cleanText } from "./clean-text.ts";

type Workload = NonNullable<InventoryContents["workloads"]>[number];
type Host = NonNullable<InventoryContents["hosts"]>[number];
type RegistryImage = NonNullable<InventoryContents["registryImages"]>[number];

/** One thing that runs, or lies in a registry, as one row of a snapshot says it. */
export interface RunningItem {
  readonly asset: AssetSeen;
  readonly key: AssetKey;
  /** 64 hex digits; `null`: not known. */
  readonly imageId: string | null;
  readonly digest: string | null;
  /** As a registry is asked for it; `null`: it cannot be. */
  readonly reference: string | null;
  /** 64 hex digits: what stands for its image as long as nobody scanned that. */
  readonly shown: string;
  readonly replicas: number | null;
  readonly containers: NonNullable<Workload["containers"]>;
  readonly loaded: Workload["loaded"];
  readonly unscanned: Workload["unscanned"];
  /** Something of it was cut or cleaned. */
  readonly isChanged: boolean;
}

/** Whose snapshot it is. */
export interface SaidBy {
  readonly team: number | null;
  readonly source: { readonly kind: string; readonly name: string };
}

/** Names are indexed: an entry of an index takes 2,700 bytes. */
const longestName = 500;

/** A workload, or a container that nobody orchestrates: known by image and labels. */
export function workloadItem(kind: "workload" | "container", said: Workload, by: SaidBy): RunningItem {
  const { name, isCut, imageId, digest, reference } = imageFacts(said.image);
  const label = kind === "workload" ? "kubernetes.cluster.name" : "host.hostName";
  const isOwn = by.source.kind === (kind === "workload" ? "cluster" : "host");
  const { labels, isChanged } = cleanLabels({ ...(isOwn && { [label]: by.source.name }), ...said.labels });
  const scope = {
    ...labels,
    "image.name": name,
    "container.image": digest === null || name.includes("@") ? name : `${name}@sha256:${digest}`,
    ...(imageId !== null && { "container.image.id": `sha256:${imageId}` }),
  };
  const asset: AssetSeen = { kind, name, scope, team: by.team };
  return {
    ...{ asset, key: assetKeyOf(asset, ""), imageId, digest, reference },
    shown: imageId ?? digest ?? hexOf(`name ${name}`),
    replicas: said.replicas ?? null,
    containers: said.containers ?? [],
    ...{ loaded: said.loaded, unscanned: said.unscanned, isChanged: isChanged || isCut },
  };
}

/** A host: known by its name. */
export function hostItem(said: Host, { team }: SaidBy): RunningItem {
  const name = cleanText(said.name, longestName);
  const { labels, isChanged } = cleanLabels(said.labels ?? {});
  const scope = { ...labels, "host.hostName": name };
  const asset: AssetSeen = { kind: "host", name, scope, team };
  return {
    ...{ asset, key: assetKeyOf(asset, ""), imageId: null, digest: null, reference: null },
    ...{ shown: hexOf(`host ${name}`), replicas: 1, containers: [] },
    ...{ loaded: said.loaded, unscanned: said.unscanned, isChanged: isChanged || name !== said.name },
  };
}

/** An image in a registry: known by its name there, as Scan Now knows it. */
export function registryItem(said: RegistryImage, { team }: SaidBy): RunningItem {
  const { name, isCut, imageId, digest, parsed } = imageFacts(said.image);
  const vendor = said.vendor ?? (parsed === null ? undefined : registryVendor(parsed.registry));
  const scope = {
    ...(parsed !== null && { "registry.name": parsed.registry, "repository.name": parsed.repository }),
    ...(vendor !== undefined && { "registry.vendor": cleanText(vendor, longestName) }),
  };
  const named = parsed === null ? name : formatReference(parsed);
  const asset: AssetSeen = { kind: "registry", name: named, scope, team };
  return {
    ...{ asset, key: assetKeyOf(asset, ""), imageId, digest, reference: parsed === null ? null : named },
    shown: imageId ?? digest ?? hexOf(`name ${name}`),
    ...{ replicas: 0, containers: [], loaded: undefined, unscanned: said.unscanned, isChanged: isCut },
  };
}

function imageFacts(image: Workload["image"]) {
  const name = cleanText(image.name, longestName);
  const parsed = referenceOf(name);
  const digest = image.digest ?? parsed?.digest ?? null;
  const pulled =
    parsed === null || image.digest === undefined ? parsed : { ...parsed, digest: parseDigest(image.digest) };
  return {
    name,
    parsed,
    isCut: name !== image.name,
    imageId: hexOrNull(image.id),
    digest: hexOrNull(digest),
    reference: pulled === null ? null : formatReference(pulled),
  };
}

/** `null`: whatever it is called, it runs. */
function referenceOf(name: string): ImageReference | null {
  const read = readReference(name);
  return typeof read === "string" ? null : read;
}

function hexOrNull(digest: string | null | undefined): string | null {
  return digest == null ? null : digest.slice("sha256:".length);
}

function hexOf(text: string): string {
  return digestOf(text).slice("sha256:".length);
}

/** Hash of all that is said of an asset. */
export function contentOf(said: object): string {
  return uuidOf("said", JSON.stringify(said));
}
