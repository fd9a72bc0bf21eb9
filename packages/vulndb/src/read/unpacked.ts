import { createReadStream } from "node:fs";
import { type FileHandle, readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { Limits } from "@plimsoll/kit";
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
  const counter = { packed: 0 };
  let bytes = 0;
  for await (const chunk of openPacked(path, packing, counter)) {
    bytes += chunk.length;
    if (bytes > limits.layerBytes) throw new Error("it unpacks to more than the limit");
    if (bytes > limits.ratioFloorBytes && bytes > counter.packed * limits.ratio) {
      throw new Error(`it unpacks to more than ${limits.ratio} times its size`);
    }
    yield chunk;
  }
}

async function* openPacked(path: string, packing: Packing, counter: { packed: number }): AsyncGenerator<Uint8Array> {
  if (packing === "bzip2") {
    const packed = await readFile(path);
    counter.packed = packed.length;
    yield* bunzip(packed);
    return;
  }
  const raw = createReadStream(path, { highWaterMark: 262_144 });
  raw.on("data", (chunk) => {
    counter.packed += chunk.length;
  });
  const stream = decoded(raw, packing);
  try {
    for await (const chunk of stream) yield chunk;
  } finally {
    stream.destroy();
    raw.destroy();
  }
}

function decoded(raw: Readable, packing: Packing): Readable {
  if (packing === "plain") return raw;
  const decoder =
    packing === "gzip" ? createGunzip({ chunkSize: 262_144 }) : createZstdDecompress({ chunkSize: 262_144 });
  raw.on("error", (error) => decoder.destroy(error));
  return raw.pipe(decoder);
}
