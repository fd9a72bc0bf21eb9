import type { DiffId, Digest, ImageInfo, Problem, SourceInfo } from "@plimsoll/model";

export type EntryType = "file" | "directory" | "symlink" | "hardlink" | "other";

/** One entry of a layer or directory. `path` is normalised: no leading slash, no `.` or `..` segments, no empty segments; whiteout marks are not entries (see {@link LayerVisitor.whiteout}). */
export interface Entry {
  readonly path: string;
  readonly type: EntryType;
  /** Bytes of the body; 0 for anything but a file. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  /** Symlink: as written. Hard link: normalised path within the same layer. */
  readonly linkTarget?: string;
}

/** What is wanted of a file: nothing, its first {@link headBytes} bytes, or all of it. */
export type Wish = "ignore" | "head" | "body";

/** Bytes given to {@link LayerVisitor.claims}. */
export const headBytes = 8192;

/** Receives one layer (or one directory tree) in one pass, in archive order, synchronously. */
export interface LayerVisitor {
  /** Called for every entry, in archive order; says what is wanted of its body. */
  entry(entry: Entry): Wish;
  /** For "head": sees the first bytes, answers whether the whole body is wanted. */
  claims(entry: Entry, head: Uint8Array): boolean;
  /** The whole body; the bytes are good until it returns: their memory then serves the next. */
  body(entry: Entry, bytes: Uint8Array): void;
  /** `.wh.NAME`: the path is deleted from the layers below; `opaque`: everything in that folder from below is hidden (OCI image-spec layer.md, "Whiteouts"). */
  whiteout(path: string, opaque: boolean): void;
  /** Something of this layer was not read (too large, truncated, unsafe name, …). */
  problem(problem: Problem): void;
  /**
   * The layer was read to its end: all the visitor saw follows from its bytes and the limits alone. Its digests hold, or
   * are being checked: see {@link ImageRead.verified}.
   */
  end(read: LayerRead): void;
}

/** A layer whose contents the caller knows by its diffID: it need not be read. */
export interface KnownLayer {
  /** Bytes of the uncompressed tar. */
  readonly size: number;
}

/** What reading a layer showed. */
export interface LayerRead {
  readonly diffId: DiffId;
  /** Digest of the compressed blob, when it travelled compressed or the source named it. */
  readonly digest: Digest | null;
  /** Bytes of the uncompressed tar. */
  readonly size: number;
  /** Only what was wanted was read, by the layer's table of contents: its digests were not taken, and what was found must not be kept under its diffID. */
  readonly isPartial?: true;
}

export interface Progress {
  /** Layers read to their end, and in all (`null`: not known yet). */
  readonly layersDone: number;
  readonly layersTotal: number | null;
  /** Bytes read from the source so far, and in all where known. */
  readonly bytes: number;
  readonly bytesTotal: number | null;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** An image that can be read layer by layer. Close it in every case (`await using`). */
export interface OpenedImage extends AsyncDisposable {
  readonly kind: "image";
  readonly source: SourceInfo;
  /** The layers, lowest first, where the source knows them before reading and holds them all; else `null`. */
  readonly diffIds: readonly DiffId[] | null;
  /**
   * Reads every distinct layer once, some of them at the same time, in no promised order. Resolves with the whole image
   * once all is read; checked by then, or by the time `verified` tells: config digest, blob digests, diffIDs against the
   * config. Throws a `PlimsollError` when the image cannot be read at all or a digest lies. May be called again (a
   * second pass over some layers).
   */
  readLayers(start: StartLayer, options?: ReadOptions): Promise<ImageRead>;
  /**
   * Whether a local file is still as it was when it was opened. If not, what was read and what digests were taken of
   * may be different bytes: good enough to tell about this image, never to be kept for another.
   */
  isUnchanged(): Promise<boolean>;
}

/**
 * Gives the visitor of one layer. `hint` is its diffID where the source knows before reading all that reading would
 * show of the blob itself; then the answer may also be that the layer is known, or `null`: not wanted in this pass.
 */
export type StartLayer = (hint: DiffId | null) => LayerVisitor | KnownLayer | null;

export interface ImageRead {
  readonly image: ImageInfo;
  readonly problems: readonly Problem[];
  /**
   * Digests of large layers in local files are taken in threads of their own, while others go on with what was read.
   * Nothing may be told to anybody, or kept, before this resolves. Rejects with DIGEST_MISMATCH, DIFF_ID_MISMATCH.
   */
  readonly verified: Promise<void>;
}

/** A directory or the running host: one tree without layers. */
export interface OpenedTree extends AsyncDisposable {
  readonly kind: "tree";
  readonly source: SourceInfo;
  /** Walks the tree once in sorted order. `end` is not called. */
  walk(visitor: LayerVisitor, options?: ReadOptions): Promise<readonly Problem[]>;
}

export type OpenedSource = OpenedImage | OpenedTree;
