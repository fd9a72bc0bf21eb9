import type { Entry, Wish } from "@plimsoll/source";
import type { Cataloger, CatalogFile, Facts } from "../cataloger.ts";
import { decodeText } from "../decode-text.ts";
import { parseGemspec } from "./parse-gemspec.ts";

/** Ruby gems as installed: the specifications RubyGems writes, default gems included. */
export const rubyGem = {
  name: "ruby-gem-cataloger",
  version: 1,
  tags: ["language", "installed"],
  select: (entry: Entry): Wish => (isSpecification(entry.path) ? "body" : "ignore"),
  parse: (file: CatalogFile): Facts => parseGemspec(decodeText(file.bytes), file.path),
} satisfies Cataloger;

function isSpecification(path: string): boolean {
  if (!path.endsWith(".gemspec")) return false;
  const folders = path.split("/").slice(0, -1);
  return folders.at(-1) === "specifications" || (folders.at(-1) === "default" && folders.at(-2) === "specifications");
}
