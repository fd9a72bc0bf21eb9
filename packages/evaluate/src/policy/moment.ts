import { never, type Since } from "./predicate.ts";

export const dayMs = 86_400_000;

/** Start (UTC) of the day of an RFC 3339 or YYYY-MM-DD date; `null` when it cannot be read. */
export function dayOf(date: string | null | undefined): number | null {
  const ms = Date.parse(date ?? "");
  return Number.isNaN(ms) ? null : Math.floor(ms / dayMs) * dayMs;
}

/** Since when at least `age` whole days have passed since `date`; never without a readable date or age (spec 20a, "Days predicates"). */
export function sinceAge(date: string | null | undefined, age: number): Since {
  const day = dayOf(date);
  return day === null || Number.isNaN(age) ? never : day + age * dayMs;
}
