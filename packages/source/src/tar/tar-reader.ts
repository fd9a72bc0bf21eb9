import { defaultLimits, type Limits } from "@plimsoll/kit";
import type { Problem } from "@plimsoll/model";
import { type Entry, headBytes, type LayerVisitor } from "../entry.ts";
import { sourceError } from "../errors.ts";
import { Collector } from "./collector.ts";
import { type PaxRecords, readPax } from "./pax.ts";
import { blockBytes, isZeroBlock, paddingOf, readHeader, type TarHeader } from "./tar-header.ts";
import { type Announced, dataBytesOf, itemOf } from "./tar-item.ts";
import { incomplete, note } from "./tar-problem.ts";
import { text } from "./tar-text.ts";

/** What a {@link TarReader} reports to: a layer's visitor without its end. */
export type TarVisitor = Omit<LayerVisitor, "end"> & {
  /** Asked of every file before `entry`: a function here gets its data piece by piece (views of the chunk), `null` at its end. */
  readonly pieces?: (entry: Entry) => ((piece: Buffer | null) => void) | null;
};

export interface TarReaderOptions {
  readonly limits?: Limits;
  /** Names the archive in error messages. */
  readonly label?: string;
}

const metadataBytes = 1024 * 1024;
const problemsShown = 100;
const zeros = Buffer.alloc(64 * 1024);

/** A body handed on as it comes. */
interface Piping {
  left: number;
  readonly give: (piece: Buffer | null) => void;
}

/**
 * Reads a tar pushed to it piece by piece and tells a visitor what it holds, synchronously and in archive order: ustar,
 * GNU (long names, base-256 numbers), pax. Where readers of tar disagree it reads as container engines do (Go's
 * archive/tar). A pushed chunk may be used again once `push` returns; so may the memory of a body.
 * Throws TAR_CORRUPT, TAR_TRUNCATED, LAYER_TOO_LARGE; what only concerns one entry becomes a Problem.
 */
export class TarReader {
  readonly #visitor: TarVisitor;
  readonly #limits: Limits;
  readonly #label: string;
  /** Bytes in all chunks before the current one. */
  #before = 0;
  #dataOffset = 0;
  #skip = 0;
  readonly #collector = new Collector();
  #piping: Piping | null = null;
  #announced: Announced = {};
  #zeroBlocks = 0;
  #trailing = false;
  #entries = 0;
  #problems = 0;

  constructor(visitor: TarVisitor, options: TarReaderOptions = {}) {
    this.#visitor = visitor;
    this.#limits = options.limits ?? defaultLimits;
    this.#label = options.label ?? "the archive";
  }

  /** Bytes read so far. */
  get bytes(): number {
    return this.#before;
  }

  /** Offset of the data of the entry that the visitor is being told of. */
  get dataOffset(): number {
    return this.#dataOffset;
  }

  /** Whether the end mark was read. */
  get isAtEnd(): boolean {
    return this.#zeroBlocks >= 2;
  }

  /** Counts the rest of a body that nobody wants as read, and says how many bytes that is: the caller seeks over them. */
  jump(): number {
    const bytes = this.#skip;
    this.#skip = 0;
    this.#before += bytes;
    return bytes;
  }

  /** Room for what is missing of a body that somebody waits for, empty when nobody does: the caller may fill it and say so by {@link filled}. */
  get room(): Buffer {
    return this.#collector.rest();
  }

  /** Counts {@link room} as read. */
  filled(): void {
    const { length } = this.#collector.rest();
    this.#before += length;
    this.#collector.filled(length);
  }

  /** Takes the next bytes of the archive. */
  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.#before + bytes.length > this.#limits.layerBytes) throw this.#tooLarge();
    let at = 0;
    while (at < bytes.length) at = this.#take(bytes, at);
    this.#before += bytes.length;
  }

  /** The archive has ended. An archive that stops between two entries is whole: engines accept a missing end mark. */
  finish(): void {
    if (
      this.#collector.isWaiting ||
      this.#piping !== null ||
      this.#skip > 0 ||
      Object.keys(this.#announced).length > 0
    ) {
      throw sourceError("TAR_TRUNCATED", { fields: { label: this.#label, offset: this.#before } });
    }
    if (this.#trailing) this.#report(note("trailing-bytes", "bytes behind the end of the tar archive were not read"));
    if (this.#entries > this.#limits.layerEntries) {
      this.#visitor.problem(
        incomplete("too-many-entries", `only the first ${this.#limits.layerEntries} entries of the layer were read`),
      );
    }
    const more = this.#problems - problemsShown;
    if (more > 0) this.#visitor.problem(incomplete("more-problems", `${more} more entries of the layer were not read`));
  }

  #take(bytes: Buffer, at: number): number {
    if (this.#piping !== null) return this.#pipe(this.#piping, bytes, at);
    if (this.#skip > 0) {
      const step = Math.min(this.#skip, bytes.length - at);
      this.#skip -= step;
      return at + step;
    }
    if (this.#collector.isWaiting) return this.#collector.take(bytes, at);
    if (this.#zeroBlocks >= 2) return this.#afterEnd(bytes, at);
    if (bytes.length - at < blockBytes) {
      const offset = this.#before + at;
      this.#collector.want(blockBytes, (block) => this.#block(block, 0, offset));
      return at;
    }
    this.#block(bytes, at, this.#before + at);
    return at + blockBytes;
  }

  #afterEnd(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + zeros.length);
    this.#trailing ||= !zeros.subarray(0, end - at).equals(bytes.subarray(at, end));
    return this.#trailing ? bytes.length : end;
  }

  #block(bytes: Buffer, at: number, offset: number): void {
    if (bytes[at] === 0 && isZeroBlock(bytes, at)) {
      this.#zeroBlocks++;
      return;
    }
    if (this.#zeroBlocks > 0) throw this.#corrupt("an entry after a zero block", offset);
    const header = readHeader(bytes, at);
    if (typeof header === "string") throw this.#corrupt(header, offset);
    if (header.size > this.#limits.layerBytes) throw this.#tooLarge();
    this.#dataOffset = offset + blockBytes;
    this.#header(header, offset);
  }

  #header(header: TarHeader, offset: number): void {
    switch (header.flag) {
      case "x":
        return this.#metadata(header, offset, (bytes) => {
          this.#announced = { ...this.#announced, pax: this.#pax(bytes, offset) };
        });
      case "g":
        return this.#metadata(header, offset, (bytes) => this.#globalHeader(this.#pax(bytes, offset)));
      case "L":
        return this.#metadata(header, offset, (bytes) => {
          this.#announced = { ...this.#announced, longName: text(bytes, 0, bytes.length) };
        });
      case "K":
        return this.#metadata(header, offset, (bytes) => {
          this.#announced = { ...this.#announced, longLink: text(bytes, 0, bytes.length) };
        });
      default:
        if (header.sparseExtended) this.#sparseMap(header);
        else this.#item(header);
    }
  }

  #metadata(header: TarHeader, offset: number, done: (bytes: Buffer) => void): void {
    if (header.size > metadataBytes) throw this.#corrupt(`a header of ${header.size} bytes`, offset);
    this.#collector.want(header.size, (bytes) => {
      this.#skip = paddingOf(header.size);
      done(bytes);
    });
  }

  #pax(bytes: Buffer, offset: number): PaxRecords {
    const records = readPax(bytes);
    if (typeof records === "string") throw this.#corrupt(records, offset);
    if ((records.size ?? 0) > this.#limits.layerBytes) throw this.#tooLarge();
    return records;
  }

  /**
   * GNU tar applies global records to all later entries, container engines do not, and forget what was announced before;
   * so do we, and say it where it matters.
   */
  #globalHeader(records: PaxRecords): void {
    this.#announced = {};
    if (Object.keys(records).length === 0) return;
    const message = "the layer has a global header that readers of tar understand differently";
    this.#report(incomplete("global-header", message));
  }

  /** The map of an old GNU sparse file goes on in further blocks, byte 504 of each saying whether one more follows. */
  #sparseMap(header: TarHeader): void {
    this.#collector.want(blockBytes, (block) => {
      if (block[504] !== 0) this.#sparseMap(header);
      else this.#item(header);
    });
  }

  #item(header: TarHeader): void {
    const announced = this.#announced;
    this.#announced = {};
    const data = dataBytesOf(header, announced);
    this.#skip = data + paddingOf(data);
    if (++this.#entries > this.#limits.layerEntries) return;
    const item = itemOf(header, announced, this.#limits);
    if (item.kind === "problem") this.#report(item.problem);
    if (item.kind === "whiteout") this.#visitor.whiteout(item.path, item.opaque);
    if (item.kind === "entry") this.#entry(item.entry, item.sparse);
  }

  #pipe(piping: Piping, bytes: Buffer, at: number): number {
    const step = Math.min(piping.left, bytes.length - at);
    if (step > 0) piping.give(bytes.subarray(at, at + step));
    piping.left -= step;
    if (piping.left === 0) {
      this.#piping = null;
      piping.give(null);
    }
    return at + step;
  }

  #entry(entry: Entry, sparse: boolean): void {
    const give = sparse || entry.type !== "file" ? null : (this.#visitor.pieces?.(entry) ?? null);
    if (give !== null) {
      this.#skip = paddingOf(entry.size);
      if (entry.size > 0) this.#piping = { left: entry.size, give };
      else give(null);
      return;
    }
    const wish = this.#visitor.entry(entry);
    if (wish === "ignore" || entry.type !== "file") return;
    if (sparse) {
      this.#report({ ...incomplete("sparse-file", "a file stored with holes was not read"), path: entry.path });
      return;
    }
    if (wish === "body") return this.#body(entry, null);
    this.#skip = 0;
    const head = Math.min(entry.size, headBytes);
    this.#collector.want(head, (bytes) => {
      if (this.#visitor.claims(entry, bytes)) return this.#body(entry, bytes);
      this.#skip = entry.size - head + paddingOf(entry.size);
    });
  }

  #body(entry: Entry, head: Buffer | null): void {
    if (entry.size > this.#limits.fileBytes) {
      const problem = incomplete(
        "file-too-large",
        `a file of ${entry.size} bytes was not read (limit ${this.#limits.fileBytes})`,
      );
      this.#report({ ...problem, path: entry.path });
      this.#skip = entry.size - (head?.length ?? 0) + paddingOf(entry.size);
      return;
    }
    this.#skip = 0;
    const done = (bytes: Buffer): void => {
      this.#skip = paddingOf(entry.size);
      this.#visitor.body(entry, bytes);
    };
    if (head !== null && head.length === entry.size) done(head);
    else this.#collector.want(entry.size, done, head);
  }

  #report(problem: Problem): void {
    if (++this.#problems <= problemsShown) this.#visitor.problem(problem);
  }

  #corrupt(reason: string, offset: number): Error {
    return sourceError("TAR_CORRUPT", { fields: { label: this.#label, reason, offset } });
  }

  #tooLarge(): Error {
    return sourceError("LAYER_TOO_LARGE", { fields: { label: this.#label, limit: this.#limits.layerBytes } });
  }
}
