import { defaultPolicies, evaluate, namedPolicies } from "@plimsoll/evaluate";
import type { Policy, Report, Stage } from "@plimsoll/model";
import type { Services } from "../services.ts";

/** All policies there are. */
export const allPolicies: readonly Policy[] = [...defaultPolicies, ...namedPolicies];

/** What of a kept report is otherwise where something runs. */
export interface Situation {
  readonly stage: Stage;
  /** It was made for this asset itself: policies that were named for it then are named again. */
  readonly isOwn: boolean;
  /** Ids of packages in use; `null`: nobody looked. */
  readonly inUse: ReadonlySet<string> | null;
}

/**
 * What is known today of what a kept report is about: its SBOM, judged anew with the knowledge, the policies and the
 * clock of now. Policies that were named for it then are named again, as far as they still are.
 */
export function judgeNow(
  { knowledge, clock }: Pick<Services, "knowledge" | "clock">,
  kept: Report,
  { stage, isOwn, inUse }: Situation = { stage: kept.stage, isOwn: true, inUse: null },
): Report {
  const known = new Set(allPolicies.map(({ identifier }) => identifier));
  const named = (isOwn ? kept.policies : [])
    .filter(({ policy }) => !policy.stages.includes(kept.stage) && known.has(policy.identifier))
    .map(({ policy }) => policy.identifier);
  const { base, judgements } = knowledge.current();
  const options = { now: clock(), stage, policies: allPolicies, named, judgements };
  return evaluate(kept.sbom, base, { ...options, ...(inUse !== null && { inUse }) });
}
