import type { Limits } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import type { TarVisitor } from "../tar/tar-reader.ts";

/** Entries of an archive of images (files of layers, not files within them); real ones have a few hundred. */
const mostEntries = 200_000;

/** The archive's limits as its reader takes them: its own number of entries, and `bytes` in all. */
export function archiveLimits(limits: Limits, bytes: number): Limits {
  return { ...limits, layerEntries: mostEntries + 1, layerBytes: bytes };
}

/** Counts the entries of an archive as they come: one without an end must not be read to it. Throws ARCHIVE_TOO_LARGE. */
export function entryCounter(label: string): () => void {
  let entries = 0;
  return () => {
    if (++entries > mostEntries) throw tooMany(label);
  };
}

function tooMany(path: string): Error {
  return sourceError("ARCHIVE_TOO_LARGE", { fields: { path, limit: mostEntries } });
}

/** What a reader of an archive's entries is deaf to, and ARCHIVE_TOO_LARGE when there are too many. */
export function archiveVisitor(label: string): Pick<TarVisitor, "claims" | "body" | "whiteout" | "problem"> {
  return {
    claims: () => false,
    body: () => undefined,
    whiteout: () => undefined,
    problem: ({ code }) => {
      if (code === "too-many-entries") throw tooMany(label);
    },
  };
}
