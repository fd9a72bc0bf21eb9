import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Fingerprint } from "../feed.ts";
import { parseJson } from "../records/json-text.ts";
import { type JsonObject, memberOf, numberOf, objectOf, textOf } from "../records/json-value.ts";
import { writeAtomic } from "./write-atomic.ts";

/** What is remembered of one downloaded document. */
export interface DocumentState extends Fingerprint {
  /** When upstream last said that this is current (RFC 3339). */
  readonly checkedAt: string;
}

/** `<feed>/<file>` → what is remembered of it. */
export type DocumentStates = ReadonlyMap<string, DocumentState>;

const stateFile = ".update-state.json";
const stateSchema = 1;

/** Remembers the documents of a folder of downloads across updates. A state that cannot be read is an empty one: everything is then fetched again. */
export class UpdateState {
  readonly #path: string;
  readonly #documents: Map<string, DocumentState>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, documents: Map<string, DocumentState>) {
    this.#path = path;
    this.#documents = documents;
  }

  static async open(dir: string): Promise<UpdateState> {
    const path = join(dir, stateFile);
    const text = await readFile(path, "utf8").catch(() => "");
    return new UpdateState(path, documentsOf(parseJson(text)));
  }

  get documents(): DocumentStates {
    return this.#documents;
  }

  /** Remembers one document and writes the whole state; writers take turns. */
  async set(key: string, state: DocumentState): Promise<void> {
    this.#documents.set(key, state);
    const sorted = [...this.#documents.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    const text = `${JSON.stringify({ schema: stateSchema, documents: Object.fromEntries(sorted) }, null, 1)}\n`;
    const before = this.#writing.catch(() => undefined);
    this.#writing = before.then(() => writeAtomic(this.#path, text));
    await this.#writing;
  }
}

function documentsOf(state: unknown): Map<string, DocumentState> {
  const documents = memberOf(state, "schema") === stateSchema ? objectOf(memberOf(state, "documents")) : null;
  const entries = Object.entries(documents ?? {}).map(([key, value]) => [key, documentOf(objectOf(value))] as const);
  return new Map(entries.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])));
}

function documentOf(value: JsonObject | null): DocumentState | null {
  const [url, sha256] = [textOf(value?.url), textOf(value?.sha256)];
  const [fetchedAt, checkedAt] = [textOf(value?.fetchedAt), textOf(value?.checkedAt)];
  const bytes = numberOf(value?.bytes);
  if (url === null || sha256 === null || fetchedAt === null || checkedAt === null || bytes === null) return null;
  const etag = textOf(value?.etag);
  const lastModified = textOf(value?.lastModified);
  return {
    url,
    sha256,
    bytes,
    fetchedAt,
    checkedAt,
    ...(etag !== null && { etag }),
    ...(lastModified !== null && { lastModified }),
  };
}
