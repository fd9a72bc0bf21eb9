import type { ErrorTable } from "@plimsoll/kit";

/** What signing in, and changing who may do what, can say. */
export const identityErrors = {
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
  SIGN_IN_FAILED: {
    message: "user and password do not belong together",
    next: "type both again; an administrator can set a new password",
    exit: 3,
    status: 401,
  },
  WRONG_PASSWORD: {
    message: "this is not the password you have now",
    next: "type it again; an administrator can set a new one",
    exit: 3,
    status: 400,
  },
  TOO_MANY_ATTEMPTS: {
    message: "too many attempts to sign in failed",
    next: "try again in {seconds} s",
    exit: 3,
    status: 429,
  },
  TOO_MANY_REQUESTS: {
    message: "more than {limit} of these in {window} s",
    next: "try again in {seconds} s",
    exit: 3,
    status: 429,
  },
  FORGED_REQUEST: {
    message: "this request was not made by a page of this server: {why}",
    next: "send the session's csrfToken as X-CSRF-Token, or use an API token instead of a session",
    exit: 3,
    status: 403,
  },
  SESSION_NEEDED: {
    message: "this needs somebody who has signed in, not a token",
    next: "sign in with user and password",
    exit: 3,
    status: 403,
  },
  TOKEN_NOT_KEPT: {
    message: "the text of a token is told once, when it is made",
    next: "make another, and revoke the one that was lost",
    exit: 3,
    status: 400,
  },
  TOO_MANY_TOKENS: {
    message: "nobody may have more than {limit} tokens",
    next: "revoke those that are not used",
    exit: 3,
    status: 400,
  },
  BAD_ROLE: {
    message: "a token of yours cannot have the role {role} there",
    next: "choose a role that may do no more than you may in that team",
    exit: 2,
    status: 400,
  },
  BAD_EXPIRY: {
    message: "a token must end in the future, within {days} days",
    next: "choose another end",
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
  BAD_ZONE: {
    message: "the zone cannot be kept: {why}",
    next: 'write rules like clusterId in ("a", "b") and not namespace contains "test"',
    exit: 2,
    status: 400,
  },
  NAME_TAKEN: {
    message: "there is a {what} of this name already",
    next: "choose another name",
    exit: 2,
    status: 400,
  },
  BUILT_IN: {
    message: "this {what} comes with plimsoll and cannot be changed",
    next: "make one of your own",
    exit: 2,
    status: 400,
  },
  STALE_VERSION: {
    message: "this {what} was changed meanwhile (version {version})",
    next: "read it again and send your change with its version",
    exit: 2,
    status: 400,
  },
  IN_USE: {
    message: "this {what} is in use: {users}",
    next: "take it away from them first",
    exit: 2,
    status: 400,
  },
  LAST_ADMINISTRATOR: {
    message: "this is the last administrator who can sign in",
    next: "make somebody else an administrator first",
    exit: 2,
    status: 400,
  },
  CANNOT_GRANT: {
    message: "nobody may give more than they have: {what}",
    next: "ask an administrator",
    exit: 3,
    status: 403,
  },
} as const satisfies ErrorTable;
