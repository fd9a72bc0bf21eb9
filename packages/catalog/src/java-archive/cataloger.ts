import type { Limits } from "@plimsoll/kit";
import type { Entry, Wish } from "@plimsoll/source";
import type { Cataloger, CatalogFile, Facts } from "../cataloger.ts";
import { isArchiveName } from "./archive-name.ts";
import { readArchive } from "./read-archive.ts";

/** Java libraries: jars and the archives that hold jars, however deep. */
export const javaArchive = {
  name: "java-archive-cataloger",
  version: 2,
  tags: ["language", "installed"],
  select: (entry: Entry): Wish => (isArchiveName(entry.path) ? "body" : "ignore"),
  parse: (file: CatalogFile, limits: Limits): Facts => readArchive(file, limits),
} satisfies Cataloger;
