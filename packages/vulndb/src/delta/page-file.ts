import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** The page size of every database this program makes. */
export const pageBytes = 4096;

const blockPages = 64;
const blocksKept = 16;

/** What a file is not when it cannot be taken apart; the text says why. Never leaves this folder's callers. */
export class LayoutFault extends Error {
  override readonly name = "LayoutFault";
}

/** A SQLite file read page by page; a few blocks are kept, because trees are walked almost in file order. */
export class PageFile implements Disposable {
  readonly count: number;
  readonly #file: number;
  readonly #blocks = new Map<number, Buffer>();

  /** Throws LayoutFault for a file of other pages, or of more than `limitBytes`. */
  constructor(path: string, limitBytes: number) {
    this.#file = openSync(path, "r");
    try {
      const { size } = fstatSync(this.#file);
      if (size > limitBytes) throw new LayoutFault(`${size} bytes are more than ${limitBytes}`);
      this.count = size / pageBytes;
      this.#checkHeader(size);
    } catch (thrown) {
      closeSync(this.#file);
      throw thrown;
    }
  }

  /** One page, numbered from 1; valid until a few dozen other pages were read. */
  page(number: number): Buffer {
    if (!Number.isInteger(number) || number < 1 || number > this.count) throw new LayoutFault(`no page ${number}`);
    const index = number - 1;
    const block = this.#block(Math.floor(index / blockPages));
    const at = (index % blockPages) * pageBytes;
    return block.subarray(at, at + pageBytes);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #block(number: number): Buffer {
    const known = this.#blocks.get(number);
    if (known !== undefined) return known;
    const [oldest] = this.#blocks.keys();
    if (oldest !== undefined && this.#blocks.size >= blocksKept) this.#blocks.delete(oldest);
    const block = Buffer.alloc(Math.min(blockPages, this.count - number * blockPages) * pageBytes);
    const read = readSync(this.#file, block, 0, block.length, number * blockPages * pageBytes);
    if (read !== block.length) throw new LayoutFault("the file ends early");
    this.#blocks.set(number, block);
    return block;
  }

  /** SQLite file format, section 1.3: magic, page size at 16, reserved bytes at 20, text encoding at 56 (1 = UTF-8). */
  #checkHeader(size: number): void {
    if (size < pageBytes || size % pageBytes !== 0) throw new LayoutFault("not a whole number of pages");
    const head = this.page(1);
    if (head.toString("latin1", 0, 16) !== "SQLite format 3\0") throw new LayoutFault("not a SQLite file");
    if (head.readUInt16BE(16) !== pageBytes || head[20] !== 0) throw new LayoutFault("another page size");
    if (head.readUInt32BE(28) !== this.count) throw new LayoutFault("truncated, or grown");
    if (head.readUInt32BE(56) !== 1) throw new LayoutFault("its text is not UTF-8");
  }
}
