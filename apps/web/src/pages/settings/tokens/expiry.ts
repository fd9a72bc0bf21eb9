const dayMs = 24 * 3600_000;

/** The day (`2026-11-22`, UTC) so many days after a moment in ms. */
export function dayIn(days: number, now: number): string {
  return new Date(now + days * dayMs).toISOString().slice(0, 10);
}

/** The end of a day, RFC 3339; what is no day stays as it is, for the server to refuse. */
export function endOf(day: string): string {
  return /^\d{4,6}-\d\d-\d\d$/.test(day) ? `${day}T23:59:59Z` : day;
}
