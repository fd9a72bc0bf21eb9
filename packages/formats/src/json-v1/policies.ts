import type { PolicyV1, ReportV1, RuleV1 } from "@plimsoll/contract";
import type { PolicyResult, RuleResult, Violation } from "@plimsoll/model";
import type { ReportIndex } from "../report-index.ts";

/** `result.policies`. Globally only `passed` or `failed`: a GitHub job fails on any other word (contract 2.4 notes). */
export function policiesV1(index: ReportIndex): ReportV1["result"]["policies"] {
  const { verdict, policies } = index.report;
  return { globalEvaluation: verdict.status, evaluations: policies.map((result) => policyV1(result, index)) };
}

function policyV1({ policy, status, bundles }: PolicyResult, index: ReportIndex): PolicyV1 {
  return {
    identifier: policy.identifier,
    name: policy.name,
    description: policy.description,
    evaluation: status,
    createdAt: policy.createdAt,
    updatedAt: policy.updatedAt,
    bundles: bundles.map(({ bundle, rules }) => ({
      identifier: bundle.identifier,
      name: bundle.name,
      type: bundle.type,
      rules: rules.map((result) => ruleV1(result, index)),
    })),
  };
}

function ruleV1(result: RuleResult, index: ReportIndex): RuleV1 {
  return {
    ruleId: result.rule.id,
    ruleType: result.rule.ruleType,
    description: result.description,
    failureType: result.failureType,
    evaluationResult: result.status,
    predicates: result.rule.predicates.map(({ type, extra }) => ({ type, extra: { ...extra } })),
    failures: result.violations.flatMap((violation) => failureV1(violation, index)),
  };
}

/** Every ref resolves (Jenkins dereferences them): what is not in the report is not named. */
function failureV1(violation: Violation, index: ReportIndex): RuleV1["failures"] {
  if (violation.kind === "config") {
    return [{ remediation: violation.remediation, arguments: { ...violation.arguments } }];
  }
  const { description, packageId: packageRef } = violation;
  if (violation.kind === "package") return index.packages.has(packageRef) ? [{ description, packageRef }] : [];
  const vulnerabilityRef = violation.findingId;
  return index.findingById.has(vulnerabilityRef) ? [{ description, packageRef, vulnerabilityRef }] : [];
}
