import { isSkippable } from "./zstd-frames.ts";

/** How bytes are packed, told by their first bytes; names and media types are not believed. */
export type Compression = "none" | "gzip" | "zstd" | "bzip2" | "xz";

/** First bytes that tell a compression. */
export const magicBytes = 6;

/** The compression that the first {@link magicBytes} bytes show. */
export function compressionOf(head: Uint8Array): Compression {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "gzip";
  if (bytes.length >= 4 && isZstd(bytes.readUInt32LE(0))) return "zstd";
  if (bytes.toString("latin1", 0, 3) === "BZh") return "bzip2";
  if (bytes.toString("latin1", 0, 6) === "\xfd7zXZ\0") return "xz";
  return "none";
}

function isZstd(magic: number): boolean {
  return magic === 0xfd2fb528 || isSkippable(magic);
}

/** A stream whose beginning was looked at. */
export interface Peeked {
  /** Its first bytes, at least as many as asked for where it has them. */
  readonly head: Uint8Array;
  /** All bytes, those looked at included. */
  readonly bytes: AsyncGenerator<Uint8Array, void, undefined>;
}

/** Looks at the first `count` bytes of a stream. */
export async function peek(stream: AsyncIterable<Uint8Array>, count: number): Promise<Peeked> {
  const source = stream[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let ended = false;
  while (!ended && head.length < count) {
    const { done, value } = await source.next();
    if (done === true) ended = true;
    // A short chunk is copied: it changes when the next is asked for.
    else head = head.length === 0 && value.length >= count ? value : Buffer.concat([head, value]);
  }
  return { head, bytes: continued(head, ended, source) };
}

async function* continued(
  head: Uint8Array,
  ended: boolean,
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (head.length > 0) yield head;
    while (!ended) {
      const { done, value } = await source.next();
      if (done === true) return;
      yield value;
    }
  } finally {
    await source.return?.();
  }
}
