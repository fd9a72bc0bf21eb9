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
  UNAUTHENTICATED: {
    message: "this needs a valid token or session",
    next: "send a token as `Authorization: Bearer TOKEN`, or sign in",
    exit: 3,
    status: 401,
  },
  FORBIDDEN: {
    message: "this needs the permission {permission}",
    next: "ask an administrator for a role that has it",
    exit: 3,
    status: 403,
  },
  BAD_PASSWORD: {
    message: "this cannot become the password: {why}",
    next: "choose another: a few words in a row are easy to keep and hard to guess",
    exit: 2,
    status: 400,
  },
  SIGN_IN_BUSY: {
    message: "too many are signing in at this moment",
    next: "try again in {seconds} s",
    exit: 3,
    status: 503,
  },
  PASSWORD_CHANGE_NEEDED: {
    message: "the password was set by somebody else and must be changed first",
    next: "change it, then go on",
    exit: 3,
    status: 403,
  },
  NOT_FOUND: {
    message: "there is no such {what}",
    next: "check the id; it may have been deleted",
    exit: 3,
    status: 404,
  },
  UPLOAD_GAP: {
    message: "{received} bytes of this upload are here, and this piece begins elsewhere",
    next: "ask how far it came (HEAD) and go on from there",
    exit: 3,
    status: 409,
  },
  UPLOAD_TOO_LARGE: {
    message: "an upload may have {limit} bytes at most",
    next: "send parts of it apart",
    exit: 3,
    status: 413,
  },
  UPLOAD_DAMAGED: {
    message: "what was uploaded is not what {sha256} names",
    next: "send it again from its beginning",
    exit: 3,
    status: 400,
  },
  UPLOAD_UNREADABLE: {
    message: "the upload {sha256} cannot be unpacked: {why}",
    next: "send an SBOM compressed with zstd",
    exit: 3,
    status: 400,
  },
  BAD_FILTER: {
    message: "the filter cannot be read: {why}",
    next: 'write it like name = "x" and other in ("y", "z")',
    exit: 2,
    status: 400,
  },
  UNKNOWN_FIELD: {
    message: "nothing can be filtered by {field} here",
    next: "use one of: {fields}",
    exit: 2,
    status: 400,
  },
  BAD_CURSOR: {
    message: "this cursor is not of this list",
    next: "begin again without a cursor; keep filter and order while walking",
    exit: 2,
    status: 400,
  },
  BUSY: {
    message: "knowledge changes faster than this can be answered",
    next: "try again in a moment",
    exit: 3,
    status: 503,
  },
} as const satisfies ErrorTable;

/** `throw platformError("STORE_IN_USE", { fields: { pid, folder } })`. */
export const platformError = errorMaker(platformErrors);
