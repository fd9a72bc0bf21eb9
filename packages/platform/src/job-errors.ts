import type { ErrorTable } from "@plimsoll/kit";

/** What jobs and the knowledge they bring can say. */
export const jobErrors = {
  FEEDS_TOO_HEAVY: {
    message: "the feeds are more than {limit} MiB of memory can build a database from",
    next: "build it elsewhere (plimsoll db build) and name it by PLIMSOLL_VULNDB",
    exit: 3,
    status: 503,
  },
  KNOWLEDGE_BEHIND: {
    message: "the vulnerability database of this server is older than the one that results are judged by",
    next: "bring the newer one here (plimsoll db update, or the other servers' file) and try again",
    exit: 3,
    status: 503,
  },
  UPDATES_OFF: {
    message: "this server does not fetch knowledge",
    next: "its database is kept by hand: replace that, or start the server without PLIMSOLL_VULNDB",
    exit: 3,
    status: 400,
  },
  FEEDS_UNREACHABLE: {
    message: "none of {feeds} feeds could be fetched",
    next: "check the network and the proxy; the feeds' health says why",
    exit: 3,
    status: 502,
  },
  JOB_NOT_ENDED: {
    message: "job {id} is {state}",
    next: "only a job that has ended can be deleted; cancel it first",
    exit: 3,
    status: 400,
  },
  JOB_NOT_RETRIED: {
    message: "job {id} is {state}, or its like is being done",
    next: "only a job that failed, was cancelled or given up can be tried again",
    exit: 3,
    status: 400,
  },
  JOB_ENDED: {
    message: "job {id} has ended: it is {state}",
    next: "there is nothing left to cancel",
    exit: 3,
    status: 400,
  },
  JOB_CANCELLED: {
    message: "the job was cancelled",
    next: "ask for it again",
    exit: 3,
    status: 409,
  },
  JOB_INTERRUPTED: {
    message: "the worker that was at it stops",
    next: "wait: another worker takes it up",
    exit: 3,
    status: 503,
  },
  JOB_TIMEOUT: {
    message: "it was not done within {seconds} seconds",
    next: "look at what it waited for, then try it again",
    exit: 3,
    status: 504,
  },
  JOB_CRASHED: {
    message: "the process that was at it ended {crashes} times",
    next: "look at the worker's log and memory; only a person can have it tried again today",
    exit: 3,
    status: 500,
  },
  JOB_BROKEN: {
    message: "something went wrong in the worker; its log says what",
    next: "look at the log, then try it again",
    exit: 3,
    status: 500,
  },
} as const satisfies ErrorTable;
