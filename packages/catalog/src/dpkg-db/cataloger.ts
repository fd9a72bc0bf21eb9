import type { Entry, Wish } from "@plimsoll/source";
import type { Cataloger, CatalogFile, Facts } from "../cataloger.ts";
import { decodeText } from "../decode-text.ts";
import { oddDatabase } from "../odd-database.ts";
import { parseCopyright } from "./parse-copyright.ts";
import { parseFileList, parseMd5sums } from "./parse-ownership.ts";
import { parseStatus } from "./parse-status.ts";

/** Debian packages: dpkg's status file, one file a package in `status.d/` (distroless), their file lists and licences. */
export const dpkgDb = {
  name: "dpkg-db-cataloger",
  version: 1,
  tags: ["os", "installed"],
  places: ["var/lib/dpkg/status", "usr/lib/dpkg/status", "var/lib/dpkg/status.d/any", "usr/lib/dpkg/status.d/any"],
  select: (entry: Entry): Wish => (kindOf(entry.path) === null ? "ignore" : "body"),
  seen: (entry: Entry): Facts | null => (kindOf(entry.path) === "status" ? oddDatabase(entry) : null),
  parse(file: CatalogFile): Facts {
    const text = decodeText(file.bytes);
    switch (kindOf(file.path)) {
      case "status":
        return parseStatus(text, file.path.includes("/status.d/") ? "package" : "database");
      case "list":
        return { owns: [{ owner: stemOf(file.path, ".list"), paths: parseFileList(text) }] };
      case "md5sums":
        return { owns: [{ owner: stemOf(file.path, ".md5sums"), paths: parseMd5sums(text) }] };
      case "copyright":
        return parseCopyright(text, file.path.split("/").at(-2) ?? "");
      case null:
        return {};
    }
  },
} satisfies Cataloger;

type Kind = "status" | "list" | "md5sums" | "copyright";

// The second one: systems whose /usr is an image of its own.
const databases = ["var/lib/dpkg/", "usr/lib/dpkg/"];
const documentation = "usr/share/doc/";

function kindOf(path: string): Kind | null {
  if (path.startsWith(documentation)) return isCopyright(path) ? "copyright" : null;
  const database = databases.find((one) => path.startsWith(one));
  return database === undefined ? null : databaseKindOf(path.slice(database.length).split("/"));
}

function databaseKindOf([folder = "", name = "", ...deeper]: readonly string[]): Kind | null {
  if (folder === "status" && name === "") return "status";
  if (deeper.length > 0 || name === "") return null;
  if (folder === "status.d") return scripts.test(name) ? null : (listKindOf(name) ?? "status");
  return folder === "info" ? listKindOf(name) : null;
}

/** What distroless builders leave beside a package's file (deb-control(7) members). */
const scripts = /\.(?:preinst|postinst|prerm|postrm|conffiles|config|templates|triggers|shlibs|symbols)$/;

function listKindOf(name: string): Kind | null {
  if (name.endsWith(".list")) return "list";
  return name.endsWith(".md5sums") ? "md5sums" : null;
}

function isCopyright(path: string): boolean {
  return path.endsWith("/copyright") && path.indexOf("/", documentation.length) === path.length - "/copyright".length;
}

function stemOf(path: string, ending: string): string {
  return path.slice(path.lastIndexOf("/") + 1, -ending.length);
}
