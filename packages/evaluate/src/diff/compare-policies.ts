import type { PolicyChange, PolicyResult, RuleChange, RuleResult } from "@plimsoll/model";

/** All policies of either side, by identifier, with the rules whose status differs. */
export function comparePolicies(before: readonly PolicyResult[], after: readonly PolicyResult[]): PolicyChange[] {
  const earlier = new Map(before.map((result) => [result.policy.identifier, result]));
  const later = new Map(after.map((result) => [result.policy.identifier, result]));
  return [...new Set([...earlier.keys(), ...later.keys()])].sort().map((identifier) => {
    const [was, is] = [earlier.get(identifier), later.get(identifier)];
    return {
      identifier,
      name: (is ?? was)?.policy.name ?? identifier,
      before: was?.status ?? null,
      after: is?.status ?? null,
      rules: compareRules(was, is),
    };
  });
}

function compareRules(before: PolicyResult | undefined, after: PolicyResult | undefined): RuleChange[] {
  const [earlier, later] = [rulesOf(before), rulesOf(after)];
  return [...new Set([...earlier.keys(), ...later.keys()])].sort().flatMap((key) => {
    const [was, is] = [earlier.get(key), later.get(key)];
    if (was?.status === is?.status) return [];
    const { rule, description } = is ?? was ?? { rule: { id: "", ruleType: "" }, description: "" };
    return {
      id: rule.id,
      description: description === "" ? rule.ruleType : description,
      before: was?.status ?? null,
      after: is?.status ?? null,
      violations: is?.violations.length ?? 0,
    };
  });
}

/** Rules by the identifiers of bundle and rule. */
export function rulesOf(result: PolicyResult | undefined): Map<string, RuleResult> {
  const rows = (result?.bundles ?? []).flatMap(({ bundle, rules }) =>
    rules.map((rule): [string, RuleResult] => [JSON.stringify([bundle.identifier, rule.rule.id]), rule]),
  );
  return new Map(rows);
}
