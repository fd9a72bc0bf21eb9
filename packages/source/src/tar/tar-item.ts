import type { Limits } from "@plimsoll/kit";
import type { Problem } from "@plimsoll/model";
import type { Entry, EntryType } from "../entry.ts";
import type { PaxRecords } from "./pax.ts";
import type { TarHeader } from "./tar-header.ts";
import { normalPath, whiteoutOf } from "./tar-path.ts";

/** What the headers before an entry say of it: GNU long names, pax records. */
export interface Announced {
  readonly longName?: string;
  readonly longLink?: string;
  readonly pax?: PaxRecords;
}

/** One header read to its meaning. */
export type TarItem =
  | { readonly kind: "entry"; readonly entry: Entry; readonly sparse: boolean }
  | { readonly kind: "whiteout"; readonly path: string; readonly opaque: boolean }
  | { readonly kind: "problem"; readonly problem: Problem }
  /** The root folder, or bookkeeping that engines pass over. */
  | { readonly kind: "nothing" };

/** Types that carry no data, whatever their size field says: container engines read them so. */
const dataless = new Set(["1", "2", "3", "4", "5", "6"]);

/** GNU long name before pax path before the header's own; an empty one is none. */
function nameOf(header: TarHeader, announced: Announced): string {
  return announced.longName || announced.pax?.path || header.name;
}

/** v7 had no flag for folders. */
function isOldFolder(header: TarHeader, announced: Announced): boolean {
  return header.flag === "\0" && nameOf(header, announced).endsWith("/");
}

/** Bytes of data behind the header. */
export function dataBytesOf(header: TarHeader, announced: Announced): number {
  const isDataless = dataless.has(header.flag) || isOldFolder(header, announced);
  return isDataless ? 0 : (announced.pax?.size ?? header.size);
}

/** The entry a header stands for, as container engines see it. */
export function itemOf(header: TarHeader, announced: Announced, limits: Limits): TarItem {
  const raw = announced.pax?.sparse?.name ?? nameOf(header, announced);
  const path = normalPath(raw);
  if (path === null) return unsafe("unsafe-path", "the name of a tar entry is not a plain path", raw);
  if (path.length > limits.pathLength) return unsafe("path-too-long", "the name of a tar entry is too long", path);
  const type = isOldFolder(header, announced) ? "directory" : typeOf(header.flag);
  if (path === "") {
    return type === "directory" ? { kind: "nothing" } : unsafe("unsafe-path", "a tar entry has no name", raw);
  }
  const mark = whiteoutOf(path);
  if (mark?.kind === "unsafe") return unsafe("unsafe-path", "a whiteout names no file", path);
  if (mark?.kind === "metadata") return { kind: "nothing" };
  if (mark !== null) return { kind: "whiteout", path: mark.path, opaque: mark.kind === "opaque" };
  return entryItem(header, announced, { path, type, limits });
}

type Named = { readonly path: string; readonly type: EntryType; readonly limits: Limits };

function entryItem(header: TarHeader, announced: Announced, { path, type, limits }: Named): TarItem {
  const sparse = header.flag === "S" || announced.pax?.sparse !== undefined;
  const size = sparse ? (announced.pax?.sparse?.size ?? header.realSize) : dataBytesOf(header, announced);
  const entry: Entry = { path, type, size: type === "file" ? size : 0, mode: header.mode };
  if (type !== "symlink" && type !== "hardlink") return { kind: "entry", entry, sparse };
  const written = announced.longLink || announced.pax?.linkPath || header.linkName;
  if (written.length > limits.pathLength) return unsafe("path-too-long", "the target of a link is too long", path);
  const linkTarget = type === "symlink" ? written : normalPath(written);
  if (linkTarget === null || linkTarget === "") {
    return unsafe("unsafe-path", "a link has no target within its layer", path);
  }
  return { kind: "entry", entry: { ...entry, linkTarget }, sparse };
}

function typeOf(flag: string): EntryType {
  switch (flag) {
    case "\0":
    case "0":
    case "7":
    case "S":
      return "file";
    case "1":
      return "hardlink";
    case "2":
      return "symlink";
    case "5":
      return "directory";
    default:
      return "other";
  }
}

function unsafe(code: string, message: string, path: string): TarItem {
  const shown = path.slice(0, 200).toWellFormed();
  return { kind: "problem", problem: { level: "incomplete", code, message, path: shown } };
}
