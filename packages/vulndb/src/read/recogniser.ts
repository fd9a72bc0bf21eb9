import type { Problem } from "@plimsoll/model";
import type { Feed } from "../feed.ts";
import type { HeadedFile } from "./feed-file.ts";

/** An archive whose first documents are of no known feed is not read on: it holds something else. */
const patience = 200;

/** Other programs' test data looks like feeds and is none. */
const testData = /(^|\/)(testdata|test-fixtures|fixtures|__tests__)\//;

/** Finds the feed of each document of one file, the last one found asked first, and counts the others. */
export class Recogniser {
  readonly #feeds: readonly Feed[];
  #last: Feed | null = null;
  #unknown = 0;
  #testData = 0;
  #example = "";

  constructor(feeds: readonly Feed[]) {
    this.#feeds = feeds;
  }

  /** Whether reading on is of no use. */
  get hopeless(): boolean {
    return this.#last === null && this.#unknown + this.#testData >= patience;
  }

  /** Whether a member of an archive is worth looking at. */
  wants(path: string): boolean {
    if (!testData.test(path)) return true;
    this.#testData++;
    return false;
  }

  feedOf(file: HeadedFile): Feed | null {
    const sample = { path: file.path, head: Buffer.from(file.head).toString("utf8") };
    if (this.#last?.recognises(sample) === true) return this.#last;
    const found = this.#feeds.find((feed) => feed.recognises(sample)) ?? null;
    if (found !== null) this.#last = found;
    else if (this.#unknown++ === 0) this.#example = file.path;
    return found;
  }

  /** What was left out of the file, in one line each. */
  *notes(path: string): Generator<Problem> {
    const level = "note";
    if (this.#last === null && this.#unknown > 0) {
      yield { level, code: "feed-unknown", message: "not a feed this program knows: left out", path };
    } else if (this.#unknown > 0) {
      const message = `${this.#unknown} files are of no known feed: left out (the first: ${this.#example})`;
      yield { level, code: "feed-files-unknown", message, path };
    }
    if (this.#testData > 0) {
      const message = `${this.#testData} files of test data: left out`;
      yield { level, code: "feed-test-data", message, path };
    }
  }
}
