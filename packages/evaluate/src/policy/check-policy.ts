import type { Bundle, Policy, Rule } from "@plimsoll/model";
import { evaluateError } from "../errors.ts";
import { extraFault } from "./extra.ts";
import type { PredicateDefinition } from "./predicate.ts";
import { predicateOf, ruleTypes } from "./predicates.ts";

/** A rule's predicates with their definitions: all of one kind. */
export interface ReadRule {
  readonly rule: Rule;
  readonly parts: readonly {
    readonly definition: PredicateDefinition;
    readonly extra: Readonly<Record<string, unknown>>;
  }[];
}

/** Why a rule cannot be evaluated, one line; `null` when it can. For the API's door as well as for {@link readRule}. */
export function ruleFault(rule: Pick<Rule, "ruleType" | "predicates">): string | null {
  const allowed = Object.hasOwn(ruleTypes, rule.ruleType) ? ruleTypes[rule.ruleType] : undefined;
  if (allowed === undefined) return `no such rule type: ${rule.ruleType}`;
  if (rule.predicates.length === 0) return "it has no predicate, so everything would violate it";
  for (const { type, extra } of rule.predicates) {
    const definition = predicateOf(type);
    if (definition === null || !allowed.includes(type)) return `${rule.ruleType} has no predicate ${type}`;
    const fault = extraFault(extra ?? {}, definition.parameters);
    if (fault !== null) return `${type}: ${fault}`;
  }
  return null;
}

/** Throws INVALID_RULE for the first rule that cannot be evaluated: a rule we do not understand must not pass. */
export function checkPolicy(policy: Policy): void {
  for (const bundle of policy.bundles) for (const rule of bundle.rules) readRule(rule, bundle);
}

/** A rule with its predicates' definitions; throws INVALID_RULE. */
export function readRule(rule: Rule, bundle: Bundle): ReadRule {
  const reason = ruleFault(rule);
  if (reason !== null)
    throw evaluateError("INVALID_RULE", { fields: { rule: rule.id, bundle: bundle.identifier, reason } });
  const parts = rule.predicates.flatMap(({ type, extra }) => {
    const definition = predicateOf(type);
    return definition === null ? [] : [{ definition, extra: extra ?? {} }];
  });
  return { rule, parts };
}

/** Text of a rule's condition for people: its predicates joined with ` AND ` (spec 8.3). */
export function describeRule(rule: Rule): string {
  return rule.predicates.map(({ type, extra }) => predicateOf(type)?.describe(extra ?? {}) ?? type).join(" AND ");
}
