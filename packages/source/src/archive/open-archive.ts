import { existsSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import type { Limits } from "@plimsoll/kit";
import type { OpenedImage } from "../entry.ts";
import { sourceError } from "../errors.ts";
import type { PlatformWish } from "../image/choose-manifest.ts";
import { openPlanned } from "../image/open-image.ts";
import { compressionOf, magicBytes } from "../stream/compression.ts";
import { type ArchiveView, type PlanArchive, promisedDigest } from "./archive-view.ts";
import { planDockerArchive } from "./docker-archive.ts";
import { planOciLayout } from "./oci-layout.ts";
import { openError, openRegularFile, type RegularFile } from "./regular-file.ts";
import { openStreamed } from "./streamed-image.ts";
import { indexTar, type TarIndex } from "./tar-index.ts";

/** What the archive is read as; `any` decides by what it holds, a docker archive's manifest.json first. */
export type ArchiveKind = "docker-archive" | "oci" | "any";

export interface OpenArchiveOptions {
  readonly kind: ArchiveKind;
  readonly wish: PlatformWish;
  readonly limits: Limits;
}

/**
 * Opens an image on disk: `docker save` archive, OCI layout as folder or tar, the tars also compressed. `text` is its
 * path, with `:TAG` behind it when it holds several images. Throws FILE_NOT_FOUND, NOT_AN_ARCHIVE, NOT_IN_ARCHIVE,
 * AMBIGUOUS_IMAGE and what reading throws.
 */
export async function openArchive(text: string, options: OpenArchiveOptions): Promise<OpenedImage> {
  const { path, selection } = cutSelection(text);
  if (statsOf(path).isDirectory())
    return openFolder(path, planArchive({ ...options, kind: "oci" }, selection), options);
  const plan = planArchive(options, selection);
  const file = await openRegularFile(path);
  try {
    const head = await file.read(0, Math.min(magicBytes, file.size));
    if (compressionOf(head) !== "none") return streamedFile(file, plan, options);
    return await openTar(file, plan, options);
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}

function statsOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw openError(path, cause);
  }
}

/** `PATH:TAG` → both; a path that exists as it stands wins. */
function cutSelection(text: string): { path: string; selection: string | null } {
  for (let end = text.length; end > 0; end = text.lastIndexOf(":", end - 1)) {
    const path = text.slice(0, end);
    if (existsSync(path)) return { path, selection: end === text.length ? null : text.slice(end + 1) };
  }
  return { path: text, selection: null };
}

/** How the wanted image of an archive is found: `selection` is its tag, where it holds several. */
export function planArchive({ kind, wish, limits }: OpenArchiveOptions, selection: string | null): PlanArchive {
  return async (view) => {
    const docker = kind === "oci" ? null : await planDockerArchive(view, { selection, limits });
    if (docker !== null || kind === "docker-archive") return docker;
    return planOciLayout(view, { selection, wish, limits });
  };
}

const transports = { "docker-archive": "docker-archive", oci: "oci-layout", any: "file" } as const;

async function openFolder(folder: string, planOf: PlanArchive, options: OpenArchiveOptions): Promise<OpenedImage> {
  const view: ArchiveView = {
    name: folder,
    document: (path) => folderDocument(folder, path, options.limits),
    size: () => null,
  };
  const plan = await planOf(view);
  if (plan === null) throw sourceError("NOT_AN_ARCHIVE", { fields: { path: folder } });
  return openPlanned({
    source: { kind: "image", transport: "oci-layout", name: folder },
    plan,
    limits: options.limits,
    open: async function* (layer) {
      await using file = await openRegularFile(join(folder, safePath(layer.where)));
      yield* file.chunks(0, file.size);
    },
    close: async () => undefined,
  });
}

/** Paths below a folder are only those of the layout itself: whatever a document says, nothing else is opened. */
function safePath(path: string | null): string {
  if (path === "index.json") return path;
  if (path?.startsWith("blobs/sha256/") === true && promisedDigest(path) !== null) return path;
  throw sourceError("DOCUMENT_INVALID", {
    fields: { name: "the folder", reason: "it names a file outside its blobs" },
  });
}

async function folderDocument(folder: string, path: string, limits: Limits): Promise<Uint8Array | null> {
  try {
    await using file = await openRegularFile(join(folder, safePath(path)));
    return await readDocument(file, { offset: 0, size: file.size }, { path, limits });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "FILE_NOT_FOUND") return null;
    throw error;
  }
}

async function openTar(file: RegularFile, planOf: PlanArchive, options: OpenArchiveOptions): Promise<OpenedImage> {
  const index = await indexTar(file, options.limits);
  const plan = await planOf(tarView(file, index, options.limits));
  if (plan === null) throw sourceError("NOT_AN_ARCHIVE", { fields: { path: file.path } });
  const found =
    options.kind === "any" ? (index.find("manifest.json") === null ? "oci" : "docker-archive") : options.kind;
  return openPlanned({
    source: { kind: "image", transport: transports[found], name: file.path },
    plan,
    limits: options.limits,
    open: (layer) => {
      const spot = index.find(layer.where ?? "");
      if (spot !== null) return { file, start: spot.offset, length: spot.size };
      const reason = `${layer.label} is missing`;
      throw sourceError("DOCUMENT_INVALID", { fields: { name: file.path, reason } });
    },
    isUnchanged: () => file.isUnchanged(),
    close: () => file[Symbol.asyncDispose](),
  });
}

function tarView(file: RegularFile, index: TarIndex, limits: Limits): ArchiveView {
  return {
    name: file.path,
    document: async (path) => {
      const spot = index.find(path);
      return spot === null ? null : readDocument(file, spot, { path, limits });
    },
    size: (path) => index.find(path)?.size ?? null,
  };
}

async function readDocument(
  file: RegularFile,
  { offset, size }: { readonly offset: number; readonly size: number },
  { path, limits }: { readonly path: string; readonly limits: Limits },
): Promise<Uint8Array> {
  if (size > limits.documentBytes) {
    const reason = `${path} has ${size} bytes`;
    throw sourceError("DOCUMENT_INVALID", { fields: { name: file.path, reason } });
  }
  return file.read(offset, size);
}

function streamedFile(file: RegularFile, plan: PlanArchive, options: OpenArchiveOptions): OpenedImage {
  return openStreamed({
    source: { kind: "image", transport: transports[options.kind], name: file.path },
    open: () => file.chunks(0, file.size),
    size: file.size,
    plan,
    limits: options.limits,
    close: () => file[Symbol.asyncDispose](),
  });
}
