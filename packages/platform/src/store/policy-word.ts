import type { Report } from "@plimsoll/model";

/** The contract's word: what the policies said, or that none judged; that is no pass. */
export function policyWord({ policies, verdict }: Pick<Report, "policies" | "verdict">): string {
  return policies.length === 0 ? "noPolicy" : verdict.status;
}
