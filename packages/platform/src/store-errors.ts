import type { ErrorTable } from "@plimsoll/kit";

/** What the database and its backups can say. */
export const storeErrors = {
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
  STORE_FULL: {
    message: "the disk that the database lies on is full",
    next: "make room; nothing that was acknowledged is lost",
    exit: 3,
    status: 503,
  },
  STORE_AWAY: {
    message: "the database does not answer at the moment: {why}",
    next: "try again in a moment; the server's log says more",
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
  BACKUP_FAILED: {
    message: "the backup {path} could not be written: {why}",
    next: "check permissions and free space, or write elsewhere",
    exit: 3,
    status: 500,
  },
  BACKUP_UNREADABLE: {
    message: "the backup {path} cannot be read: {why}",
    next: "check the path and its permissions",
    exit: 3,
    status: 400,
  },
  BACKUP_DAMAGED: {
    message: "{path} is no whole backup: {why}",
    next: "use another one; nothing was changed",
    exit: 3,
    status: 400,
  },
  RESTORE_NOT_EMPTY: {
    message: "there is something in the database already",
    next: "restore into an empty installation, or say --replace: what is there is then lost",
    exit: 3,
    status: 400,
  },
  RESTORE_IN_USE: {
    message: "another plimsoll works with this database",
    next: "stop every server and worker first",
    exit: 3,
    status: 503,
  },
} as const satisfies ErrorTable;
