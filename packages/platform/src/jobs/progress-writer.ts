import { messageOf } from "@plimsoll/kit";
import type { Services } from "../services/services.ts";
import type { Progress } from "../store/jobs/job-row.ts";
import { type Turn, writeProgress } from "../store/jobs/turns.ts";

/** Progress is written this often at most, ms. */
const every = 500;
const mostParts = 500;

export interface ProgressWriter {
  readonly tell: (progress: Progress) => void;
  /** Waits for what is being written, and writes the last that was told. */
  readonly flush: () => Promise<void>;
}

/** Writes the newest progress of a turn, twice a second at most; `onVoid` hears when the job is somebody else's by now. */
export function progressWriter(
  { pool, log }: Pick<Services, "pool" | "log">,
  turn: Turn,
  onVoid: () => void,
): ProgressWriter {
  let next: Progress | null = null;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    const told = next;
    next = null;
    if (told === null) return;
    try {
      if (!(await writeProgress(pool, turn, told))) onVoid();
    } catch (error) {
      log.warn("a job's progress could not be written", { job: turn.id, why: messageOf(error) });
    }
  };
  const begin = (): void => {
    timer = setTimeout(() => {
      timer = null;
      if (next !== null) begin();
      writing = writing.then(write);
    }, every);
  };
  return {
    tell: (progress) => {
      next = { ...progress, ...(progress.parts && { parts: progress.parts.slice(0, mostParts) }) };
      if (timer !== null) return;
      writing = writing.then(write);
      begin();
    },
    flush: async () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      writing = writing.then(write);
      await writing;
    },
  };
}
