import { createReadStream } from "node:fs";
import { type FileHandle, readFile } from "node:fs/promises";
import type { Limits } from "@plimsoll/kit";
import { decompressed } from "@plimsoll/source";
import { bunzip } from "./bunzip.ts";

/** How a file's bytes travel. */
export type Packing = "plain" | "gzip" | "zstd" | "bzip2" | "xz" | "zip";

const magic: readonly (readonly [Packing, string])[] = [
  ["gzip", "1f8b"],
  ["zstd", "28b52ffd"],
  ["bzip2", "425a68"],
  ["xz", "fd377a585a00"],
  ["zip", "504b0304"],
];

/** Packing by the first bytes of a file. */
export async function packingOf(file: FileHandle): Promise<Packing> {
  const head = Buffer.alloc(8);
  const { bytesRead } = await file.read(head, 0, 8, 0);
  const hex = head.toString("hex", 0, bytesRead);
  return magic.find(([, start]) => hex.startsWith(start))?.[0] ?? "plain";
}

/**
 * The unpacked bytes of a file. Throws when it is damaged, or grows beyond `limits.layerBytes` or, past
 * `limits.ratioFloorBytes`, beyond `limits.ratio` times its size.
 */
export async function* unpacked(path: string, packing: Packing, limits: Limits): AsyncGenerator<Uint8Array> {
  if (packing === "bzip2") {
    const packed = await readFile(path);
    yield* limited(bunzip(packed), packed.length, limits);
    return;
  }
  const raw = createReadStream(path, { highWaterMark: 262_144 });
  try {
    if (packing === "plain") yield* limited(raw, Number.POSITIVE_INFINITY, limits);
    else yield* decompressed(raw, { limits, label: "the file" });
  } finally {
    raw.destroy();
  }
}

async function* limited(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  packedBytes: number,
  { layerBytes, ratio, ratioFloorBytes }: Limits,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > layerBytes) throw new Error("it unpacks to more than the limit");
    if (bytes > ratioFloorBytes && bytes > packedBytes * ratio) {
      throw new Error(`it unpacks to more than ${ratio} times its size`);
    }
    yield chunk;
  }
}
