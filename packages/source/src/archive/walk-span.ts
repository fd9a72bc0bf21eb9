import { setImmediate as letOthersRun } from "node:timers/promises";
import { defaultLimits } from "@plimsoll/kit";
import type { LayerRead, LayerVisitor } from "../entry.ts";
import { sourceError } from "../errors.ts";
import type { PlannedLayer } from "../image/image-plan.ts";
import type { ReadLayerOptions } from "../stream/read-layer.ts";
import { TarReader } from "../tar/tar-reader.ts";
import type { FileSpan } from "./regular-file.ts";

/** Read at once: large enough for some dozens of small files, small enough to jump over large ones. */
const stepBytes = 64 * 1024;
/** Bytes after which signals, timers and other layers get their turn: some milliseconds. */
const turnBytes = 4 * 1024 * 1024;

/**
 * Reads an uncompressed layer that lies in a file, jumping over bodies that nobody wants: its digest is not taken here.
 * Throws SIZE_MISMATCH, FILE_SHRANK and what {@link TarReader} throws.
 */
export async function walkSpan(
  { file, start, length }: FileSpan,
  visitor: LayerVisitor,
  { layer, ...options }: ReadLayerOptions & { readonly layer: PlannedLayer },
): Promise<LayerRead> {
  const { label, diffId, digest, size } = layer;
  const limits = options.limits ?? defaultLimits;
  options.signal?.throwIfAborted();
  if (size !== null && size !== length) {
    throw sourceError("SIZE_MISMATCH", { fields: { label, expected: size, found: length } });
  }
  if (length > limits.layerBytes) throw sourceError("LAYER_TOO_LARGE", { fields: { label, limit: limits.layerBytes } });
  const tar = new TarReader(visitor, { limits, label });
  const scratch = Buffer.allocUnsafeSlow(Math.min(stepBytes, length));
  for (let turn = 0; tar.bytes < length; ) {
    const at = tar.bytes;
    const { room } = tar;
    if (room.length > scratch.length && room.length <= length - at) {
      // A large body: straight to where it is wanted.
      file.readNow(room, start + at);
      tar.filled();
      turn += room.length;
    } else {
      const chunk = scratch.subarray(0, Math.min(scratch.length, length - at));
      file.readNow(chunk, start + at);
      tar.push(chunk);
      turn += chunk.length;
    }
    tar.jump();
    options.onBytes?.(Math.min(tar.bytes, length) - at);
    if (turn < turnBytes) continue;
    turn = 0;
    await letOthersRun();
    options.signal?.throwIfAborted();
  }
  if (tar.bytes > length) throw sourceError("TAR_TRUNCATED", { fields: { label, offset: length } });
  tar.finish();
  const read: LayerRead = { diffId, digest, size: length };
  visitor.end(read);
  return read;
}
