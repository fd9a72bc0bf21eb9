import { setImmediate } from "node:timers/promises";
import Bunzip from "seek-bzip";

/** A block unpacks to 900,000 bytes at most, and to 255/4 times that in runs of one byte before they were coded. */
const firstBufferBytes = 1_048_576;

/**
 * Unpacks a whole bzip2 file (several streams behind one another too) block by block, checksums verified. Throws on
 * damaged or truncated input. Gives way to other work between blocks.
 */
export async function* bunzip(packed: Uint8Array): AsyncGenerator<Uint8Array> {
  let at = 0;
  const input = {
    readByte: () => {
      const byte = packed[at++];
      if (byte === undefined) throw new Error("the bzip2 data ends too early");
      return byte;
    },
    read: (buffer: Uint8Array, offset: number, length: number) => {
      const part = packed.subarray(at, at + length);
      buffer.set(part, offset);
      at += part.length;
      return part.length;
    },
  };
  const output = new BlockBuffer();
  const bz = new Bunzip(input, output);
  for (;;) {
    if (bz._init_block()) {
      bz._read_bunzip();
      yield output.take();
      await setImmediate();
      continue;
    }
    if (bz.reader.read(32) >>> 0 !== bz.streamCRC >>> 0) throw new Error("the bzip2 data has a wrong checksum");
    if (at >= packed.length) return;
    bz._start_bunzip(input, output);
  }
}

class BlockBuffer {
  #bytes = Buffer.allocUnsafe(firstBufferBytes);
  #length = 0;

  writeByte(byte: number): void {
    if (this.#length === this.#bytes.length) this.#grow();
    this.#bytes[this.#length++] = byte;
  }

  take(): Uint8Array {
    const block = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return block;
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(this.#bytes.length * 2);
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}
