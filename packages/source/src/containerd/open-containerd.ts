import { lstat } from "node:fs/promises";
import { type Limits, PlimsollError } from "@plimsoll/kit";
import { type Digest, digestOf } from "@plimsoll/model";
import type { OpenedImage } from "../entry.ts";
import { sourceError } from "../errors.ts";
import { checkPlatform } from "../image/check-platform.ts";
import { type ChosenManifest, chooseManifest, type PlatformWish } from "../image/choose-manifest.ts";
import { type Descriptor, type ManifestDocument, parseConfig, parseManifest } from "../image/documents.ts";
import { planImage, spotOf } from "../image/image-plan.ts";
import { openPlanned } from "../image/open-image.ts";
import { Containerd, containerdWords } from "./containerd-api.ts";
import { type Found, findTarget } from "./find-target.ts";

/** How containerd's own tools are told where it is. */
export interface ContainerdSettings {
  /** CONTAINERD_ADDRESS, as a path or `unix:///path`; absent: the first of `sockets` that exists. */
  readonly address?: string;
  readonly sockets: readonly string[];
  /** CONTAINERD_NAMESPACE; absent: {@link usualNamespaces}. */
  readonly namespace?: string;
  /** Longest silence; ms. Default 30,000. */
  readonly patienceMs?: number;
}

/** Searched in this order: what `ctr` and nerdctl use, Kubernetes, docker. */
const usualNamespaces: readonly string[] = ["default", "k8s.io", "moby"];

export interface OpenContainerdOptions {
  readonly containerd: ContainerdSettings;
  readonly limits: Limits;
  readonly wish: PlatformWish;
}

/**
 * Opens an image that containerd has, out of its content store: only the blobs that are wanted are read, and each is
 * checked against its digest. Throws ENGINE_ABSENT, ENGINE_DENIED, DAEMON_UNREACHABLE, DAEMON_FAILED, NO_SUCH_IMAGE,
 * AMBIGUOUS_NAME, CONTENT_MISSING, PLATFORM_NOT_FOUND and what reading throws.
 */
export async function openContainerd(text: string, options: OpenContainerdOptions): Promise<OpenedImage> {
  const { containerd: settings, limits } = options;
  const socketPath = await socketOf(settings);
  const messageBytes = 2 * limits.documentBytes;
  using stack = new DisposableStack();
  const api = stack.use(new Containerd({ socketPath, messageBytes, patienceMs: settings.patienceMs ?? 30_000 }));
  const shelf: Shelf = { api, options, name: text };
  const namespaces = settings.namespace ? [settings.namespace] : usualNamespaces;
  const imageIdOf = async (each: Found) =>
    (await manifestOf(shelf, each).catch(unreadable))?.manifest.config.digest ?? null;
  const found = await findTarget(api, text, { namespaces, host: socketPath, imageIdOf });
  if (found === null) {
    const host = `${socketPath} (namespace ${namespaces.join(", ")})`;
    throw sourceError("NO_SUCH_IMAGE", { fields: { ...containerdWords, host, image: text } });
  }
  const { digest, manifest } = await manifestOf(shelf, found);
  const config = parseConfig(await document(shelf, found.namespace, manifest.config), text);
  checkPlatform(config.platform, options.wish, text);
  const plan = planImage(config, manifest.layers.map(spotOf), { limits, name: text, digest });
  const held = stack.move();
  return openPlanned({
    source: { kind: "image", transport: "containerd", name: text },
    plan,
    limits,
    open: ({ where, label }, signal) => api.blob(found.namespace, { digest: where ?? "", label, signal }),
    close: async () => held.dispose(),
  });
}

/** Throws ENGINE_ABSENT. */
async function socketOf({ address, sockets }: ContainerdSettings): Promise<string> {
  if (address !== undefined && address !== "") return address.replace(/^unix:\/\//, "");
  for (const socket of sockets) {
    const isThere = await lstat(socket).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "ENOTDIR",
    );
    if (isThere) return socket;
  }
  const looked = sockets.join(", no ") || "socket of it";
  throw sourceError("ENGINE_ABSENT", { fields: { ...containerdWords, engine: "containerd", looked } });
}

interface Shelf {
  readonly api: Containerd;
  readonly options: OpenContainerdOptions;
  /** Names the image in errors. */
  readonly name: string;
}

/** An image that cannot be read is not the one whose id was asked for. */
function unreadable(error: unknown): null {
  if (error instanceof PlimsollError) return null;
  throw error;
}

async function manifestOf(shelf: Shelf, { namespace, target }: Found): Promise<ChosenManifest> {
  const { options, name } = shelf;
  const fetch = async (descriptor: Pick<Descriptor, "digest" | "size">): Promise<Uint8Array> =>
    document(shelf, namespace, descriptor);
  const top = await present(shelf, namespace, parseManifest(await fetch(target), name));
  return chooseManifest({ digest: target.digest, document: top }, { ...options, fetch, name });
}

/** Images of an index whose presence is asked for. */
const mostManifests = 200;

/** Of an index only what was pulled: mostly one platform of many. */
async function present({ api }: Shelf, namespace: string, top: ManifestDocument): Promise<ManifestDocument> {
  if (top.kind === "manifest" || top.manifests.length > mostManifests) return top;
  const held = await Promise.all(top.manifests.map(async ({ digest }) => api.holds(namespace, digest)));
  const manifests = top.manifests.filter((_, index) => held[index]);
  return manifests.length === 0 ? top : { kind: "index", manifests };
}

/** A document of the content store, checked. Throws CONTENT_MISSING, DOCUMENT_INVALID, DIGEST_MISMATCH. */
async function document(
  { api, options, name }: Shelf,
  namespace: string,
  { digest, size }: { readonly digest: Digest; readonly size: number },
): Promise<Uint8Array> {
  const limit = Math.min(size, options.limits.documentBytes);
  const label = `${digest.slice(0, 19)} of ${name}`;
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of api.blob(namespace, { digest, label })) {
    length += piece.length;
    if (length > limit) throw sourceError("DOCUMENT_INVALID", { fields: { name, reason: `${label} is too large` } });
    pieces.push(Buffer.from(piece));
  }
  const bytes = Buffer.concat(pieces, length);
  const found = digestOf(bytes);
  if (found !== digest) throw sourceError("DIGEST_MISMATCH", { fields: { label, expected: digest, found } });
  return bytes;
}
