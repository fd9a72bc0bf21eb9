import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from "node:zlib";
import { defaultLimits, type Limits, messageOf, PlimsollError } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import { type Compression, compressionOf, magicBytes, peek } from "./compression.ts";
import { ZstdFrames } from "./zstd-frames.ts";

type Engine = Gunzip | ZstdDecompress;

/** Bytes that come out at once at most; and that go in at least, but for the last: each turn wakes a thread and comes back. */
const chunkSize = 1024 * 1024;
const gatheredBytes = 256 * 1024;

export interface DecompressOptions {
  readonly limits?: Limits;
  /** Names the stream in error messages. */
  readonly label?: string;
}

/**
 * The bytes of a gzip (also of several members), zstd (several frames, skippable ones) or plain stream, told apart by
 * their first bytes. A chunk given in must stay unchanged only until the next is asked for. Throws
 * COMPRESSION_TRUNCATED, COMPRESSION_CORRUPT, COMPRESSION_UNSUPPORTED (bzip2, xz), COMPRESSION_RATIO, LAYER_TOO_LARGE.
 */
export async function* decompressed(
  stream: AsyncIterable<Uint8Array>,
  options: DecompressOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const { head, bytes } = await peek(stream, magicBytes);
  yield* decompressedAs(compressionOf(head), bytes, options);
}

/** Like {@link decompressed}, with the compression known. */
export async function* decompressedAs(
  compression: Compression,
  stream: AsyncGenerator<Uint8Array, void, undefined>,
  options: DecompressOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  if (compression === "none") return yield* stream;
  const label = options.label ?? "the data";
  if (compression !== "gzip" && compression !== "zstd") {
    await stream.return();
    throw sourceError("COMPRESSION_UNSUPPORTED", { fields: { label, compression } });
  }
  const meter = new Meter(options.limits ?? defaultLimits, label);
  const engine: Engine = compression === "gzip" ? createGunzip({ chunkSize }) : createZstdDecompress({ chunkSize });
  const feeding = compression === "gzip" ? feedGzip(engine, stream, meter) : feedZstd(engine, stream, meter);
  // A failing source ends the engine with the source's own error.
  const fed = feeding.then(
    () => void engine.end(),
    (error: unknown) => void engine.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  try {
    for await (const chunk of engine) {
      meter.out(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw inOurWords(error, { label, compression });
  } finally {
    engine.destroy();
    await fed;
  }
}

async function feedGzip(engine: Engine, stream: AsyncIterable<Uint8Array>, meter: Meter): Promise<void> {
  const feeder = new Feeder(engine);
  let isListening = true;
  for await (const chunk of gathered(stream)) {
    meter.in(chunk.length);
    // Behind padding the engine takes no more; the rest is still drawn, because digests go over the whole blob.
    if (!isListening) continue;
    const taken = await feeder.write(chunk);
    if (taken === null) return;
    isListening = taken === chunk.length;
  }
}

async function feedZstd(engine: Engine, stream: AsyncIterable<Uint8Array>, meter: Meter): Promise<void> {
  const feeder = new Feeder(engine);
  const frames = new ZstdFrames();
  for await (const chunk of gathered(stream)) {
    meter.in(chunk.length);
    for (const piece of frames.split(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))) {
      const taken = await feeder.write(piece);
      if (taken === null) return;
      if (taken !== piece.length) throw new RangeError("a frame ends before its last block");
    }
  }
  if (!frames.isComplete) throw Object.assign(new RangeError("unexpected end"), { code: "Z_BUF_ERROR" });
}

/** The same bytes in larger pieces, each good until the next is asked for. The one behind it is gathered meanwhile. */
async function* gathered(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = piecesOf(stream);
  let next = pieces.next();
  try {
    for (;;) {
      const { value: piece, done } = await next;
      if (done) return;
      if (piece.isCopy) next = ahead(pieces);
      yield piece.bytes;
      if (!piece.isCopy) next = pieces.next();
    }
  } finally {
    await pieces.return();
  }
}

/** Whoever asks later hears of its failure. */
function ahead<T>(pieces: AsyncGenerator<T, void, undefined>): Promise<IteratorResult<T, void>> {
  const next = pieces.next();
  next.catch(() => undefined);
  return next;
}

interface Piece {
  readonly bytes: Uint8Array;
  /** Good until the next but one is asked for; else until the next. */
  readonly isCopy: boolean;
}

async function* piecesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Piece, void, undefined> {
  let [room, other] = [Buffer.allocUnsafeSlow(gatheredBytes), Buffer.allocUnsafeSlow(gatheredBytes)];
  let filled = 0;
  for await (const chunk of stream) {
    if (filled === 0 && chunk.length >= gatheredBytes) {
      yield { bytes: chunk, isCopy: false };
      continue;
    }
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + room.length - filled);
      room.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < room.length) continue;
      yield { bytes: room, isCopy: true };
      [room, other] = [other, room];
      filled = 0;
    }
  }
  if (filled > 0) yield { bytes: room.subarray(0, filled), isCopy: true };
}

/** Writes piece after piece to an engine, each only when the last was taken. */
class Feeder {
  readonly #engine: Engine;
  #resume: () => void = () => undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
    // An engine that dies of a piece calls no write callback.
    engine.once("close", () => this.#resume());
  }

  /** Bytes of the piece that the engine took; `null` when it is no more: the reader of the engine hears why. */
  async write(piece: Uint8Array): Promise<number | null> {
    const before = this.#engine.bytesWritten;
    if (this.#engine.destroyed) return null;
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
      this.#engine.write(piece, () => resolve());
    });
    return this.#engine.destroyed ? null : this.#engine.bytesWritten - before;
  }
}

/** Counts both sides and stops bombs. */
class Meter {
  readonly #limits: Limits;
  readonly #label: string;
  #in = 0;
  #out = 0;

  constructor(limits: Limits, label: string) {
    this.#limits = limits;
    this.#label = label;
  }

  in(bytes: number): void {
    this.#in += bytes;
  }

  out(bytes: number): void {
    this.#out += bytes;
    const { layerBytes, ratio, ratioFloorBytes } = this.#limits;
    if (this.#out > layerBytes) {
      throw sourceError("LAYER_TOO_LARGE", { fields: { label: this.#label, limit: layerBytes } });
    }
    if (this.#out > ratioFloorBytes && this.#out > ratio * this.#in) {
      throw sourceError("COMPRESSION_RATIO", { fields: { label: this.#label, ratio } });
    }
  }
}

function inOurWords(error: unknown, fields: { label: string; compression: Compression }): unknown {
  if (error instanceof PlimsollError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "Z_BUF_ERROR") return sourceError("COMPRESSION_TRUNCATED", { fields, cause: error });
  if (code.startsWith("Z_") || code.startsWith("ZSTD_") || error instanceof RangeError) {
    return sourceError("COMPRESSION_CORRUPT", { fields: { ...fields, reason: messageOf(error) }, cause: error });
  }
  return error;
}
