import type { Entry, Wish } from "@plimsoll/source";
import type { Cataloger, CatalogFile, Facts } from "../cataloger.ts";
import { decodeText } from "../decode-text.ts";
import { oddDatabase } from "../odd-database.ts";
import { parseInstalled } from "./parse-installed.ts";

// apk-tools 3 keeps the database below usr where the distribution is merged-usr.
const databases = new Set(["lib/apk/db/installed", "usr/lib/apk/db/installed"]);

/** Alpine packages (Wolfi, Chainguard too): apk's installed database with the files each package owns. */
export const apkDb = {
  name: "apk-db-cataloger",
  version: 1,
  tags: ["os", "installed"],
  places: [...databases],
  select: (entry: Entry): Wish => (databases.has(entry.path) ? "body" : "ignore"),
  seen: (entry: Entry): Facts | null => (databases.has(entry.path) ? oddDatabase(entry) : null),
  parse: (file: CatalogFile): Facts => parseInstalled(decodeText(file.bytes)),
} satisfies Cataloger;
