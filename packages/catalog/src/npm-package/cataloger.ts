import type { Entry, Wish } from "@plimsoll/source";
import type { Cataloger, CatalogFile, Facts } from "../cataloger.ts";
import { placeOf } from "./module-place.ts";
import { parsePackageJson } from "./parse-package-json.ts";

/** npm packages as installed: package.json below node_modules (npm, yarn, pnpm), Debian's /usr/share/nodejs, releases unpacked elsewhere. */
export const npmPackage = {
  name: "npm-package-cataloger",
  version: 2,
  tags: ["language", "installed"],
  select: (entry: Entry): Wish => (placeOf(entry.path) === null ? "ignore" : "body"),
  parse(file: CatalogFile): Facts {
    const place = placeOf(file.path);
    return place === null ? {} : parsePackageJson(file.bytes, place);
  },
} satisfies Cataloger;
