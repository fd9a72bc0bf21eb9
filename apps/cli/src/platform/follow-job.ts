import { setTimeout as wait } from "node:timers/promises";
import { PlimsollError, plainText } from "@plimsoll/kit";
import { cliError } from "../errors.ts";
import { ask, isRecord, type Platform, unexpected } from "./platform-client.ts";

/** A platform that is started anew, or cannot answer for the moment: the job goes on. */
const passing: ReadonlySet<string> = new Set([
  "HOST_UNREACHABLE",
  "TIMEOUT",
  "BODY_BROKEN",
  "PLATFORM_BUSY",
  "PLATFORM_FAILED",
]);
const pauseMs = 1000;

/**
 * Waits until a job has ended, well or with an error of the sender's, or is no longer known. Throws PLATFORM_TIMEOUT when
 * that takes longer than one answer may, PLATFORM_FAILED when the platform gave it up, what asking throws.
 */
export async function followJob(platform: Platform, id: string): Promise<void> {
  const { seconds, signal } = platform;
  const until = performance.now() + seconds * 1000;
  for (;;) {
    const left = Math.ceil((until - performance.now()) / 1000);
    if (left <= 0) throw cliError("PLATFORM_TIMEOUT", { fields: { seconds } });
    const job = await jobOf({ ...platform, seconds: left }, id).catch((error: unknown) => {
      if (error instanceof PlimsollError && passing.has(error.code)) return null;
      throw error;
    });
    if (job === null) await wait(pauseMs, undefined, { signal });
    else if (job.state === "dead" || job.state === "cancelled") throw givenUp(job);
    else if (over.has(job.state)) return;
  }
}

const over: ReadonlySet<string> = new Set(["done", "failed", "gone"]);

interface Job {
  readonly state: string;
  readonly error: unknown;
}

/** As it stands when it ends, or after half the time that is left. */
async function jobOf(platform: Platform, id: string): Promise<Job> {
  const path = `/jobs/${id}?wait=${Math.min(30, Math.floor(platform.seconds / 2))}`;
  const gone: Job = { state: "gone", error: null };
  const job = await ask(platform, { method: "GET", path, isLong: true }, ({ status }) =>
    status === 404 ? gone : null,
  );
  if (!isRecord(job) || typeof job.state !== "string") throw unexpected("its job has no state");
  return { state: job.state, error: job.error };
}

function givenUp({ state, error }: Job): PlimsollError {
  const told = isRecord(error) && typeof error.message === "string" ? plainText(error.message, 500) : `it is ${state}`;
  return cliError("PLATFORM_FAILED", { fields: { status: 200, why: `the job was given up: ${told}` } });
}
