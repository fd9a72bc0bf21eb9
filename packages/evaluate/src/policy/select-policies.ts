import type { Policy, Stage } from "@plimsoll/model";
import { evaluateError } from "../errors.ts";

/** The policies that apply: those assigned to the stage, and those named by identifier, in the order given, each once. Throws UNKNOWN_POLICY. */
export function selectPolicies(policies: readonly Policy[], stage: Stage, named: readonly string[]): Policy[] {
  const unknown = named.find((name) => !policies.some(({ identifier }) => identifier === name));
  if (unknown !== undefined) {
    const known = policies.map(({ identifier }) => identifier).join(", ");
    throw evaluateError("UNKNOWN_POLICY", { fields: { policy: unknown, known } });
  }
  const applies = ({ stages, identifier }: Policy) => stages.includes(stage) || named.includes(identifier);
  return [...new Map(policies.filter(applies).map((policy) => [policy.identifier, policy])).values()];
}
