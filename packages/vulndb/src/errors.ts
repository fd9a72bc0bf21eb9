import { type ErrorTable, errorMaker } from "@plimsoll/kit";

/** Everything this room throws. */
export const vulndbErrors = {
  DB_MISSING: {
    message: "there is no vulnerability database at {path}",
    next: "run `plimsoll db update`, or name another file with --dbpath",
    exit: 3,
    status: 503,
  },
  DB_UNREADABLE: {
    message: "the vulnerability database {path} cannot be read: {why}",
    next: "check the file's permissions, or run `plimsoll db update` to fetch it again",
    exit: 3,
    status: 503,
  },
  DB_CORRUPT: {
    message: "the vulnerability database {path} is damaged: {why}",
    next: "remove the file and run `plimsoll db update`",
    exit: 3,
    status: 503,
  },
  DB_NEWER: {
    message:
      "the vulnerability database {path} was made by a newer plimsoll (schema {found}, this program reads {known})",
    next: "update plimsoll, or rebuild the database with `plimsoll db update`",
    exit: 3,
    status: 503,
  },
  DB_OLDER: {
    message:
      "the vulnerability database {path} was made by an older plimsoll (schema {found}, this program reads {known})",
    next: "rebuild it with `plimsoll db update` or `plimsoll db build`",
    exit: 3,
    status: 503,
  },
  BUILD_FAILED: {
    message: "the vulnerability database {path} could not be written: {why}",
    next: "check that the folder exists, is writable and has space left",
    exit: 3,
    status: 500,
  },
  FEEDS_MISSING: {
    message: "there is no folder of feeds at {path}",
    next: "name an existing folder with --from",
    exit: 2,
    status: 400,
  },
  FEEDS_UNKNOWN: {
    message: "nothing in {path} is a feed this program knows",
    next: "name the folder of feeds as their publishers made them, or fetch them with `plimsoll db update`",
    exit: 3,
    status: 400,
  },
  STARTER_DAMAGED: {
    message: "the starter database shipped with plimsoll cannot be unpacked: {why}",
    next: "install plimsoll again, or run `plimsoll db update`",
    exit: 3,
    status: 500,
  },
  UPDATE_RUNNING: {
    message: "another update of {path} is running (process {pid} on {host})",
    next: "wait for it to finish; if there is none, remove {lock}",
    exit: 3,
    status: 409,
  },
  UPDATE_UNWRITABLE: {
    message: "the folder of downloaded feeds {path} cannot be written: {why}",
    next: "check that it may be written and has space left, or name another folder",
    exit: 3,
    status: 500,
  },
  FEED_UNAVAILABLE: {
    message: "{url}: {reason}",
    next: "try again later; the last good copy stays in use",
    exit: 3,
    status: 502,
  },
} as const satisfies ErrorTable;

/** `throw vulndbError("DB_MISSING", { fields: { path } })`. */
export const vulndbError = errorMaker(vulndbErrors);
