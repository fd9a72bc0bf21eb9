import { plainText } from "@plimsoll/kit";
import {
  type AppliedBaseline,
  type BaselineState,
  type Difference,
  isIncomplete,
  type PackageChange,
  type PolicyResult,
  type Problem,
  type Report,
  type RuleResult,
  sortProblems,
  type Violation,
} from "@plimsoll/model";
import { rulesOf } from "./compare-policies.ts";

/**
 * The later report of a difference, judged only by what is new or worsened against the earlier one: violations that the
 * baseline had too are left out, findings all stay. A baseline that was not read completely makes the answer incomplete.
 */
export function applyBaseline(difference: Difference): Report {
  const { before, after, findings } = difference;
  const states = statesOf(difference);
  const known = new KnownViolations(difference, states);
  const policies = after.report.policies.map((result) => known.leaveOut(result));
  const problems = sortProblems([...after.report.problems, ...doubtsOf(before.report)]);
  const baseline: AppliedBaseline = {
    name: before.report.sbom.source.name,
    judged: before.judged,
    evaluatedAt: before.report.evaluatedAt,
    revision: before.report.knowledge.revision,
    findings: findings.filter((change) => change.before !== null).length,
    states: Object.fromEntries(states),
    gone: findings.flatMap(({ state, before: finding, package: { before: pkg } }) =>
      state === "fixed" && finding !== null && pkg !== null ? [{ finding, package: pkg }] : [],
    ),
    knownViolations: known.count,
  };
  const status = policies.some((result) => result.status === "failed") ? "failed" : "passed";
  return {
    ...after.report,
    policies,
    problems,
    verdict: { ...after.report.verdict, status, complete: !isIncomplete(problems) },
    baseline,
  };
}

function statesOf({ findings }: Difference): Map<string, BaselineState> {
  return new Map(
    findings.flatMap(({ state, after }): [string, BaselineState][] => {
      if (after === null) return [];
      return [[after.id, state === "added" ? "new" : state === "worsened" ? "worsened" : "known"]];
    }),
  );
}

/** What was not read of a baseline makes findings look new that are not. */
function doubtsOf({ problems, sbom }: Report): Problem[] {
  const [first, ...others] = problems.filter(({ level }) => level === "incomplete");
  if (first === undefined) return [];
  const more = others.length > 0 ? ` and ${others.length} more` : "";
  return [
    {
      level: "incomplete",
      code: "baseline-incomplete",
      message: `the baseline ${plainText(sbom.source.name, 200)} is incomplete (${plainText(first.message, 300)}${more}): what it had may look new`,
      next: "scan the baseline by itself and see what it lacks",
    },
  ];
}

/** Takes from each rule the violations that the baseline had under the same rule. */
class KnownViolations {
  count = 0;
  readonly #states: ReadonlyMap<string, BaselineState>;
  readonly #packages: ReadonlyMap<string, PackageChange>;
  readonly #earlier: ReadonlyMap<string, ReadonlyMap<string, RuleResult>>;

  constructor({ before, packages }: Difference, states: ReadonlyMap<string, BaselineState>) {
    this.#states = states;
    this.#packages = new Map(packages.flatMap((change) => (change.after === null ? [] : [[change.after.id, change]])));
    this.#earlier = new Map(
      before.report.policies.map((result) => [result.policy.identifier, rulesOf(result)] as const),
    );
  }

  leaveOut(result: PolicyResult): PolicyResult {
    if (result.status !== "failed") return result;
    const earlier = this.#earlier.get(result.policy.identifier);
    const bundles = result.bundles.map(({ bundle, rules }) => ({
      bundle,
      rules: rules.map((rule) => this.#without(rule, earlier?.get(JSON.stringify([bundle.identifier, rule.rule.id])))),
    }));
    const statuses = bundles.flatMap(({ rules }) => rules.map(({ status }) => status));
    const status = statuses.includes("failed") ? "failed" : statuses.includes("accepted") ? "accepted" : "passed";
    return { ...result, bundles, status };
  }

  #without(rule: RuleResult, earlier: RuleResult | undefined): RuleResult {
    if (rule.status !== "failed") return rule;
    const violations = rule.violations.filter((violation) => !this.#isKnown(violation, earlier));
    this.count += rule.violations.length - violations.length;
    return { ...rule, violations, status: violations.length > 0 ? "failed" : "passed" };
  }

  #isKnown(violation: Violation, earlier: RuleResult | undefined): boolean {
    if (violation.kind === "finding") return this.#states.get(violation.findingId) === "known";
    const before = earlier?.violations ?? [];
    if (violation.kind === "config") return before.some((one) => one.kind === "config" && isSame(one, violation));
    const twin = this.#packages.get(violation.packageId)?.before?.id;
    return before.some((one) => one.kind === "package" && one.packageId === twin);
  }
}

type ConfigViolation = Extract<Violation, { kind: "config" }>;

/** The same condition; what it names (secrets, instructions) it named before, so that one more of them is new. */
function isSame(earlier: ConfigViolation, violation: ConfigViolation): boolean {
  const named = Object.entries(violation.arguments);
  if (named.length === 0) return earlier.remediation === violation.remediation;
  return named.every(([key, value]) => isCovered(value, earlier.arguments[key]));
}

function isCovered(value: unknown, earlier: unknown): boolean {
  if (!Array.isArray(value) || !Array.isArray(earlier)) return JSON.stringify(value) === JSON.stringify(earlier);
  const known = new Set(earlier.map((item) => JSON.stringify(item)));
  return value.every((item) => known.has(JSON.stringify(item)));
}
