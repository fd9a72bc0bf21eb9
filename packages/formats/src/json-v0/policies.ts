import type { PolicyV0, RuleV0 } from "@plimsoll/contract";
import type { Package, PolicyResult, RuleResult, Violation } from "@plimsoll/model";
import type { ReportIndex } from "../report-index.ts";

type FailuresV0 = NonNullable<RuleV0["failures"]>;

/** `result.policyEvaluations`; failures point into `packages` by position, so `present` is that very list. */
export function policiesV0(index: ReportIndex, present: readonly Package[]): PolicyV0[] {
  const places: Places = { index, positions: new Map(present.map((pkg, position) => [pkg.id, position])) };
  return index.report.policies.map((result) => policyV0(result, places));
}

interface Places {
  readonly index: ReportIndex;
  readonly positions: ReadonlyMap<string, number>;
}

function policyV0({ policy, status, bundles }: PolicyResult, places: Places): PolicyV0 {
  const { createdAt, updatedAt } = policy;
  return {
    name: policy.name,
    identifier: policy.identifier,
    type: policy.stages.length > 0 ? "alwaysApply" : "",
    bundles: bundles.map(({ bundle, rules }) => ({
      name: bundle.name,
      identifier: bundle.identifier,
      type: bundle.type,
      rules: rules.map((result) => ruleV0(result, places)),
      createdAt,
      updatedAt,
    })),
    acceptedRiskTotal: 0,
    evaluationResult: status === "failed" ? "failed" : "passed",
    createdAt,
    updatedAt,
  };
}

/** Rule ids are numbers here (contract 6.5); an id that is none is left out. */
function ruleV0(result: RuleResult, places: Places): RuleV0 {
  const failures = result.violations.flatMap((violation) => failureV0(violation, places));
  return {
    ...(/^\d{1,15}$/.test(result.rule.id) && { ruleId: Number(result.rule.id) }),
    ruleType: result.rule.ruleType,
    failureType: result.failureType,
    description: result.description,
    ...(failures.length > 0 && { failures }),
    evaluationResult: result.status,
    predicates: result.rule.predicates.map(({ type, extra }) => ({
      type,
      ...(Object.keys(extra).length > 0 && { extra: { ...extra } }),
    })),
  };
}

function failureV0(violation: Violation, { index, positions }: Places): FailuresV0 {
  if (violation.kind === "config") {
    return [{ remediation: violation.remediation, Arguments: { ...violation.arguments } }];
  }
  const pkgIndex = positions.get(violation.packageId);
  if (violation.kind === "package" || pkgIndex === undefined) return [];
  const findings = index.findingsOf.get(violation.packageId) ?? [];
  const vulnInPkgIndex = findings.findIndex(({ id }) => id === violation.findingId);
  const pkg = index.packages.get(violation.packageId);
  const vulnerability = findings[vulnInPkgIndex]?.vulnerability;
  if (pkg === undefined || vulnerability === undefined) return [];
  const ref = `$.result.packages[${pkgIndex}].vuln[${vulnInPkgIndex}]`;
  return [{ pkgIndex, vulnInPkgIndex, ref, description: `${vulnerability} found in pkg '${pkg.name}:${pkg.version}'` }];
}
