import type { Entry, Wish } from "@plimsoll/source";
import type { Cataloger, Facts } from "../cataloger.ts";
import { databaseAt } from "./databases.ts";

/**
 * Notices package databases that no cataloger reads: the packages in them are unknown, which must never look like a
 * clean answer. Bodies are not read.
 */
export const unsupportedDatabase = {
  name: "unsupported-database-cataloger",
  version: 1,
  tags: ["os", "installed"],
  select: (): Wish => "ignore",
  seen(entry: Entry): Facts | null {
    const database = databaseAt(entry.path);
    if (database === null) return null;
    const message = `packages of ${database.manager} are installed and cannot be read`;
    const next = `list them with ${database.listWith}; their vulnerabilities are not in this result`;
    return {
      problems: [{ level: "incomplete", code: "package-database-not-supported", message, next, path: database.path }],
    };
  },
  parse: (): Facts => ({}),
} satisfies Cataloger;
