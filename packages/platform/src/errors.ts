import { type ErrorTable, errorMaker } from "@plimsoll/kit";

/** Everything this room throws. */
export const platformErrors = {
  POSTGRES_MISSING: {
    message: "no PostgreSQL comes with plimsoll for this system ({system})",
    next: "name an external one (15 or newer) by DATABASE_URL",
    exit: 3,
    status: 503,
  },
  POSTGRES_FAILED: {
    message: "the embedded PostgreSQL did not start: {why}",
    next: "look at {log}",
    exit: 3,
    status: 503,
  },
  FOLDER_CLOSED: {
    message: "the database started by root runs as a user of its own, who may not enter {folder}",
    next: "name another folder for the data, open this one (chmod o+x), or start plimsoll as another user",
    exit: 3,
    status: 503,
  },
  STORE_IN_USE: {
    message: "another plimsoll (process {pid}) uses the data in {folder}",
    next: "stop it first, or name another folder",
    exit: 3,
    status: 503,
  },
  STORE_UNREACHABLE: {
    message: "the database does not answer: {why}",
    next: "check DATABASE_URL and that PostgreSQL is running",
    exit: 3,
    status: 503,
  },
  STORE_TOO_OLD: {
    message: "the database is PostgreSQL {version}",
    next: "use PostgreSQL 15 or newer",
    exit: 3,
    status: 503,
  },
  STORE_NEWER: {
    message: "the database was used by a newer plimsoll (migration {found}, this program knows {known})",
    next: "start the newer program again",
    exit: 3,
    status: 503,
  },
  MIGRATION_CHANGED: {
    message: "migration {number} is not the one that made this database",
    next: "start the program that made it, or restore a backup into an empty database",
    exit: 3,
    status: 503,
  },
} as const satisfies ErrorTable;

/** `throw platformError("STORE_IN_USE", { fields: { pid, folder } })`. */
export const platformError = errorMaker(platformErrors);
