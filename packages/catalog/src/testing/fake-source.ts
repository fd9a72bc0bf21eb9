import type { DiffId, Digest, ImageInfo, Problem } from "@plimsoll/model";
import { chainIdsOf, digestOf, imageIdOf, parseDiffId } from "@plimsoll/model";
import { type Entry, headBytes, type LayerVisitor, type OpenedImage, type OpenedTree } from "@plimsoll/source";

/** One thing in a test layer, in archive order. A path that ends in "/" is a folder. */
export type FakeEntry =
  | { readonly path: string; readonly body?: string | Uint8Array; readonly mode?: number; readonly size?: number }
  | { readonly path: string; readonly symlink: string }
  | { readonly path: string; readonly device: true }
  | { readonly path: string; readonly hardlink: string; readonly mode?: number }
  | { readonly whiteout: string }
  | { readonly opaque: string };

/** How a fake image behaves. */
export interface FakeImageOptions {
  /** The source knows no diffIDs before reading. */
  readonly noHints?: boolean;
  /** Layers that break off: a problem, and no end. */
  readonly broken?: readonly number[];
  /** Somebody writes to it while it is read. */
  readonly changes?: true;
  /** It can be read a first time only, as a pipe. */
  readonly once?: true;
  /** Layers of which only a part is read. */
  readonly partial?: readonly number[];
  /** Its digests turn out to lie. */
  readonly lies?: true;
}

/** The diffID of a fake layer. */
export function fakeDiffId(index: number): DiffId {
  return parseDiffId(digestOf(`layer ${index}`)) ?? ("" as DiffId);
}

/** An opened image made of arrays, for tests that need no real archive. */
export function fakeImage(layers: readonly (readonly FakeEntry[])[], options: FakeImageOptions = {}): OpenedImage {
  const diffIds = layers.map((_, index) => fakeDiffId(index));
  let left = layers;
  return {
    kind: "image",
    source: { kind: "image", transport: "docker-archive", name: "test" },
    diffIds: options.noHints === true ? null : diffIds,
    isUnchanged: async () => options.changes !== true,
    async readLayers(start) {
      for (const [index, entries] of left.entries()) {
        const visitor = start(options.noHints === true ? null : fakeDiffId(index));
        if (visitor !== null && !("size" in visitor)) play(entries, visitor, { index, ...options });
      }
      if (options.once === true) left = [];
      return { image: imageInfo(diffIds), problems: [], verified: checked(options) };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** An opened directory made of an array. */
export function fakeTree(entries: readonly FakeEntry[]): OpenedTree {
  return {
    kind: "tree",
    source: { kind: "directory", transport: "dir", name: "test" },
    async walk(visitor) {
      feed(entries, visitor);
      return [];
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function play(
  entries: readonly FakeEntry[],
  visitor: LayerVisitor,
  { index, broken, partial }: FakeImageOptions & { readonly index: number },
): void {
  feed(entries, visitor);
  if (broken?.includes(index)) visitor.problem(truncated);
  else
    visitor.end({
      diffId: fakeDiffId(index),
      digest: null,
      size: 0,
      ...(partial?.includes(index) && { isPartial: true }),
    });
}

function checked({ lies }: FakeImageOptions): Promise<void> {
  const verified = lies === true ? Promise.reject(new Error("DIFF_ID_MISMATCH")) : Promise.resolve();
  verified.catch(() => undefined);
  return verified;
}

const truncated: Problem = { level: "incomplete", code: "layer-truncated", message: "the layer ends too early" };

function feed(entries: readonly FakeEntry[], visitor: LayerVisitor): void {
  for (const entry of entries) {
    if ("whiteout" in entry) visitor.whiteout(entry.whiteout, false);
    else if ("opaque" in entry) visitor.whiteout(entry.opaque, true);
    else feedEntry(entry, visitor);
  }
}

type Bodiless = Extract<FakeEntry, { symlink: string } | { hardlink: string } | { device: true }>;

function bodiless(fake: Bodiless): Pick<Entry, "type" | "linkTarget"> {
  if ("symlink" in fake) return { type: "symlink", linkTarget: fake.symlink };
  return "hardlink" in fake ? { type: "hardlink", linkTarget: fake.hardlink } : { type: "other" };
}

function feedEntry(fake: Exclude<FakeEntry, { whiteout: string } | { opaque: string }>, visitor: LayerVisitor): void {
  const mode = ("mode" in fake ? fake.mode : undefined) ?? 0o644;
  if ("symlink" in fake || "hardlink" in fake || "device" in fake) {
    visitor.entry({ path: fake.path, size: 0, mode, ...bodiless(fake) });
    return;
  }
  if (fake.path.endsWith("/")) {
    visitor.entry({ path: fake.path.slice(0, -1), type: "directory", size: 0, mode: 0o755 });
    return;
  }
  const bytes = Buffer.from(fake.body ?? "");
  const entry: Entry = { path: fake.path, type: "file", size: fake.size ?? bytes.length, mode };
  const wish = visitor.entry(entry);
  if (wish === "body" || (wish === "head" && visitor.claims(entry, bytes.subarray(0, headBytes))))
    visitor.body(entry, bytes);
}

function imageInfo(diffIds: readonly DiffId[]): ImageInfo {
  const chainIds = chainIdsOf(diffIds);
  return {
    imageId: imageIdOf(digestOf("image") as Digest),
    digest: null,
    os: "linux",
    architecture: "amd64",
    author: "",
    created: null,
    size: 0,
    config: { user: "", env: [], labels: {}, entrypoint: [], cmd: [], exposedPorts: [], workingDir: "" },
    layers: diffIds.map((diffId, index) => ({
      index,
      command: `layer ${index}`,
      diffId,
      chainId: chainIds[index] ?? null,
      digest: null,
      size: 0,
    })),
  };
}
