import type { Finding, FixState, Package } from "@plimsoll/model";
import type { LookupKey } from "../match/matcher.ts";

/** What is asked: a flaw by any of its ids, and a package by name, source name, purl or id; without one, every package that the flaw concerns. */
export interface ExplainQuery {
  readonly vulnerability: string;
  readonly package?: string;
}

/** One condition of a range and whether the version meets it; `null` = cannot be compared. */
export interface Comparison {
  /** `>= 2.0.0`, `< 2.15.0`, `= 2.1`. */
  readonly condition: string;
  readonly holds: boolean | null;
}

/** One range (or the list of single versions) of an advisory, condition by condition. */
export interface RangeExplanation {
  readonly range: string;
  readonly holds: boolean;
  readonly comparisons: readonly Comparison[];
}

/** Why an advisory holds or does not hold for a package. */
export type AdvisoryReason =
  | "in-range"
  | "outside-ranges"
  /** The publisher says that this package is not affected. */
  | "never-affected"
  | "withdrawn"
  /** It speaks of the flaw under the other kind of name: the binary package's, the source package's. */
  | "other-name-kind"
  /** Another architecture or module stream. */
  | "other-build"
  | "version-unreadable";

/** One advisory's word on the flaw in one package. */
export interface AdvisoryExplanation {
  readonly advisory: string;
  readonly feed: string;
  readonly provider: string;
  readonly published?: string;
  readonly holds: boolean;
  readonly reason: AdvisoryReason;
  /** What was looked up. */
  readonly key: LookupKey;
  /** Version scheme of the comparison. */
  readonly scheme: string;
  readonly ranges: readonly RangeExplanation[];
  readonly fixState: FixState;
  readonly fixVersion?: string;
  /** Date of withdrawal. */
  readonly withdrawn?: string;
}

/** Why a package has, or has not, a finding of the flaw. */
export type PackageReason =
  | "affected"
  /** Advisories speak of the flaw in it, none of them holds. */
  | "not-affected"
  /** Some version could not be compared: nobody knows. */
  | "undecided"
  /** Feeds cover its ecosystem, none of their advisories for its names speaks of the flaw. */
  | "no-advisory"
  /** An OS package owns its files: only the distro speaks (truth 10). */
  | "owned-by-os-package"
  | "no-feed"
  | "unknown-distro"
  /** The flaw's record was rejected. */
  | "rejected";

/** The answer for one package. */
export interface PackageExplanation {
  readonly package: Package;
  readonly reason: PackageReason;
  /** Names looked up. */
  readonly keys: readonly LookupKey[];
  /** Feeds that cover its ecosystem, sorted. */
  readonly feeds: readonly string[];
  readonly advisories: readonly AdvisoryExplanation[];
  readonly finding: Finding | null;
}

/** Why a flaw was, or was not, found in a target. */
export interface Explanation {
  /** Name of the flaw's group. */
  readonly vulnerability: string;
  readonly aliases: readonly string[];
  /** Provider that rejects the flaw's record. */
  readonly rejectedBy: string | null;
  /** True when the asked package is not in the target. */
  readonly packageMissing: boolean;
  /** Packages whose name contains what was asked for, when none is called so; at most ten. */
  readonly similarNames: readonly string[];
  /** Sorted as in the SBOM. */
  readonly packages: readonly PackageExplanation[];
}
