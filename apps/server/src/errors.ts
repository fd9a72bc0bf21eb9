import { type ErrorTable, errorMaker } from "@plimsoll/kit";

/** What starting a server can say. */
export const serverErrors = {
  BAD_CONFIG: {
    message: "the configuration is wrong: {faults}",
    next: "correct these variables or flags and start again; plimsoll server --help lists them",
    exit: 2,
    status: 500,
  },
  TLS_FILES: {
    message: "{cert} and {key} cannot be used for TLS: {why}",
    next: "name a certificate chain and its own key, both PEM and readable",
    exit: 3,
    status: 500,
  },
  DATA_FOLDER: {
    message: "the data folder {folder} cannot be used: {why}",
    next: "make it writable, make room on its disk, or name another by PLIMSOLL_DATA",
    exit: 3,
    status: 500,
  },
  BAD_SERVER_ARGUMENTS: { message: "{reason}", next: "see: plimsoll {command} --help", exit: 2, status: 400 },
  FEEDS_FAILED: {
    message: "no database could be built from {folder}: {why}",
    next: "name a folder of feeds as their publishers made them; docs/air-gapped.md tells how to fetch them",
    exit: 3,
    status: 500,
  },
  CANNOT_LISTEN: {
    message: "{address} cannot be listened on: {why}",
    next: "stop what uses it, or name another by PLIMSOLL_LISTEN=ADDRESS:PORT",
    exit: 3,
    status: 500,
  },
  METHOD_NOT_ALLOWED: {
    message: "this path does not take {method}",
    next: "use one of: {allowed}",
    exit: 3,
    status: 405,
  },
  BODY_NOT_TAKEN: {
    message: "the body is of another media type than this endpoint takes",
    next: "send {wanted}",
    exit: 3,
    status: 415,
  },
} as const satisfies ErrorTable;

/** `throw serverError("BAD_CONFIG", { fields: { faults } })`. */
export const serverError = errorMaker(serverErrors);
