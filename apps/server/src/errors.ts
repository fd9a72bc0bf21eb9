import { type ErrorTable, errorMaker } from "@plimsoll/kit";

/** What starting a server can say. */
export const serverErrors = {
  BAD_CONFIG: {
    message: "the configuration is wrong: {faults}",
    next: "correct these variables of the environment and start again",
    exit: 2,
    status: 500,
  },
  CANNOT_LISTEN: {
    message: "{address} cannot be listened on: {why}",
    next: "stop what uses it, or name another by PLIMSOLL_LISTEN=ADDRESS:PORT",
    exit: 3,
    status: 500,
  },
} as const satisfies ErrorTable;

/** `throw serverError("BAD_CONFIG", { fields: { faults } })`. */
export const serverError = errorMaker(serverErrors);
