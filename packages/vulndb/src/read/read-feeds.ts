import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { defaultLimits, type Limits, messageOf } from "@plimsoll/kit";
import type { Problem } from "@plimsoll/model";
import { tarFiles } from "@plimsoll/source";
import { vulndbError } from "../errors.ts";
import type { Feed, FeedFile } from "../feed.ts";
import { feeds as allFeeds } from "../feeds.ts";
import type { ReadItem } from "../read-item.ts";
import { type HeadedFile, headBytes, plainFile, storedFile } from "./feed-file.ts";
import { Recogniser } from "./recogniser.ts";
import { packingOf, unpacked } from "./unpacked.ts";
import { zipFiles } from "./zip-files.ts";

export interface ReadFeedsOptions {
  /** Default: every feed. */
  readonly feeds?: readonly Feed[];
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
  /**
   * File (path within the folder) → when upstream last said that this is current (RFC 3339). Dates what the file holds:
   * a branch without news is not old knowledge. Without it data is as old as its own newest date.
   */
  readonly checked?: ReadonlyMap<string, string>;
  /** Called before each file of the folder. */
  readonly onFile?: (progress: { readonly name: string; readonly done: number; readonly total: number }) => void;
}

/** A document of 160 MiB within an archive is read; the largest real one (NVD by year) has 150. */
const feedLimits: Limits = { ...defaultLimits, fileBytes: 160 * 2 ** 20 };

/**
 * Everything known feeds say in the files of a folder and its subfolders, in the order of their names: documents as they
 * are, gzip, zstd or bzip2, tar archives of them in those packings, zip archives. Which feed a document belongs to shows
 * in its content. Files of no known feed are Problems (`note`), damaged ones too (`incomplete`), and the rest goes on.
 * Throws FEEDS_MISSING.
 */
export async function* readFeeds(folder: string, options: ReadFeedsOptions = {}): AsyncGenerator<ReadItem> {
  const names = await filesIn(folder);
  for (const [done, name] of names.entries()) {
    options.signal?.throwIfAborted();
    options.onFile?.({ name, done, total: names.length });
    yield* readOne(join(folder, name), name, options);
  }
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const found = entries
      .filter(({ name }) => !name.startsWith("."))
      .map((entry) => join(entry.parentPath, entry.name));
    const files: string[] = [];
    // Links to files count, links to folders do not: they may lead round in circles.
    for (const path of found) if ((await stat(path).catch(() => null))?.isFile() === true) files.push(path);
    return files.map((path) => relative(folder, path)).sort();
  } catch (cause) {
    throw vulndbError("FEEDS_MISSING", { fields: { path: folder }, cause });
  }
}

async function* readOne(path: string, name: string, options: ReadFeedsOptions): AsyncGenerator<ReadItem> {
  const recogniser = new Recogniser(options.feeds ?? allFeeds);
  const limits = options.limits ?? feedLimits;
  const spoken = new Set<string>();
  try {
    await using handle = await open(path, "r");
    for await (const file of documentsIn({ path, name, handle }, { recogniser, limits })) {
      options.signal?.throwIfAborted();
      const feed = recogniser.feedOf(file);
      if (feed !== null) yield* facts(feed, file, spoken);
    }
    yield* currentDates(options.checked?.get(name), spoken);
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause;
    yield unreadable(name, messageOf(cause));
  }
  yield* recogniser.notes(name);
}

/** Notes in `spoken` which feeds speak, and of what: `feed\0ecosystem`. */
async function* facts(feed: Feed, file: FeedFile, spoken: Set<string>): AsyncGenerator<ReadItem> {
  for await (const item of feed.parse(file)) {
    if ("kind" in item && item.kind === "advisory") {
      for (const { ecosystem } of item.affected) spoken.add(`${feed.id}\0${ecosystem}`);
    }
    yield "kind" in item && item.kind === "dated" ? { ...item, feed: feed.id } : item;
  }
}

function* currentDates(date: string | undefined, spoken: ReadonlySet<string>): Generator<ReadItem> {
  if (date === undefined) return;
  for (const key of [...spoken].sort()) {
    const [feed = "", ecosystem = ""] = key.split("\0");
    yield { kind: "dated", feed, date, ecosystem };
  }
}

interface Place {
  readonly path: string;
  readonly name: string;
  readonly handle: FileHandle;
}

type Reading = { readonly recogniser: Recogniser; readonly limits: Limits };

async function* documentsIn({ path, name, handle }: Place, reading: Reading): AsyncGenerator<HeadedFile> {
  const { limits } = reading;
  const packing = await packingOf(handle);
  if (packing === "xz") throw new Error("xz is not supported: unpack it, or pack it with zstd");
  if (packing === "zip") return yield* members(zipFiles(handle, limits), reading);
  const chunks = unpacked(path, packing, limits);
  const head = await firstBytes(chunks);
  if (!isTar(head)) return yield plainFile(name.replace(/\.(gz|zst|bz2)$/, ""), { head, chunks });
  yield* members(tarFiles(rejoined(head, chunks), limits), reading);
}

async function* members(
  archive: AsyncIterable<{ path: string; bytes(): Uint8Array | Promise<Uint8Array> }>,
  { recogniser }: Reading,
): AsyncGenerator<HeadedFile> {
  for await (const member of archive) {
    if (recogniser.hopeless) return;
    if (recogniser.wants(member.path)) yield storedFile(member.path, await member.bytes());
  }
}

/** At least {@link headBytes} bytes, or all there are. */
async function firstBytes(chunks: AsyncGenerator<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (let length = 0; length < headBytes; ) {
    const next = await chunks.next();
    if (next.done === true) break;
    parts.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(parts);
}

/** POSIX ustar and GNU tar both bear the word at offset 257. */
function isTar(head: Buffer): boolean {
  return head.length >= 512 && head.toString("latin1", 257, 262) === "ustar";
}

async function* rejoined(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}

function unreadable(path: string, reason: string): Problem {
  const next = "fetch the file again";
  return { level: "incomplete", code: "feed-file-unreadable", message: `not read to its end: ${reason}`, next, path };
}
