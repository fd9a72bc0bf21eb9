import type { Entry, Wish } from "@plimsoll/source";
import type { Cataloger, CatalogFile, Facts } from "../cataloger.ts";
import { mayBeGo } from "./may-be-go.ts";
import { parseGoBinary } from "./parse-go-binary.ts";

/** Modules and toolchain of Go binaries (Go 1.13 and later), from the build information inside them. */
export const goBinary = {
  name: "go-binary-cataloger",
  version: 1,
  tags: ["language", "installed"],
  select: (entry: Entry): Wish => (mayBeExecutable(entry) ? "head" : "ignore"),
  claims: mayBeGo,
  parse: (file: CatalogFile): Facts => parseGoBinary(file.bytes),
} satisfies Cataloger;

const nativeEndings = /\.(?:exe|so|dll|dylib)(?:\.[\d.]+)?$/;

/** Anything executable, and what loaders run without the permission: libraries, Windows programs, names without ending. */
function mayBeExecutable({ path, mode }: Entry): boolean {
  if ((mode & 0o111) !== 0) return true;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return !name.includes(".") || nativeEndings.test(name);
}
