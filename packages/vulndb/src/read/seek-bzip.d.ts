/** The parts of seek-bzip 2.0.0 we drive ourselves (it has no types). */
declare module "seek-bzip" {
  interface Input {
    readByte(): number;
    /** Fills part of the buffer; how many bytes there were. */
    read(buffer: Uint8Array, offset: number, length: number): number;
  }
  interface Output {
    writeByte(byte: number): void;
  }
  class Bunzip {
    constructor(input: Input, output: Output);
    /** Sum of the block checksums so far. */
    streamCRC: number;
    reader: { read(bits: number): number };
    /** Reads a block; false at the end mark of a stream. */
    _init_block(): boolean;
    /** Writes the block out; throws on a wrong checksum. */
    _read_bunzip(): number;
    _start_bunzip(input: Input, output: Output): void;
  }
  export = Bunzip;
}
