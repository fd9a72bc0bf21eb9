import type { Report } from "@plimsoll/model";

/** Decision 2: a failed policy is 1, complete or not; passed is 0 when nothing could make that false, else 3. Decision 3: in reference mode incomplete is 0 too. */
export function exitCodeOf({ verdict }: Pick<Report, "verdict">, allowIncomplete: boolean): 0 | 1 | 3 {
  if (verdict.status === "failed") return 1;
  return verdict.complete || allowIncomplete ? 0 : 3;
}
