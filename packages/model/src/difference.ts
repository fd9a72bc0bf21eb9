import type { Judged } from "./baseline.ts";
import type { Finding } from "./finding.ts";
import type { Package } from "./package.ts";
import type { PolicyStatus, RuleStatus } from "./policy.ts";
import type { Report } from "./report.ts";
import type { Layer } from "./sbom.ts";
import type { Severity } from "./severity.ts";

/** `changed`: another version, and the scheme cannot say which is later. */
export const packageStates = ["added", "upgraded", "downgraded", "changed", "removed", "unchanged"] as const;
export type PackageState = (typeof packageStates)[number];

/** One package of either side, or what became of it. */
export interface PackageChange {
  readonly state: PackageState;
  /** `null` when added. */
  readonly before: Package | null;
  /** `null` when removed. */
  readonly after: Package | null;
  /** Layer of that side that brought the package, or took it away; `null` where nobody knows. */
  readonly beforeLayer: Layer | null;
  readonly afterLayer: Layer | null;
}

/** `worsened` and `eased`: on both sides, but rated, exploited or fixable otherwise. */
export const findingStates = ["added", "worsened", "fixed", "eased", "unchanged"] as const;
export type FindingState = (typeof findingStates)[number];

/**
 * Why a finding differs. `knowledge-changed`: same package, but the sides were judged with different knowledge.
 * `context-changed`: same package and knowledge, but another distribution, owner or architecture around it.
 */
export type ChangeCause =
  | "package-added"
  | "package-changed"
  | "package-removed"
  | "knowledge-changed"
  | "context-changed";

/** What of a finding on both sides differs; `isWorse`: it weighs more than before, a fix that is new included. */
export interface AspectChange {
  readonly aspect: "severity" | "exploit" | "known-exploited" | "fix";
  readonly before: string;
  readonly after: string;
  readonly isWorse: boolean;
}

export interface FindingChange {
  readonly state: FindingState;
  /** `null` when unchanged. */
  readonly cause: ChangeCause | null;
  /** `null` when added. */
  readonly before: Finding | null;
  /** `null` when fixed. */
  readonly after: Finding | null;
  readonly aspects: readonly AspectChange[];
  readonly package: PackageChange;
}

/** `shared`: the same layer on the same layers below; `moved`: the same content elsewhere. */
export type LayerState = "shared" | "moved" | "added" | "removed";

/** A layer with files, on either side. */
export interface LayerChange {
  readonly state: LayerState;
  readonly before: Layer | null;
  readonly after: Layer | null;
  /** Findings added or worsened in packages that `after` brought. */
  readonly added: number;
  /** Findings fixed in packages that `before` had brought. */
  readonly fixed: number;
}

/** A rule whose status differs; `null` = not evaluated on that side. */
export interface RuleChange {
  readonly id: string;
  readonly description: string;
  readonly before: RuleStatus | null;
  readonly after: RuleStatus | null;
  /** Violations on the later side. */
  readonly violations: number;
}

export interface PolicyChange {
  readonly identifier: string;
  readonly name: string;
  readonly before: PolicyStatus | null;
  readonly after: PolicyStatus | null;
  readonly rules: readonly RuleChange[];
}

export interface Tally {
  readonly total: number;
  /** Those with a known fixed version. */
  readonly fixable: number;
}
export type Tallies = Readonly<Record<Severity, Tally>>;

export interface ComparedSide {
  readonly report: Report;
  readonly judged: Judged;
}

/** Two reports compared. Only what is present in the squashed tree counts. Everything sorted; findings worst first within a state. */
export interface Difference {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  /** Whether both sides were judged with the same knowledge at the same moment. */
  readonly sameKnowledge: boolean;
  /** Every package of either side, unchanged ones included. */
  readonly packages: readonly PackageChange[];
  /** Every finding of either side, unchanged ones included. */
  readonly findings: readonly FindingChange[];
  /** Layers of the later image from the lowest, then those only the earlier one has. */
  readonly layers: readonly LayerChange[];
  /** All policies of either side. */
  readonly policies: readonly PolicyChange[];
  /** Findings by state and severity, as the later side rates them where it has them. */
  readonly counts: Readonly<Record<FindingState, Tallies>>;
}
