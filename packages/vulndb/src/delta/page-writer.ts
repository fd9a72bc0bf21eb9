import { closeSync, openSync, writeSync } from "node:fs";
import { LayoutFault, pageBytes } from "./page-file.ts";

const flushPages = 256;

/** Pages on their way to a file: numbers are given out in order, and written in order but for page 1. */
export class PageWriter implements Disposable {
  readonly #file: number;
  readonly #waiting = new Map<number, Buffer>();
  readonly #most: number;
  #taken = 0;
  #flushed = 1;

  constructor(path: string, limitBytes: number) {
    this.#file = openSync(path, "wx", 0o644);
    this.#most = Math.floor(limitBytes / pageBytes);
  }

  get count(): number {
    return this.#taken;
  }

  /** The number of a page that will be put. */
  take(): number {
    if (this.#taken >= this.#most) throw new LayoutFault(`more than ${this.#most} pages`);
    return ++this.#taken;
  }

  put(number: number, page: Buffer): void {
    if (number === 1) {
      this.#flush();
      writeWhole(this.#file, page, 0);
      return;
    }
    this.#waiting.set(number, page);
    if (this.#waiting.size >= flushPages) this.#flush();
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #flush(): void {
    const ready: Buffer[] = [];
    for (let page = this.#next(); page !== undefined; page = this.#next()) ready.push(page);
    const start = (this.#flushed - ready.length) * pageBytes;
    writeWhole(this.#file, Buffer.concat(ready), start);
  }

  #next(): Buffer | undefined {
    const page = this.#waiting.get(this.#flushed + 1);
    if (page === undefined) return undefined;
    this.#waiting.delete(++this.#flushed);
    return page;
  }
}

function writeWhole(file: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}
