import type { Severity } from "../ui/severity.ts";

/** A severity as it is shown: what nobody rates is judged as medium, and said to be unrated. */
export function ratedAs(severity: Severity | "unknown" | null): { readonly of: Severity; readonly unrated: boolean } {
  return severity === null || severity === "unknown"
    ? { of: "medium", unrated: true }
    : { of: severity, unrated: false };
}
