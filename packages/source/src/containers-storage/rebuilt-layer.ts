import { closeSync, createReadStream, readSync } from "node:fs";
import { type Limits, messageOf, PlimsollError } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import type { PlannedLayer } from "../image/image-plan.ts";
import { decompressed } from "../stream/decompress.ts";
import { normalPath } from "../tar/tar-path.ts";
import { HeldFolder } from "./held-folder.ts";
import { isDenied, type LayerSpot } from "./store.ts";
import { type SplitPiece, splitPieces } from "./tar-split.ts";

/** Bytes handed on at once. */
const chunkBytes = 256 * 1024;

export interface RebuildOptions {
  readonly layer: PlannedLayer;
  readonly limits: Limits;
  /** Named in errors. */
  readonly engine: string;
  readonly signal: AbortSignal;
}

/**
 * The tar that a layer was unpacked from: headers, order, whiteouts and padding from its tar-split, bodies from its
 * files. Whether it is the same is for the reader's digest to tell. Throws STORE_LAYER_UNREADABLE, ENGINE_DENIED.
 */
export async function* rebuiltLayer(
  { id, store }: LayerSpot,
  options: RebuildOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { layer, engine } = options;
  try {
    using folder = new HeldFolder(store.root);
    const split = folder.open(`${store.driver}-layers/${id}.tar-split.gz`);
    // The stream closes its descriptor, also when it is left early.
    const packed = createReadStream("", { fd: split, start: 0, highWaterMark: chunkBytes });
    const label = `the tar-split of ${layer.label}`;
    const base = store.driver === "overlay" ? `overlay/${id}/diff` : `vfs/dir/${id}`;
    yield* joined(splitPieces(decompressed(packed, { limits: options.limits, label })), { folder, base, options });
  } catch (error) {
    options.signal.throwIfAborted();
    throw inOurWords(error, { label: layer.label, store: store.root, engine, host: store.root });
  }
}

function inOurWords(error: unknown, fields: Readonly<Record<string, string>>): unknown {
  if (error instanceof PlimsollError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (isDenied(code)) return sourceError("ENGINE_DENIED", { fields, cause: error });
  const reason = reasons[code] ?? (code === "" ? messageOf(error) : code);
  return sourceError("STORE_LAYER_UNREADABLE", { fields: { ...fields, reason }, cause: error });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "its tar-split or one of its files is missing",
  ENOTREG: "one of its files is no regular file",
  ENOTDIR: "one of its folders is no folder",
  ELOOP: "one of its files is a link",
};

interface Parts {
  readonly folder: HeldFolder;
  /** Where the layer's files lie, within the folder. */
  readonly base: string;
  readonly options: RebuildOptions;
}

/** Chunks of one size from pieces of all sizes; each is good until the next is asked for. */
async function* joined(
  batches: AsyncIterable<readonly SplitPiece[]>,
  parts: Parts,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunk = Buffer.allocUnsafeSlow(chunkBytes);
  let filled = 0;
  for await (const batch of batches) {
    parts.options.signal.throwIfAborted();
    for (const { size, fill } of sourcesOf(batch, parts)) {
      for (let left = size; left > 0; ) {
        const count = fill(chunk, filled, Math.min(left, chunkBytes - filled));
        left -= count;
        filled += count;
        if (filled === chunkBytes) {
          yield chunk;
          filled = 0;
        }
      }
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

interface Source {
  readonly size: number;
  /** Copies the next bytes, at least one and at most `length`, to `target` at `at`. */
  readonly fill: (target: Buffer, at: number, length: number) => number;
}

/** The pieces' bytes; a file is open until the next is asked for. */
function* sourcesOf(batch: readonly SplitPiece[], { folder, base }: Parts): Generator<Source, void, undefined> {
  for (const piece of batch) {
    if (piece.kind === "bytes") {
      yield inMemory(piece.bytes);
      continue;
    }
    const path = normalPath(piece.name);
    if (path === null || path === "") throw new RangeError("its tar-split names a file outside of it");
    const fd = folder.open(`${base}/${path}`, base);
    try {
      yield { size: piece.size, fill: (target, at, length) => readOn(fd, target, { at, length }) };
    } finally {
      closeSync(fd);
    }
  }
}

function inMemory(bytes: Buffer): Source {
  let given = 0;
  return {
    size: bytes.length,
    fill(target, at, length) {
      const count = bytes.copy(target, at, given, given + length);
      given += count;
      return count;
    },
  };
}

function readOn(fd: number, target: Buffer, { at, length }: { readonly at: number; readonly length: number }): number {
  const count = readSync(fd, target, at, length, null);
  if (count === 0) throw new RangeError("one of its files is shorter than it was");
  return count;
}
