/** Time comes in as an argument: milliseconds since the epoch. */
export type Clock = () => number;

/** Time that passes, in ms from no moment in particular. (`performance` brings modules along that take a start 1 ms.) */
export function elapsedMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** `YYYY-MM-DD` of a moment, UTC. */
export function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Whole days (UTC) from `date` (RFC 3339 or YYYY-MM-DD) to `ms`; `null` when the date cannot be read. */
export function daysSince(date: string, ms: number): number | null {
  const then = Date.parse(date);
  return Number.isNaN(then) ? null : Math.floor((ms - then) / 86_400_000);
}
