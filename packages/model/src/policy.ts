/** A violating condition (spec 8.3); `extra` as in the contract 3.6. */
export interface Predicate {
  readonly type: string;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Predicates are ANDed; a rule names what violates it. */
export interface Rule {
  readonly id: string;
  readonly ruleType: string;
  readonly predicates: readonly Predicate[];
}

/** Rules are ORed: any violated rule makes the bundle violated. */
export interface Bundle {
  readonly identifier: string;
  readonly name: string;
  readonly type: "predefined" | "custom";
  readonly rules: readonly Rule[];
}

export const stages = ["pipeline", "registry", "runtime"] as const;
export type Stage = (typeof stages)[number];

export interface Policy {
  readonly identifier: string;
  readonly name: string;
  readonly description: string;
  readonly bundles: readonly Bundle[];
  /** Stages at which it always applies; empty = only when named. */
  readonly stages: readonly Stage[];
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A rule broken: by a finding, or by the image's configuration. */
export type Violation =
  | { readonly kind: "finding"; readonly findingId: string; readonly packageId: string; readonly description: string }
  | { readonly kind: "package"; readonly packageId: string; readonly description: string }
  | {
      readonly kind: "config";
      readonly remediation: string;
      readonly arguments: Readonly<Record<string, unknown>>;
      readonly description: string;
    };

export type RuleStatus = "passed" | "failed" | "accepted" | "notApplicable";
export type PolicyStatus = "passed" | "failed" | "accepted" | "noPolicy";

export interface RuleResult {
  readonly rule: Rule;
  /** Text of the predicates joined with ` AND ` (spec 8.3). */
  readonly description: string;
  readonly failureType: "pkgVulnFailure" | "imageConfigFailure";
  readonly status: RuleStatus;
  readonly violations: readonly Violation[];
}

export interface BundleResult {
  readonly bundle: Bundle;
  readonly rules: readonly RuleResult[];
}

export interface PolicyResult {
  readonly policy: Policy;
  readonly status: PolicyStatus;
  readonly bundles: readonly BundleResult[];
}
