/** A package database without a cataloger. */
export interface UnsupportedDatabase {
  readonly manager: string;
  /** Command that lists the packages. */
  readonly listWith: string;
  /** Folder or file that holds the database. */
  readonly path: string;
}

/** The database a path belongs to; `null` for any other file. Called for every file: looks at the start first. */
export function databaseAt(path: string): UnsupportedDatabase | null {
  if (!path.startsWith("var/") && !path.startsWith("usr/") && !path.startsWith("nix/")) return null;
  const row = rows.find(({ folder, name }) => path.startsWith(folder) && name.test(path.slice(folder.length)));
  return row === undefined
    ? null
    : { manager: row.manager, listWith: row.listWith, path: row.folder.replace(/\/$/, "") };
}

const rows: readonly { folder: string; name: RegExp; manager: string; listWith: string }[] = [
  // The first manifest is a shorter twin of the second, which is read.
  { folder: "var/lib/rpmmanifest/", name: /^container-manifest-[3-9]$/, manager: "rpm", listWith: "rpm -qa" },
  { folder: "var/lib/pacman/local/", name: /^[^/]+\/desc$/, manager: "pacman", listWith: "pacman -Q" },
  { folder: "var/db/pkg/", name: /^[^/]+\/[^/]+\/PF$/, manager: "portage", listWith: "qlist -Iv" },
  { folder: "usr/lib/opkg/", name: /^status$/, manager: "opkg", listWith: "opkg list-installed" },
  { folder: "var/lib/opkg/", name: /^status$/, manager: "opkg", listWith: "opkg list-installed" },
  { folder: "var/db/xbps/", name: /^pkgdb-[\d.]+\.plist$/, manager: "xbps", listWith: "xbps-query -l" },
  { folder: "var/lib/pkgtools/packages/", name: /^[^/]+$/, manager: "Slackware pkgtools", listWith: "ls" },
  { folder: "nix/var/nix/db/", name: /^db\.sqlite$/, manager: "Nix", listWith: "nix-store -q" },
];
