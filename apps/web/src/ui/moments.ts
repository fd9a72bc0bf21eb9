const steps = [
  [60, "second"],
  [3600, "minute"],
  [86_400, "hour"],
  [30 * 86_400, "day"],
  [365 * 86_400, "month"],
  [Number.POSITIVE_INFINITY, "year"],
] as const satisfies readonly (readonly [number, Intl.RelativeTimeFormatUnit])[];

const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** "3 minutes ago", "in 2 days"; both in ms since the epoch. */
export function relative(moment: number, now: number): string {
  const seconds = Math.round((moment - now) / 1000);
  let unitSeconds = 1;
  for (const [below, unit] of steps) {
    if (Math.abs(seconds) < below) return words.format(Math.trunc(seconds / unitSeconds), unit);
    unitSeconds = below;
  }
  return "unknown";
}

/** `2026-11-22 09:42:10 UTC`; "unknown" for what is no moment. */
export function absolute(moment: number): string {
  return Number.isFinite(moment) ? `${new Date(moment).toISOString().slice(0, 19).replace("T", " ")} UTC` : "unknown";
}
