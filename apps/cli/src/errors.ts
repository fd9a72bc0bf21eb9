import { type ErrorTable, errorMaker } from "@plimsoll/kit";

/** What the command line itself can say. */
export const cliErrors = {
  BAD_ARGUMENTS: { message: "{reason}", next: "see: {help} --help", exit: 2, status: 400 },
  NOTHING_TO_SCAN: {
    message: "{command}: nothing to look at was named",
    next: "name an image, a saved image, dir:PATH or host: ({example})",
    exit: 2,
    status: 400,
  },
  TOO_MANY_SOURCES: {
    message: "one source at a time, but there are {count}: {sources}",
    next: "{next}",
    exit: 2,
    status: 400,
  },
  BAD_OPTION_VALUE: { message: "{option} cannot be {value}", next: "{next}", exit: 2, status: 400 },
  OUTPUT_HABIT: {
    message: "-o is --logfile here, and {value} looks like a report",
    next: "for a report use --output {hint}",
    exit: 2,
    status: 400,
  },
  LOG_TWICE: {
    message: "--logfile and --console-log exclude each other",
    next: "use one of them",
    exit: 2,
    status: 400,
  },
  STDOUT_TWICE: {
    message: "two documents cannot share standard output: {formats}",
    next: "give all but one a file: --output {hint}=FILE",
    exit: 2,
    status: 400,
  },
  OUTPUT_FOLDER_MISSING: {
    message: "the folder for {path} does not exist or cannot be written",
    next: "create it, or write elsewhere",
    exit: 2,
    status: 400,
  },
  OUTPUT_FAILED: {
    message: "{path} could not be written: {why}",
    next: "check permissions and free space, or write elsewhere",
    exit: 3,
    status: 500,
  },
  INPUT_FAILED: {
    message: "{path} could not be read: {why}",
    next: "check the path and its permissions",
    exit: 3,
    status: 400,
  },
  ATTACHMENT_NOT_FOUND: {
    message: "no attachment of the image is {wanted}",
    next: "choose from: {offered}",
    exit: 3,
    status: 404,
  },
  ATTACHMENT_AMBIGUOUS: {
    message: "several attachments of the image are {wanted}",
    next: "give the digest of one: {offered}",
    exit: 2,
    status: 400,
  },
  API_URL_MISSING: {
    message: "--apiurl is missing: in this mode a scan reports to a platform",
    next: "give --apiurl URL, or --standalone to scan without one",
    exit: 2,
    status: 400,
  },
  API_TOKEN_MISSING: {
    message: "SECURE_API_TOKEN is not set: in this mode a scan reports to a platform",
    next: "set SECURE_API_TOKEN, or use --standalone to scan without a platform",
    exit: 2,
    status: 401,
  },
  PLATFORM_TOKEN: {
    message: "the platform does not let this token do that: {why}",
    next: "check SECURE_API_TOKEN: it may have expired, or lack the right to send scans",
    exit: 3,
    status: 401,
  },
  PLATFORM_REFUSED: {
    message: "the platform refused the scan ({status}): {why}",
    next: "check --apiurl and what the platform says; --standalone scans without it",
    exit: 3,
    status: 502,
  },
  PLATFORM_REDIRECTS: {
    message: "the platform's address leads elsewhere: {where}",
    next: "give --apiurl the address of the platform itself; a login page or a proxy may stand in between",
    exit: 3,
    status: 502,
  },
  PLATFORM_BUSY: {
    message: "the platform takes no scans at the moment ({status}): {why}",
    next: "try again later; fewer scans at once, or a higher limit for this token, keep it from happening",
    exit: 3,
    status: 503,
  },
  PLATFORM_FAILED: {
    message: "something went wrong on the platform ({status}): {why}",
    next: "try again; if it persists, look at the platform's log",
    exit: 3,
    status: 502,
  },
  PLATFORM_TIMEOUT: {
    message: "the platform did not answer within {seconds} s",
    next: "try again, or wait longer with --apitimeout SECONDS",
    exit: 3,
    status: 504,
  },
  NOT_WITH_PLATFORM: {
    message: "{option} says what this machine judges with, but with --apiurl the platform judges",
    next: "leave it out, or judge here with --standalone",
    exit: 2,
    status: 400,
  },
  NOT_DETACHED: {
    message: "--detach does not wait for the verdict; {option} needs one",
    next: "leave --detach out, or give --apiurl and ask the platform for reports later",
    exit: 2,
    status: 400,
  },
  PLATFORM_UNEXPECTED: {
    message: "the platform answered what this program does not understand: {why}",
    next: "check that --apiurl names a Plimsoll server of this version",
    exit: 3,
    status: 502,
  },
  IAC_NOT_YET: {
    message: "--iac: this version does not read infrastructure as code yet",
    next: "scan images, folders and hosts; --iac comes with a later version",
    exit: 3,
    status: 501,
  },
  CACHE_FAILED: {
    message: "the cache folder {path} cannot be used: {why}",
    next: "name another with --dbpath, or make it writable",
    exit: 3,
    status: 500,
  },
  INTERNAL: {
    message: "this should not have happened: {why}",
    next: "run again with PLIMSOLL_DEBUG=1 and report what it shows",
    exit: 3,
    status: 500,
  },
} as const satisfies ErrorTable;

/** Makes a `PlimsollError` of this table. */
export const cliError = errorMaker(cliErrors);
