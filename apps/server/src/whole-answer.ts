import type { Readable } from "node:stream";

const mark = Symbol("whole answer");

/** An answer that is more than a body of JSON with the route's status. */
export interface WholeAnswer {
  readonly [mark]: true;
  /** Absent: the route's. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is written by the route's schema; texts and streams go out as they are. */
  readonly body: object | string | Readable;
}

export function wholeAnswer(parts: Omit<WholeAnswer, typeof mark>): WholeAnswer {
  return { ...parts, [mark]: true };
}

export function isWholeAnswer(answered: unknown): answered is WholeAnswer {
  return typeof answered === "object" && answered !== null && mark in answered;
}
