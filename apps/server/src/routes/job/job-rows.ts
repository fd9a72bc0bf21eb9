import type { jobAnswer } from "@plimsoll/contract";
import { type JobView, priorityWord } from "@plimsoll/platform";
import type { z } from "zod";

/** A job on the wire. */
export function jobRow({ team: _, isCancelling, error, priority, ...job }: JobView): z.input<typeof jobAnswer> {
  return {
    ...job,
    priority: priorityWord(priority),
    cancelling: isCancelling,
    progress: job.progress && { ...job.progress, parts: job.progress.parts && [...job.progress.parts] },
    error: error && { type: error.code, message: error.message, details: [error.next] },
    createdAt: job.createdAt.toISOString(),
    runAt: job.runAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    endedAt: job.endedAt?.toISOString() ?? null,
  };
}
