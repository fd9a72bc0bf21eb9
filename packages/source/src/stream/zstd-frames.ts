const frameMagic = 0xfd2fb528;

/**
 * Cuts a zstd stream (RFC 8878) at the ends of its frames and drops skippable frames. Needed because Node's decompressor
 * stops at the end of the first frame without an error when more input follows in the same write (seen in 24.21), and
 * layers of several frames are common (pzstd, zstd:chunked).
 */
export class ZstdFrames {
  #state: "magic" | "skip-size" | "skip" | "descriptor" | "header" | "block" | "content" | "checksum" = "magic";
  readonly #scratch = Buffer.alloc(4);
  #filled = 0;
  #left = 0;
  #lastBlock = false;
  #hasChecksum = false;

  /** Whether the input seen so far ends between two frames. */
  get isComplete(): boolean {
    return this.#state === "magic" && this.#filled === 0;
  }

  /** The pieces of `chunk` that belong to frames, each at most up to the end of one frame. Throws `RangeError` at what is no zstd. */
  *split(chunk: Buffer): Generator<Buffer, void, undefined> {
    let start = 0;
    for (let at = 0; at < chunk.length; ) {
      const wasInFrame = this.#isInFrame();
      at = this.#advance(chunk, at);
      if (wasInFrame === this.#isInFrame()) continue;
      // The magic number is known to be one only when it is complete; it may lie across two chunks.
      yield wasInFrame ? chunk.subarray(start, at) : Buffer.copyBytesFrom(this.#scratch);
      start = at;
    }
    if (this.#isInFrame() && start < chunk.length) yield chunk.subarray(start);
  }

  #isInFrame(): boolean {
    return this.#state !== "magic" && this.#state !== "skip" && this.#state !== "skip-size";
  }

  #advance(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case "skip":
      case "header":
      case "content":
      case "checksum":
        return this.#pass(chunk, at);
      default:
        return this.#gather(chunk, at);
    }
  }

  #pass(chunk: Buffer, at: number): number {
    const step = Math.min(this.#left, chunk.length - at);
    this.#left -= step;
    if (this.#left === 0) this.#passed();
    return at + step;
  }

  #passed(): void {
    if (this.#state === "header" || (this.#state === "content" && !this.#lastBlock)) this.#state = "block";
    else if (this.#state === "content" && this.#hasChecksum) this.#go("checksum", 4);
    else this.#state = "magic";
  }

  #gather(chunk: Buffer, at: number): number {
    const need = this.#state === "descriptor" ? 1 : this.#state === "block" ? 3 : 4;
    const step = chunk.copy(this.#scratch, this.#filled, at, at + need - this.#filled);
    this.#filled += step;
    if (this.#filled === need) {
      this.#filled = 0;
      this.#gathered();
    }
    return at + step;
  }

  #gathered(): void {
    if (this.#state === "magic") this.#magic(this.#scratch.readUInt32LE(0));
    else if (this.#state === "skip-size") this.#go("skip", this.#scratch.readUInt32LE(0));
    else if (this.#state === "descriptor") this.#descriptor(this.#scratch.readUInt8(0));
    else this.#block(this.#scratch.readUIntLE(0, 3));
  }

  #magic(magic: number): void {
    if (magic === frameMagic) this.#state = "descriptor";
    else if (isSkippable(magic)) this.#state = "skip-size";
    else throw new RangeError("bytes between frames");
  }

  #descriptor(flags: number): void {
    const single = (flags & 0x20) !== 0;
    const contentSize = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
    const dictionary = [0, 1, 2, 4][flags & 3] ?? 0;
    this.#hasChecksum = (flags & 4) !== 0;
    this.#go("header", (single ? 0 : 1) + dictionary + contentSize);
  }

  #block(header: number): void {
    const type = (header >> 1) & 3;
    if (type === 3) throw new RangeError("reserved block type");
    this.#lastBlock = (header & 1) !== 0;
    this.#go("content", type === 1 ? 1 : header >> 3);
  }

  #go(state: "skip" | "header" | "content" | "checksum", left: number): void {
    this.#state = state;
    this.#left = left;
    if (left === 0) this.#passed();
  }
}

/** Whether the little-endian number is the magic of a frame that carries no data. */
export function isSkippable(magic: number): boolean {
  return magic >>> 4 === 0x184d2a5;
}
