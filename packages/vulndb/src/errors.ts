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
  KEY_UNUSABLE: {
    message: "the key {path} cannot be used: {why}",
    next: "name an Ed25519 key as PEM; plimsoll db keygen makes a pair",
    exit: 2,
    status: 400,
  },
  REPOSITORY_MISSING: {
    message: "there is no repository of databases at {place}: {why}",
    next: "name a folder, tar, address or oci:// reference that plimsoll db export made",
    exit: 3,
    status: 404,
  },
  REVISION_UNREADABLE: {
    message: "what {place} offers cannot be used: {why}",
    next: "ask who publishes it, or export it again",
    exit: 3,
    status: 502,
  },
  REVISION_NEWER_FORMAT: {
    message: "{place} was made for a newer plimsoll (format {found}, this program reads {known})",
    next: "update plimsoll",
    exit: 3,
    status: 502,
  },
  REVISION_UNSIGNED: {
    message: "the database of {place} is not signed",
    next: "have it signed (plimsoll db export --sign-key), or take it on your own risk with --allow-unsigned",
    exit: 3,
    status: 502,
  },
  KEY_UNKNOWN: {
    message: "the database of {place} is signed by {key}, which is not trusted here",
    next: "get the publisher's public key by a way you trust and name it with --db-key FILE",
    exit: 3,
    status: 502,
  },
  KEY_RETIRED: {
    message: "the database of {place} is signed by {key}, a key that is retired here",
    next: "get a revision signed by the publisher's new key",
    exit: 3,
    status: 502,
  },
  SIGNATURE_WRONG: {
    message: "the signature of {place} is wrong: it was not made by key {key} over this manifest",
    next: "somebody or something changed it on the way: fetch it again from its publisher, and find out who did",
    exit: 3,
    status: 502,
  },
  REVISION_OLDER: {
    message: "{place} offers revision {found}, but revision {known} was installed here already",
    next: "wait for a newer one; --allow-older takes it nevertheless",
    exit: 3,
    status: 409,
  },
  REVISION_OTHER: {
    message: "{place} offers another database under the number {found} that is installed here",
    next: "find out who publishes two; --allow-older takes this one nevertheless",
    exit: 3,
    status: 409,
  },
  REVISION_AHEAD: {
    message: "{place} offers revision {found} of {createdAt}, which is still to come",
    next: "check this machine's clock, then the publisher's",
    exit: 3,
    status: 502,
  },
  REVISION_FILE_WRONG: {
    message: "{file} of {place} is not what was signed: {why}",
    next: "fetch or copy it again; if that does not help, export it again",
    exit: 3,
    status: 502,
  },
  INSTALL_FAILED: {
    message: "the vulnerability database {path} could not be replaced: {why}",
    next: "check that its folder may be written and has space left; the old database is as it was",
    exit: 3,
    status: 500,
  },
  EXPORT_FAILED: {
    message: "revision {revision} could not be written to {place}: {why}",
    next: "check that it may be written and has space left; what was there is as it was",
    exit: 3,
    status: 500,
  },
  EXPORT_OLDER: {
    message: "{place} already offers revision {known}; revision {found} is not newer",
    next: "update the database first (plimsoll db update), or export elsewhere",
    exit: 3,
    status: 409,
  },
} as const satisfies ErrorTable;

/** `throw vulndbError("DB_MISSING", { fields: { path } })`. */
export const vulndbError = errorMaker(vulndbErrors);
