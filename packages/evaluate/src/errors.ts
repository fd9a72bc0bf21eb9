import { type ErrorTable, errorMaker } from "@plimsoll/kit";

/** What can go wrong before anything is judged. */
export const evaluateErrors = {
  UNKNOWN_POLICY: {
    message: "there is no policy {policy}",
    next: "use one of: {known}",
    exit: 2,
    status: 400,
  },
  INVALID_RULE: {
    message: "rule {rule} of bundle {bundle} cannot be evaluated: {reason}",
    next: "correct that rule in its policy, or leave the policy out",
    exit: 2,
    status: 400,
  },
} as const satisfies ErrorTable;

/** Throws this room's errors by code. */
export const evaluateError = errorMaker(evaluateErrors);
