import type { Limits } from "@plimsoll/kit";
import type { Entry, Wish } from "@plimsoll/source";
import type { Cataloger, CatalogFile, Facts } from "../cataloger.ts";
import { decodeText } from "../decode-text.ts";
import { oddDatabase } from "../odd-database.ts";
import { databaseProblem } from "./damage.ts";
import { parseManifest } from "./parse-manifest.ts";
import { readDatabase } from "./read-database.ts";
import { journalIsHot, walHasChanges } from "./sqlite/pending-changes.ts";

type Kind = "database" | "wal" | "journal" | "manifest";

// Since Fedora 36 and SUSE below usr/lib; rpm-ostree below usr/share.
const folders = ["var/lib/rpm/", "usr/lib/sysimage/rpm/", "usr/share/rpm/"];
const kinds: Readonly<Record<string, Kind>> = {
  Packages: "database",
  "Packages.db": "database",
  "rpmdb.sqlite": "database",
  "rpmdb.sqlite-wal": "wal",
  "rpmdb.sqlite-journal": "journal",
};

const databases = Object.keys(kinds).filter((name) => kinds[name] === "database");

/** Red Hat's, SUSE's and other rpm packages: databases in SQLite, NDB and Berkeley DB, and the lists distroless images carry. */
export const rpmDb = {
  name: "rpm-db-cataloger",
  version: 1,
  tags: ["os", "installed"],
  places: folders.flatMap((folder) => databases.map((name) => `${folder}${name}`)),
  select: (entry: Entry): Wish => (kindOf(entry.path) === null ? "ignore" : "body"),
  seen: (entry: Entry): Facts | null => (kindOf(entry.path) === "database" ? oddDatabase(entry) : null),
  parse(file: CatalogFile, limits: Limits): Facts {
    switch (kindOf(file.path)) {
      case "database":
        return readDatabase(file.bytes, limits);
      case "manifest":
        return parseManifest(decodeText(file.bytes));
      case "wal":
        return walHasChanges(file.bytes) ? pending("a write-ahead log") : {};
      case "journal":
        return journalIsHot(file.bytes) ? pending("a rollback journal") : {};
      case null:
        return {};
    }
  },
} satisfies Cataloger;

function kindOf(path: string): Kind | null {
  if (path === "var/lib/rpmmanifest/container-manifest-2") return "manifest";
  const folder = folders.find((one) => path.startsWith(one));
  const name = folder === undefined ? "" : path.slice(folder.length);
  return Object.hasOwn(kinds, name) ? (kinds[name] ?? null) : null;
}

/** The database alone is not the truth, and each file is read alone. */
function pending(what: string): Facts {
  return { problems: [databaseProblem(`rpm database was not closed: ${what} holds changes that were not read`)] };
}
