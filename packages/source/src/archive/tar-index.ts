import type { Limits } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import { normalPath } from "../tar/tar-path.ts";
import { TarReader } from "../tar/tar-reader.ts";
import { archiveLimits, archiveVisitor } from "./archive-entries.ts";
import type { RegularFile } from "./regular-file.ts";

/** Where a file lies in a tar on disk. */
interface TarSpot {
  readonly offset: number;
  readonly size: number;
}

/** Files of a tar by path, links followed within it. */
export interface TarIndex {
  find(path: string): TarSpot | null;
}

/** Headers are read this much at a time; bodies are jumped over. */
const stepBytes = 64 * 1024;

/** Lists an uncompressed tar by reading its headers only. Throws TAR_CORRUPT, TAR_TRUNCATED, ARCHIVE_TOO_LARGE. */
export async function indexTar(file: RegularFile, limits: Limits): Promise<TarIndex> {
  const spots = new Map<string, TarSpot>();
  const links = new Map<string, string>();
  const reader = new TarReader(
    {
      ...archiveVisitor(file.path),
      entry: (entry) => {
        if (entry.type === "file") spots.set(entry.path, { offset: reader.dataOffset, size: entry.size });
        if (entry.linkTarget !== undefined) links.set(entry.path, linkPath(entry.type, entry.path, entry.linkTarget));
        return "ignore";
      },
    },
    { limits: archiveLimits(limits, Number.MAX_SAFE_INTEGER), label: file.path },
  );
  const scratch = Math.min(stepBytes, file.size);
  for (let at = 0; at < file.size && !reader.isAtEnd; at += reader.jump()) {
    const bytes = await file.read(at, Math.min(scratch, file.size - at));
    reader.push(bytes);
    at += bytes.length;
  }
  if (reader.bytes > file.size) throw sourceError("TAR_TRUNCATED", { fields: { label: file.path, offset: file.size } });
  reader.finish();
  return { find: (path) => findSpot({ spots, links }, path) };
}

/** The path a link within the archive stands for; `""` when it leaves it. */
export function linkPath(type: string, path: string, target: string): string {
  if (type === "hardlink") return target;
  const folders = path.split("/").slice(0, -1);
  for (const segment of target.split("/")) {
    if (segment === "..") {
      if (folders.pop() === undefined) return "";
    } else if (segment !== "" && segment !== ".") folders.push(segment);
  }
  return target.startsWith("/") ? "" : folders.join("/");
}

interface Listed {
  readonly spots: ReadonlyMap<string, TarSpot>;
  readonly links: ReadonlyMap<string, string>;
}

function findSpot({ spots, links }: Listed, path: string): TarSpot | null {
  let at = normalPath(path);
  for (let hops = 0; at !== null && at !== "" && hops < 8; hops++) {
    const spot = spots.get(at);
    if (spot !== undefined) return spot;
    at = links.get(at) ?? null;
  }
  return null;
}
