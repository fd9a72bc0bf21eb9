import { closeSync, fstatSync, readSync } from "node:fs";
import { type Limits, messageOf } from "@plimsoll/kit";
import { type Digest, parseDigest } from "@plimsoll/model";
import { sourceError } from "../errors.ts";
import { itemsOf, type JsonObject, objectOf, parseJson, textOf, textsOf } from "../image/json.ts";
import { HeldFolder } from "./held-folder.ts";
import { type Driver, drivers } from "./store-roots.ts";

/** One driver's part of an image store (containers/storage). */
export interface Store {
  readonly root: string;
  readonly driver: Driver;
  readonly images: readonly StoredImage[];
}

/** An image as images.json knows it. */
export interface StoredImage {
  readonly store: Store;
  /** 64 hex digits: its folder's name; mostly the image id. */
  readonly id: string;
  readonly names: readonly string[];
  /** Digests of the manifests it was stored with. */
  readonly digests: ReadonlySet<Digest>;
  /** Its topmost layer; `""`: it has none. */
  readonly layer: string;
}

/** A layer, and the store that holds it. */
export interface LayerSpot {
  readonly id: string;
  readonly store: Pick<Store, "root" | "driver">;
}

/** Reads which images the stores below `root` hold. Throws ENGINE_DENIED, STORE_INVALID. */
export function readStores(
  root: string,
  { limits, engine }: { readonly limits: Limits; readonly engine: string },
): Store[] {
  return drivers.flatMap((driver) => {
    const path = `${driver}-images/images.json`;
    const bytes = storeFile(root, path, { limitBytes: limits.documentBytes, engine });
    if (bytes === null) return [];
    const images: StoredImage[] = [];
    const store: Store = { root, driver, images };
    images.push(...recordsOf(bytes, root, path).map((record) => imageOf(store, record)));
    return [store];
  });
}

function imageOf(store: Store, record: JsonObject): StoredImage {
  const layer = textOf(record.layer);
  const digests = Object.entries(objectOf(record["big-data-digests"]) ?? {})
    .filter(([name]) => name.startsWith("manifest"))
    .map(([, digest]) => parseDigest(digest));
  return {
    store,
    id: idOf(record.id, store.root),
    names: textsOf(record.names),
    digests: new Set([parseDigest(record.digest), ...digests].filter((digest) => digest !== null)),
    layer: layer === "" ? "" : idOf(layer, store.root),
  };
}

/** A layer's parent by its id; `""`: it is the lowest. */
export function readLayerParents(
  { root, driver }: Pick<Store, "root" | "driver">,
  { limits, engine }: { readonly limits: Limits; readonly engine: string },
): Map<string, string> {
  const parents = new Map<string, string>();
  for (const name of ["layers.json", "volatile-layers.json"]) {
    const path = `${driver}-layers/${name}`;
    const bytes = storeFile(root, path, { limitBytes: limits.documentBytes, engine });
    if (bytes === null) continue;
    for (const record of recordsOf(bytes, root, path)) {
      const parent = textOf(record.parent);
      parents.set(idOf(record.id, root), parent === "" ? "" : idOf(parent, root));
    }
  }
  return parents;
}

function recordsOf(bytes: Buffer, store: string, path: string): JsonObject[] {
  const list = parseJson(bytes);
  if (list === null && bytes.toString("latin1").trim() !== "null") throw invalid(store, `${path} is not JSON`);
  return itemsOf(list)
    .map(objectOf)
    .filter((item) => item !== null);
}

/** Ids are names of folders: anything but hex digits is an attack or damage. */
function idOf(value: unknown, store: string): string {
  const id = textOf(value);
  if (/^[0-9a-f]{64}$/.test(id)) return id;
  throw invalid(store, "an id in it is not 64 hex digits");
}

function invalid(store: string, reason: string): Error {
  return sourceError("STORE_INVALID", { fields: { store, reason } });
}

export interface StoreFileOptions {
  readonly limitBytes: number;
  /** Named in errors. */
  readonly engine: string;
}

/** A file of a store, no link followed on the way; `null` when there is none. Throws ENGINE_DENIED, STORE_INVALID. */
export function storeFile(root: string, path: string, { limitBytes, engine }: StoreFileOptions): Buffer | null {
  try {
    using folder = new HeldFolder(root);
    return contentOf(folder.open(path), limitBytes);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT") return null;
    if (isDenied(code)) throw sourceError("ENGINE_DENIED", { fields: { engine, host: root }, cause: error });
    const reason = code === "" ? messageOf(error) : `${path} cannot be read (${code})`;
    throw sourceError("STORE_INVALID", { fields: { store: root, reason }, cause: error });
  }
}

/** Whether an error of the file system is about rights. */
export function isDenied(code: string): boolean {
  return code === "EACCES" || code === "EPERM";
}

function contentOf(fd: number, limitBytes: number): Buffer {
  try {
    const { size } = fstatSync(fd);
    if (size > limitBytes) throw Object.assign(new Error("too large"), { code: "EFBIG" });
    const target = Buffer.allocUnsafeSlow(size);
    let filled = 0;
    while (filled < size) {
      const count = readSync(fd, target, filled, size - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return target.subarray(0, filled);
  } finally {
    closeSync(fd);
  }
}
