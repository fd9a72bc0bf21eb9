import { platformError } from "../../errors.ts";

/** How a job stands: `failed` when trying again would not help, `dead` when it was tried as often as it may be. */
export type JobState = "queued" | "running" | "done" | "failed" | "cancelled" | "dead";

/** What a job is made of: a layer, a feed. */
export interface ProgressPart {
  readonly name: string;
  readonly state: "waiting" | "running" | "done" | "failed";
  readonly done?: number;
  readonly total?: number | null;
}

/** How far a job is: what it does now, counted in units of that step. */
export interface Progress {
  readonly step: string;
  readonly done: number;
  /** `null`: not known yet. */
  readonly total: number | null;
  /** At most 500 are kept. */
  readonly parts?: readonly ProgressPart[];
}

/** Why a job did not end well, in the words of the one error class. */
export interface JobError {
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

export type JobSummary = Readonly<Record<string, string | number | boolean | null>>;

/** A job as it stands. */
export interface JobView {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  /** `null`: the installation's own. */
  readonly team: number | null;
  readonly state: JobState;
  readonly priority: number;
  readonly attempts: number;
  readonly maxAttempts: number;
  /** Attempts that ended with their process. */
  readonly crashes: number;
  readonly isCancelling: boolean;
  readonly progress: Progress | null;
  /** 32 hex digits: the result it made. */
  readonly resultId: string | null;
  readonly summary: JobSummary | null;
  /** Of the last attempt. */
  readonly error: JobError | null;
  /** An actor's id. */
  readonly askedBy: string;
  /** Grows with every change. */
  readonly version: number;
  readonly createdAt: Date;
  /** Not before this. */
  readonly runAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** A row of the table `job`. */
export interface JobRow {
  readonly id: number;
  readonly name: string;
  readonly key: string;
  readonly team_id: number | null;
  readonly payload: unknown;
  readonly state: JobState;
  readonly priority: number;
  readonly attempts: number;
  readonly crashes: number;
  readonly max_attempts: number;
  readonly turn: number;
  readonly is_cancelling: boolean;
  readonly progress: Progress | null;
  readonly result_id: string | null;
  readonly summary: JobSummary | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly error_next: string | null;
  readonly asked_by: string;
  readonly version: number;
  readonly created_at: Date;
  readonly run_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
}

export function jobView(row: JobRow): JobView {
  return {
    id: String(row.id),
    name: row.name,
    key: row.key,
    team: row.team_id,
    state: row.state,
    priority: row.priority,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    crashes: row.crashes,
    isCancelling: row.is_cancelling,
    progress: row.progress,
    resultId: row.result_id,
    summary: row.summary,
    error: errorOf(row),
    askedBy: row.asked_by,
    version: row.version,
    createdAt: row.created_at,
    runAt: row.run_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

function errorOf({ error_code, error_message, error_next, crashes }: JobRow): JobError | null {
  if (error_code === "JOB_CRASHED") {
    const { code, message, next } = platformError(error_code, { fields: { crashes } });
    return { code, message, next };
  }
  return error_code === null ? null : { code: error_code, message: error_message ?? "", next: error_next ?? "" };
}
