import {
  type Finding,
  isPresent,
  type Policy,
  type PolicyResult,
  type RuleStatus,
  type Sbom,
  type Stage,
} from "@plimsoll/model";
import { readRule } from "./check-policy.ts";
import { evaluateRule, type Judged, type RuleOutcome } from "./evaluate-rule.ts";
import { never, type Since } from "./predicate.ts";

export interface PolicyInput {
  readonly policies: readonly Policy[];
  readonly sbom: Sbom;
  readonly findings: readonly Finding[];
  readonly stage: Stage;
  /** ms since the epoch. */
  readonly now: number;
  /** Ids of packages seen loaded at run time; absent = nobody watched. */
  readonly inUse?: ReadonlySet<string>;
}

export interface PolicyOutcome {
  readonly results: readonly PolicyResult[];
  /** The earliest moment (ms) at which any rule's result changes by time alone; {@link never} = none does. */
  readonly changesAt: Since;
}

/** Evaluates policies over what is present in the squashed tree: rules in a bundle and bundles in a policy are ORed (spec 8.1). Throws INVALID_RULE. */
export function evaluatePolicies(input: PolicyInput): PolicyOutcome {
  const judged = judgedOf(input);
  const changes: Since[] = [];
  const results = input.policies.map((policy): PolicyResult => {
    const bundles = policy.bundles.map((bundle) => {
      const outcomes = bundle.rules.map((rule): RuleOutcome => evaluateRule(readRule(rule, bundle), judged, input.now));
      changes.push(...outcomes.map(({ changesAt }) => changesAt));
      return { bundle, rules: outcomes.map(({ result }) => result) };
    });
    return { policy, bundles, status: statusOf(bundles.flatMap(({ rules }) => rules.map(({ status }) => status))) };
  });
  return { results, changesAt: Math.min(never, ...changes) };
}

function statusOf(statuses: readonly RuleStatus[]): PolicyResult["status"] {
  if (statuses.includes("failed")) return "failed";
  return statuses.includes("accepted") ? "accepted" : "passed";
}

function judgedOf({ sbom, findings, stage, inUse }: PolicyInput): Judged {
  const packages = sbom.packages.filter(isPresent);
  const byId = new Map(packages.map((pkg) => [pkg.id, pkg]));
  const subjects = findings.flatMap((finding) => {
    const pkg = byId.get(finding.packageId);
    return pkg === undefined ? [] : [{ finding, package: pkg, inUse: inUse?.has(pkg.id) ?? null }];
  });
  return { stage, subjects, packages, image: sbom.image };
}
