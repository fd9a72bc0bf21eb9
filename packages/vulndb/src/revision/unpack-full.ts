import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import { messageOf, PlimsollError } from "@plimsoll/kit";
import { fetchFile, wrong } from "./fetch-file.ts";
import { installedRevision } from "./installed-revision.ts";
import type { Revision } from "./manifest.ts";
import type { InstallProgress } from "./progress.ts";
import type { RevisionSource } from "./revision-source.ts";

export interface UnpackOptions {
  /** File to write. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: InstallProgress) => void) | undefined;
}

/** Fetches and decompresses the whole database; no byte more is written than was signed. Throws REVISION_FILE_WRONG. */
export async function unpackFull(
  source: RevisionSource,
  { full, database }: Revision,
  { path, signal, onProgress }: UnpackOptions,
): Promise<void> {
  const onBytes = (bytes: number) => onProgress?.({ file: full.name, bytes, totalBytes: full.bytes });
  const packed = fetchFile(source, full, { signal, onBytes });
  const hash = createHash("sha256");
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length;
      if (size > database.bytes)
        return done(wrong({ source, file: full }, `it unpacks to more than ${database.bytes} bytes`));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    const unpacked = createZstdDecompress({ chunkSize: 256 * 1024 });
    await pipeline(Readable.from(packed), unpacked, measure, createWriteStream(path, { flags: "wx" }));
  } catch (thrown) {
    signal?.throwIfAborted();
    if (thrown instanceof PlimsollError) throw thrown;
    const isOurDisk = thrown instanceof Error && "syscall" in thrown;
    throw isOurDisk ? thrown : wrong({ source, file: full }, messageOf(thrown), thrown);
  }
  if (size !== database.bytes || hash.digest("hex") !== database.sha256) {
    throw wrong({ source, file: full }, "it does not unpack to the database that was signed");
  }
}

/** The last check: it opens, and is the revision that the manifest speaks of. Throws DB_CORRUPT and its kin, REVISION_FILE_WRONG. */
export function checkDatabase(path: string, { revision, full }: Revision, source: RevisionSource): void {
  const found = installedRevision(path);
  if (found === revision) return;
  throw wrong(
    { source, file: full },
    found === null ? "it is no database" : `it holds revision ${found}, not ${revision}`,
  );
}
