export { applyBaseline } from "./diff/apply-baseline.ts";
export { diffReports } from "./diff/diff-reports.ts";
export { evaluateErrors } from "./errors.ts";
export * from "./evaluate.ts";
export { describeFlaw, type FlawDescription, type SourceView } from "./explain/describe-flaw.ts";
export { explain } from "./explain/explain.ts";
export type {
  AdvisoryExplanation,
  AdvisoryReason,
  Comparison,
  ExplainQuery,
  Explanation,
  PackageExplanation,
  PackageReason,
  RangeExplanation,
} from "./explain/explanation.ts";
export { judgesRevision } from "./judges-revision.ts";
export { ageProblems } from "./match/coverage.ts";
export { type Judgements, recentJudgements } from "./match/judgements.ts";
export { type KeptJudgements, keptJudgements } from "./match/kept-judgements.ts";
export type { LookupKey } from "./match/matcher.ts";
export { matchers } from "./match/matchers.ts";
export { checkPolicy, describeRule, ruleFault } from "./policy/check-policy.ts";
export { evaluatePolicies, type PolicyInput, type PolicyOutcome } from "./policy/evaluate-policies.ts";
export { defaultPolicies, namedPolicies, predefinedBundles } from "./policy/predefined.ts";
export type { ParameterSchema, Parameters, PredicateDefinition } from "./policy/predicate.ts";
export { predicateOf, predicates, ruleTypes } from "./policy/predicates.ts";
export { judgedSeverity } from "./policy/rules/severity.ts";
export { selectPolicies } from "./policy/select-policies.ts";
export { type Headline, headline, ownProviders, type Providers, ratingOf } from "./severity/headline.ts";
export { preferredCvss } from "./severity/providers.ts";
export { clearsAll, type FixableFinding, suggestFix, suggestFixes } from "./suggested-fix.ts";
