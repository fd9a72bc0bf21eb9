import type { Limits } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import type { TarVisitor } from "../tar/tar-reader.ts";

/** Entries of an archive of images (files of layers, not files within them); real ones have a few hundred. */
const mostEntries = 200_000;

/** The archive's limits as its reader takes them: its own number of entries, and `bytes` in all. */
export function archiveLimits(limits: Limits, bytes: number): Limits {
  return { ...limits, layerEntries: mostEntries, layerBytes: bytes };
}

/** What a reader of an archive's entries is deaf to, and ARCHIVE_TOO_LARGE when there are too many. */
export function archiveVisitor(label: string): Pick<TarVisitor, "claims" | "body" | "whiteout" | "problem"> {
  return {
    claims: () => false,
    body: () => undefined,
    whiteout: () => undefined,
    problem: ({ code }) => {
      if (code === "too-many-entries")
        throw sourceError("ARCHIVE_TOO_LARGE", { fields: { path: label, limit: mostEntries } });
    },
  };
}
