import type { Severity } from "@plimsoll/model";

/** Severities as words for people; unrated is what nobody rates. */
export const severityWords: Readonly<Record<Severity, string>> = {
  critical: "CRITICAL",
  high: "HIGH",
  medium: "MEDIUM",
  low: "LOW",
  negligible: "NEGLIGIBLE",
  unknown: "UNRATED",
};
