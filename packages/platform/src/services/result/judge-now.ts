import { defaultPolicies, evaluate, namedPolicies } from "@plimsoll/evaluate";
import type { Policy, Report } from "@plimsoll/model";
import type { Services } from "../services.ts";

/** All policies there are. */
export const allPolicies: readonly Policy[] = [...defaultPolicies, ...namedPolicies];

/**
 * What is known today of what a kept report is about: its SBOM, judged anew with the knowledge, the policies and the
 * clock of now. Policies that were named for it then are named again, as far as they still are.
 */
export function judgeNow({ knowledge, clock }: Pick<Services, "knowledge" | "clock">, kept: Report): Report {
  const known = new Set(allPolicies.map(({ identifier }) => identifier));
  const named = kept.policies
    .filter(({ policy }) => !policy.stages.includes(kept.stage) && known.has(policy.identifier))
    .map(({ policy }) => policy.identifier);
  const { base, judgements } = knowledge.current();
  return evaluate(kept.sbom, base, { now: clock(), stage: kept.stage, policies: allPolicies, named, judgements });
}
