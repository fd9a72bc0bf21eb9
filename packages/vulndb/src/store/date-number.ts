/** Numbers below this are days; seconds since 1970 pass it on 1970-01-02, before any advisory. */
const DAY_LIMIT = 100_000;

/**
 * A date as one small integer: `YYYY-MM-DD` as days since 1970, a time of RFC 3339 as seconds since 1970 (fractions
 * dropped); `null` for anything else. {@link dateFromNumber} gives the text back.
 */
export function numberFromDate(text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || ms < 0) return null;
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return Math.floor(ms / 86_400_000);
  const seconds = Math.floor(ms / 1000);
  return seconds < DAY_LIMIT ? null : seconds;
}

/** `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SSZ`. */
export function dateFromNumber(value: number): string {
  if (value < DAY_LIMIT) return new Date(value * 86_400_000).toISOString().slice(0, 10);
  return `${new Date(value * 1000).toISOString().slice(0, 19)}Z`;
}
