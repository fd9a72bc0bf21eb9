import type { Limits } from "@plimsoll/kit";
import type { Entry, Wish } from "@plimsoll/source";
import type { Cataloger, CatalogFile, Facts } from "../cataloger.ts";
import { decodeText } from "../decode-text.ts";
import { parseMetadata } from "./parse-metadata.ts";
import { readEgg } from "./read-egg.ts";

/** Python distributions as installed: dist-info/METADATA (wheels), egg-info folder or file, eggs, unpacked or not. */
export const pythonPackage = {
  name: "python-package-cataloger",
  version: 2,
  tags: ["language", "installed"],
  select: ({ path }: Entry): Wish => (isMetadata(path) ? "body" : path.endsWith(".egg") ? "head" : "ignore"),
  /** Eggs are zip files; other files that end so are none. */
  claims: (head: Uint8Array): boolean => head[0] === 0x50 && head[1] === 0x4b,
  parse: (file: CatalogFile, limits: Limits): Facts =>
    file.path.endsWith(".egg") ? readEgg(file, limits) : parseMetadata(decodeText(file.bytes), file.path),
} satisfies Cataloger;

function isMetadata(path: string): boolean {
  return (
    path.endsWith(".dist-info/METADATA") ||
    path.endsWith(".egg-info/PKG-INFO") ||
    path.endsWith("/EGG-INFO/PKG-INFO") ||
    path.endsWith(".egg-info")
  );
}
