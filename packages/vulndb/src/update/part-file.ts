import { type FileHandle, open, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parseJson } from "../records/json-text.ts";
import { memberOf, textOf } from "../records/json-value.ts";
import { writeAtomic } from "./write-atomic.ts";

/** What makes a half-finished download worth going on with. */
export interface PartOrigin {
  readonly url: string;
  /** Value for If-Range (RFC 9110 section 13.1.5): a strong ETag, or a date. */
  readonly validator: string;
}

/** A download in the making, beside its destination under a name that starts with a dot; what it is a part of stands in a second file. */
export class PartFile {
  readonly path: string;
  readonly #about: string;

  constructor(destination: string) {
    this.path = join(dirname(destination), `.${basename(destination)}.part`);
    this.#about = `${this.path}.json`;
  }

  /** Bytes that are there and may be gone on with; `null` when there are none. */
  async resumable(url: string): Promise<{ readonly size: number; readonly validator: string } | null> {
    const [found, about] = await Promise.all([stat(this.path).catch(() => null), this.#origin()]);
    if (found === null || found.size === 0 || about === null || about.url !== url) return null;
    return { size: found.size, validator: about.validator };
  }

  /** Opens it to write from the start. Without a validator it cannot be gone on with later. */
  async begin(url: string, validator: string | null): Promise<FileHandle> {
    await rm(this.#about, { force: true });
    const file = await open(this.path, "w", 0o644);
    if (validator !== null) await writeAtomic(this.#about, JSON.stringify({ url, validator } satisfies PartOrigin));
    return file;
  }

  /** Opens it to write on at its end. */
  continue(): Promise<FileHandle> {
    return open(this.path, "a");
  }

  async remove(): Promise<void> {
    await Promise.all([rm(this.path, { force: true }), this.forget()]);
  }

  /** Drops the note on its origin: the file is complete or worthless. */
  forget(): Promise<void> {
    return rm(this.#about, { force: true });
  }

  async #origin(): Promise<PartOrigin | null> {
    const about = parseJson(await readFile(this.#about, "utf8").catch(() => ""));
    const [url, validator] = [textOf(memberOf(about, "url")), textOf(memberOf(about, "validator"))];
    return url === null || validator === null ? null : { url, validator };
  }
}
