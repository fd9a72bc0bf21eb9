import { defaultLimits, type Limits } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import { TarReader } from "./tar-reader.ts";

/** One regular file of a tar. */
export interface TarFile {
  readonly path: string;
  readonly size: number;
  /** Its content; the bytes belong to the caller. */
  bytes(): Uint8Array;
}

/**
 * The regular files of an uncompressed tar in archive order, with their bytes: for archives of many small files.
 * Nothing is left out silently: what cannot be read (larger than `limits.fileBytes`, unsafe name, sparse) throws
 * TAR_UNREADABLE_ENTRY; a broken archive throws TAR_CORRUPT or TAR_TRUNCATED. Hard links are not followed.
 */
export async function* tarFiles(
  stream: AsyncIterable<Uint8Array>,
  limits: Limits = defaultLimits,
): AsyncGenerator<TarFile, void, undefined> {
  const ready: TarFile[] = [];
  const reader = new TarReader(
    {
      entry: () => "body",
      claims: () => false,
      body: (entry, bytes) => {
        const own = Buffer.copyBytesFrom(bytes);
        ready.push({ path: entry.path, size: entry.size, bytes: () => own });
      },
      whiteout: () => undefined,
      problem: (problem) => {
        if (problem.level === "note") return;
        throw sourceError("TAR_UNREADABLE_ENTRY", { fields: { path: problem.path ?? "", reason: problem.message } });
      },
    },
    { limits },
  );
  for await (const chunk of stream) {
    reader.push(chunk);
    yield* ready.splice(0);
  }
  reader.finish();
  yield* ready.splice(0);
}
