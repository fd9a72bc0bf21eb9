import { createHash, type Hash } from "node:crypto";
import { defaultLimits, type Limits } from "@plimsoll/kit";
import { type DiffId, type Digest, parseDiffId, parseDigest } from "@plimsoll/model";
import type { StreamDigest, StreamDigests } from "../digest/stream-digests.ts";
import type { LayerRead, LayerVisitor } from "../entry.ts";
import { sourceError } from "../errors.ts";
import { TarReader } from "../tar/tar-reader.ts";
import { freeChunk } from "./chunk-memory.ts";
import { compressionOf, magicBytes, peek } from "./compression.ts";
import { decompressedAs } from "./decompress.ts";

/** What is known of a layer before it is read; what is not known is `null` and not checked. */
export interface LayerExpectation {
  /** Names the layer in error messages. */
  readonly label: string;
  readonly diffId: DiffId | null;
  /** Digest of the blob as it travels. */
  readonly digest: Digest | null;
  /** Bytes of the blob as it travels. */
  readonly size: number | null;
}

export interface ReadLayerOptions {
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
  /** Told the bytes of every chunk that came from the source. */
  readonly onBytes?: (bytes: number) => void;
  /** Where digests of what comes compressed are taken beside the reading; absent: here. */
  readonly digests?: StreamDigests | undefined;
}

/**
 * Reads one layer blob in one pass: decompression, tar, both digests. `visitor.end` is called once everything holds.
 * Throws DIGEST_MISMATCH, DIFF_ID_MISMATCH, SIZE_MISMATCH and what {@link TarReader} and `decompressed` throw.
 */
export async function readLayer(
  stream: AsyncIterable<Uint8Array>,
  visitor: LayerVisitor,
  { expected, ...options }: ReadLayerOptions & { readonly expected: LayerExpectation },
): Promise<LayerRead> {
  const { label } = expected;
  const limits = options.limits ?? defaultLimits;
  const travelled = new Travelled(expected, options);
  const { head, bytes } = await peek(travelled.counted(stream), magicBytes);
  const compression = compressionOf(head);
  const blobHash = compression === "none" ? null : createHash("sha256");
  const tarDigest = compression === "none" ? digestHere(keep) : (options.digests?.open() ?? digestHere(freeChunk));
  const tar = new TarReader(visitor, { limits, label });
  const hashed = blobHash === null ? bytes : hashing(bytes, blobHash);
  for await (const chunk of decompressedAs(compression, hashed, { limits, label })) {
    tar.push(chunk);
    await tarDigest.take(chunk);
  }
  travelled.check();
  tar.finish();
  const diffId = parseDiffId(await tarDigest.digest());
  const digest = parseDigest(blobHash === null ? diffId : hexDigest(blobHash));
  if (diffId === null || digest === null) throw new TypeError("unreachable: sha256 makes digests");
  checkDigests(expected, { diffId, digest });
  const read: LayerRead = { diffId, digest: blobHash === null ? expected.digest : digest, size: tar.bytes };
  visitor.end(read);
  return read;
}

const keep = (): void => undefined;

/** A digest that is taken at once; `done` is told of every chunk that is not needed any more. */
function digestHere(done: (chunk: Uint8Array) => void): StreamDigest {
  const hash = createHash("sha256");
  return {
    async take(chunk) {
      hash.update(chunk);
      done(chunk);
    },
    digest: async () => hexDigest(hash),
  };
}

/** Throws DIGEST_MISMATCH, DIFF_ID_MISMATCH. */
export function checkDigests(
  { label, ...expected }: LayerExpectation,
  found: { readonly diffId: DiffId; readonly digest: Digest },
): void {
  if (expected.digest !== null && found.digest !== expected.digest) {
    throw sourceError("DIGEST_MISMATCH", { fields: { label, expected: expected.digest, found: found.digest } });
  }
  if (expected.diffId !== null && found.diffId !== expected.diffId) {
    throw sourceError("DIFF_ID_MISMATCH", { fields: { label, expected: expected.diffId, found: found.diffId } });
  }
}

/** Counts the bytes on their way and holds them to the size that was promised. */
class Travelled {
  readonly #expected: LayerExpectation;
  readonly #options: ReadLayerOptions;
  #bytes = 0;

  constructor(expected: LayerExpectation, options: ReadLayerOptions) {
    this.#expected = expected;
    this.#options = options;
  }

  async *counted(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    const { signal, onBytes } = this.#options;
    for await (const chunk of stream) {
      signal?.throwIfAborted();
      this.#bytes += chunk.length;
      if (this.#bytes > (this.#expected.size ?? Number.POSITIVE_INFINITY)) throw this.#mismatch("more than ");
      onBytes?.(chunk.length);
      yield chunk;
    }
  }

  check(): void {
    if (this.#expected.size !== null && this.#bytes !== this.#expected.size) throw this.#mismatch("");
  }

  #mismatch(prefix: string): Error {
    const { label, size } = this.#expected;
    const found = prefix === "" ? this.#bytes : `${prefix}${size ?? 0}`;
    return sourceError("SIZE_MISMATCH", { fields: { label, expected: size ?? 0, found } });
  }
}

async function* hashing(stream: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of stream) {
    hash.update(chunk);
    yield chunk;
  }
}

function hexDigest(hash: Hash): string {
  return `sha256:${hash.digest("hex")}`;
}
