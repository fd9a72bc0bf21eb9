import {
  type DiffId,
  type Digest,
  digestOf,
  type ImageConfig,
  type ImageId,
  imageIdOf,
  parseDiffId,
  parseDigest,
} from "@plimsoll/model";
import { sourceError } from "../errors.ts";
import { hasTwins, misspelled } from "./exact-names.ts";
import { itemsOf, type JsonObject, objectOf, parseObject, textOf, textsOf, textTableOf } from "./json.ts";
import { type Platform, platformOf } from "./platform.ts";

/** Points at a blob (OCI image-spec descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly platform: Platform | null;
  readonly annotations: Readonly<Record<string, string>>;
}

/** An image manifest or an index of several, OCI or Docker. */
export type ManifestDocument =
  | { readonly kind: "manifest"; readonly config: Descriptor; readonly layers: readonly Descriptor[] }
  | { readonly kind: "index"; readonly manifests: readonly Descriptor[] };

/** One line of an image's history (OCI image-spec config.md). */
interface HistoryRow {
  readonly command: string;
  readonly created?: string;
  readonly isEmpty: boolean;
}

/** An image configuration: what reports read, history and layers, lowest first. */
export interface ConfigDocument {
  readonly imageId: ImageId;
  readonly platform: Platform;
  readonly author: string;
  readonly created: string | null;
  readonly config: ImageConfig;
  readonly diffIds: readonly DiffId[];
  readonly history: readonly HistoryRow[];
}

/** Reads a manifest or an index by what it holds, whatever its media type claims. `name` is for error messages. Throws DOCUMENT_INVALID, SCHEMA1_UNSUPPORTED. */
export function parseManifest(bytes: Uint8Array, name: string): ManifestDocument {
  const document = named(parsed(bytes, name), ["schemaVersion", "manifests", "layers", "config"], name);
  if (document === null) throw invalid(name, "it is not a JSON object");
  if (document.schemaVersion === 1) throw sourceError("SCHEMA1_UNSUPPORTED", { fields: { name } });
  const isIndex = Array.isArray(document.manifests);
  // A document that can be read both ways hides an image from one of its readers (GHSA-77vh-xpmg-72qh).
  if (isIndex && (document.layers !== undefined || document.config !== undefined)) {
    throw invalid(name, "it is an index and a manifest at once");
  }
  if (isIndex)
    return { kind: "index", manifests: itemsOf(document.manifests).map((item) => parseDescriptor(item, name)) };
  if (!Array.isArray(document.layers) || objectOf(document.config) === null) {
    throw invalid(name, "it has neither layers nor manifests");
  }
  return {
    kind: "manifest",
    config: parseDescriptor(document.config, name),
    layers: document.layers.map((item) => parseDescriptor(item, name)),
  };
}

/** The document; `null` when it is no object. Throws DOCUMENT_INVALID when readers would understand it differently. */
function parsed(bytes: Uint8Array, name: string): JsonObject | null {
  const document = parseObject(bytes);
  if (document !== null && hasTwins(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"))) {
    throw invalid(name, "an object in it has two members of one name");
  }
  return document;
}

/** The object whose members of these names are read; `null` for anything else. Throws DOCUMENT_INVALID for another spelling of one. */
export function named(value: unknown, names: readonly string[], name: string): JsonObject | null {
  const object = objectOf(value);
  const other = object === null ? null : misspelled(object, names);
  if (other === null) return object;
  throw invalid(name, `it has another spelling of "${other}", which container engines take for the same`);
}

function parseDescriptor(value: unknown, name: string): Descriptor {
  const descriptor = named(value, ["mediaType", "digest", "size", "platform", "annotations"], name);
  const digest = parseDigest(descriptor?.digest);
  const size = descriptor?.size;
  if (descriptor === null || digest === null) throw invalid(name, "a digest is missing or not sha256");
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) throw invalid(name, "a size is missing");
  const platform = named(descriptor.platform, ["os", "architecture", "variant"], name);
  return {
    mediaType: textOf(descriptor.mediaType),
    digest,
    size,
    platform: platform === null ? null : readPlatform(platform),
    annotations: textTableOf(descriptor.annotations),
  };
}

function readPlatform(value: JsonObject): Platform {
  return platformOf(textOf(value.os), textOf(value.architecture), textOf(value.variant));
}

const configNames = ["os", "architecture", "variant", "author", "created", "config", "rootfs", "history"];
const runNames = ["User", "Env", "Labels", "Entrypoint", "Cmd", "ExposedPorts", "WorkingDir"];
const historyNames = ["created", "created_by", "comment", "empty_layer"];

/** Reads an image configuration. Throws DOCUMENT_INVALID, and NOT_AN_IMAGE for the configuration of something else (chart, signature, …). */
export function parseConfig(bytes: Uint8Array, name: string): ConfigDocument {
  const document = named(parsed(bytes, name), configNames, name);
  if (document === null) throw sourceError("NOT_AN_IMAGE", { fields: { name } });
  const rootfs = named(document.rootfs, ["diff_ids"], name);
  if (
    rootfs === null ||
    (rootfs.diff_ids !== undefined && rootfs.diff_ids !== null && !Array.isArray(rootfs.diff_ids))
  ) {
    throw sourceError("NOT_AN_IMAGE", { fields: { name } });
  }
  const diffIds = itemsOf(rootfs.diff_ids).map((item) => {
    const diffId = parseDiffId(item);
    if (diffId === null) throw invalid(name, "a diffID is not a sha256 digest");
    return diffId;
  });
  return {
    imageId: imageIdOf(digestOf(bytes)),
    platform: readPlatform({ ...document, os: textOf(document.os) || "linux" }),
    author: textOf(document.author),
    created: textOf(document.created) || null,
    config: readConfig(named(document.config, runNames, name) ?? {}),
    diffIds,
    history: itemsOf(document.history).map((item) => readHistory(named(item, historyNames, name) ?? {})),
  };
}

function readConfig(config: JsonObject): ImageConfig {
  return {
    user: textOf(config.User),
    env: textsOf(config.Env),
    labels: textTableOf(config.Labels),
    entrypoint: textsOf(config.Entrypoint),
    cmd: textsOf(config.Cmd),
    exposedPorts: Object.keys(objectOf(config.ExposedPorts) ?? {}).sort(),
    workingDir: textOf(config.WorkingDir),
  };
}

function readHistory(row: JsonObject): HistoryRow {
  const created = textOf(row.created);
  return {
    command: textOf(row.created_by) || textOf(row.comment),
    ...(created !== "" && { created }),
    isEmpty: row.empty_layer === true,
  };
}

function invalid(name: string, reason: string): Error {
  return sourceError("DOCUMENT_INVALID", { fields: { name, reason } });
}
