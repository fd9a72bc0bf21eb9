import { createHash } from "node:crypto";
import { messageOf, PlimsollError } from "@plimsoll/kit";
import { vulndbError } from "../errors.ts";
import type { RevisionFile } from "./manifest.ts";
import type { RevisionSource } from "./revision-source.ts";

export interface FetchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of this file so far. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Times a broken connection is gone on with. */
const mostBreaks = 3;
const passing: ReadonlySet<string> = new Set(["BODY_BROKEN", "TIMEOUT", "TOO_SLOW", "HOST_UNREACHABLE"]);

/**
 * The bytes of a file as the manifest tells it: its length and, at the end, its digest. Whoever takes them must do nothing
 * that cannot be undone before the end. A connection that breaks is gone on with where it broke. Throws REVISION_FILE_WRONG.
 */
export async function* fetchFile(
  source: RevisionSource,
  file: RevisionFile,
  { signal, onBytes }: FetchOptions = {},
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let done = 0;
  for await (const chunk of pieces({ source, file }, signal)) {
    done += chunk.length;
    if (done > file.bytes) throw wrong({ source, file }, `longer than ${file.bytes} bytes`);
    hash.update(chunk);
    onBytes?.(done);
    yield chunk;
  }
  if (done < file.bytes) throw wrong({ source, file }, `only ${done} of ${file.bytes} bytes`);
  if (hash.digest("hex") !== file.sha256) throw wrong({ source, file }, "another digest");
}

/** What comes, over connections that break. */
async function* pieces({ source, file }: What, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  let done = 0;
  for (let breaks = 0; ; breaks++) {
    try {
      for await (const chunk of source.open(file, done)) {
        signal?.throwIfAborted();
        done += chunk.length;
        yield chunk;
      }
      return;
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!isPassing(thrown) || breaks >= mostBreaks) throw inOurWords(thrown, { source, file });
    }
  }
}

/** {@link fetchFile} in memory. */
export async function fetchBytes(source: RevisionSource, file: RevisionFile, options: FetchOptions): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of fetchFile(source, file, options)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A file of a source. */
export interface What {
  readonly source: RevisionSource;
  readonly file: RevisionFile;
}

/** A file that is not what its manifest says. */
export function wrong({ source, file }: What, why: string, cause?: unknown): PlimsollError {
  return vulndbError("REVISION_FILE_WRONG", { fields: { place: source.place, file: file.name, why }, cause });
}

function isPassing(thrown: unknown): boolean {
  return thrown instanceof PlimsollError && passing.has(thrown.code);
}

function inOurWords(thrown: unknown, what: What): unknown {
  if (thrown instanceof PlimsollError) return thrown;
  // A file that is not there, or cannot be read, on a stick that was copied badly.
  return thrown instanceof Error && "code" in thrown ? wrong(what, messageOf(thrown), thrown) : thrown;
}
