import type { Entry, Wish } from "@plimsoll/source";
import type { Cataloger, CatalogFile, Facts } from "../cataloger.ts";
import { decodeText } from "../decode-text.ts";
import { parseMetadata } from "./parse-metadata.ts";

/** Python distributions as installed: dist-info/METADATA (wheels), egg-info folder or file, EGG-INFO of unpacked eggs. */
export const pythonPackage = {
  name: "python-package-cataloger",
  version: 1,
  tags: ["language", "installed"],
  select: (entry: Entry): Wish => (isMetadata(entry.path) ? "body" : "ignore"),
  parse: (file: CatalogFile): Facts => parseMetadata(decodeText(file.bytes), file.path),
} satisfies Cataloger;

function isMetadata(path: string): boolean {
  return (
    path.endsWith(".dist-info/METADATA") ||
    path.endsWith(".egg-info/PKG-INFO") ||
    path.endsWith("/EGG-INFO/PKG-INFO") ||
    path.endsWith(".egg-info")
  );
}
