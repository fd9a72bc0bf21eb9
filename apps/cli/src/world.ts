import type { Clock } from "@plimsoll/kit";
import type { StandardInput } from "@plimsoll/source";

/** A stream that text goes to. */
export interface Sink {
  readonly isTerminal: boolean;
  /** Cells of a line, where the terminal says so. */
  readonly columns: number | null;
  /** Resolves once the text was handed over; a reader that went away is no error. */
  write(text: string): Promise<void>;
}

/** Everything from outside that a command may touch. Only main.ts makes one from the real process. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Time that documents bear: fixed by SOURCE_DATE_EPOCH. */
  readonly clock: Clock;
  /** Time that passes, whatever documents say; ms since the epoch. */
  readonly elapsed: () => number;
  readonly stdin: StandardInput;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly signal: AbortSignal;
  readonly homeFolder: string;
  readonly hostName: string;
  /** 0: the root user; -1 where there are no such numbers. */
  readonly userId: number;
  /** Much is being read: from now on what else takes processor and memory beside the reading is put off. */
  readonly readsMuch: () => void;
}

/** Whether the program stands in for the reference's scanner (decision 3). */
export function isReferenceMode({ env }: World): boolean {
  return env.PLIMSOLL_COMPAT === "sysdig";
}

/** Cells of a line for text that goes to `sink`: the terminal's, else COLUMNS, else 80 on a terminal and the 120 that CI logs show. */
export function columnsOf({ env }: World, sink: Sink): number {
  const told = Number(env.COLUMNS);
  const usual = sink.isTerminal ? 80 : 120;
  return sink.columns ?? (Number.isInteger(told) && told > 0 ? told : usual);
}

/** Whether text to `sink` is coloured: FORCE_COLOR, then NO_COLOR, decide; else whether it is a terminal. */
export function colorsOf({ env }: World, sink: Sink): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no } = env;
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  if (no !== undefined && no !== "") return false;
  return sink.isTerminal && env.TERM !== "dumb";
}
