import type { Entry, Wish } from "@plimsoll/source";
import type { Cataloger, CatalogFile, Facts } from "../cataloger.ts";
import { mayBeGo } from "./may-be-go.ts";
import { parseGoBinary } from "./parse-go-binary.ts";

/** Modules and toolchain of Go binaries (Go 1.13 and later), from the build information inside them. */
export const goBinary = {
  name: "go-binary-cataloger",
  version: 2,
  tags: ["language", "installed"],
  select: (entry: Entry): Wish => (mayBeExecutable(entry) ? "head" : "ignore"),
  claims: mayBeGo,
  parse: (file: CatalogFile): Facts => parseGoBinary(file.bytes),
} satisfies Cataloger;

const nativeEndings = /\.(?:exe|so|dll|dylib)(?:\.[\d.]+)?$/;

/** Anything executable, and what may be run without the permission: libraries, Windows programs, downloads without ending. */
function mayBeExecutable({ path, mode }: Entry): boolean {
  if ((mode & 0o111) !== 0) return true;
  const dot = path.lastIndexOf(".");
  if (dot > path.lastIndexOf("/")) return nativeStarts.has(path.charCodeAt(dot + 1)) && nativeEndings.test(path);
  return !dataFolders.some((folder) => path.startsWith(folder));
}

/** Codes that native endings start with, and digits (`lib.so.1.2`): most names need no regular expression. */
const nativeStarts: ReadonlySet<number> = new Set([..."esd0123456789"].map((letter) => letter.charCodeAt(0)));

/** Where names without ending are data by the thousand (time zones, licences, manuals). */
const dataFolders: readonly string[] = ["usr/share/", "etc/", "var/lib/", "var/cache/", "usr/include/"];
