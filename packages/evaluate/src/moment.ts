import { dateOf } from "@plimsoll/kit";

export const dayMs = 86_400_000;

/** Start (UTC) of the day of an RFC 3339 or YYYY-MM-DD date, in ms; `null` when it cannot be read. */
export function dayOf(date: string | null | undefined): number | null {
  const ms = Date.parse(date ?? "");
  return Number.isNaN(ms) ? null : Math.floor(ms / dayMs) * dayMs;
}

/** YYYY-MM-DD (UTC) of a date in any form; `null` when it cannot be read or its year has not four digits. */
export function dayText(date: string | null | undefined): string | null {
  const ms = Date.parse(date ?? "");
  const text = Number.isNaN(ms) ? "" : dateOf(ms);
  return /^\d{4}-\d\d-\d\d$/.test(text) ? text : null;
}
