import type { AppliedBaseline } from "./baseline.ts";
import type { Finding } from "./finding.ts";
import type { PolicyResult, Stage } from "./policy.ts";
import type { Problem } from "./problem.ts";
import type { Sbom } from "./sbom.ts";

/** One feed as the database knows it. */
export interface FeedState {
  readonly id: string;
  readonly title: string;
  /** YYYY-MM-DD: the date of the data (not of the download). */
  readonly date: string;
  readonly records: number;
}

/** What the verdict knew (decision 4). */
export interface Knowledge {
  /** Revision of the vulndb: grows with every build. */
  readonly revision: string;
  readonly builtAt: string;
  /** The facts-only database shipped with the program (decision 8). */
  readonly starter: boolean;
  /** Ids of the trusted keys that signed the database; absent for one that was built here. */
  readonly signedBy?: readonly string[];
  /** Feeds that speak for something in the target, sorted by id. */
  readonly feeds: readonly FeedState[];
  /** Oldest date among them; `null` when no feed covers the target. */
  readonly oldest: string | null;
  readonly packagesJudged: number;
  /** Present packages that no loaded feed could judge. */
  readonly packagesNotJudged: number;
  readonly findingsUnrated: number;
}

/** What to upgrade a package to. */
export interface SuggestedFix {
  readonly packageId: string;
  /** By the reference's rule (spec 20a). */
  readonly suggestedFix: string;
  /** Lowest known version that clears everything fixable. */
  readonly clearsAll: string;
}

export interface Verdict {
  readonly status: "passed" | "failed";
  /** False when a clean answer could be false (some Problem is `incomplete`). */
  readonly complete: boolean;
  /** RFC 3339: earliest moment at which the answer can change although no data does; `null` = never (decision 10). */
  readonly validUntil: string | null;
}

/** The evaluated result: what is there, what is known, whether it may sail. Everything sorted; findings worst first. */
export interface Report {
  readonly sbom: Sbom;
  readonly stage: Stage;
  /** RFC 3339 time of evaluation, passed in. */
  readonly evaluatedAt: string;
  readonly findings: readonly Finding[];
  readonly suggestedFixes: readonly SuggestedFix[];
  readonly policies: readonly PolicyResult[];
  readonly verdict: Verdict;
  readonly knowledge: Knowledge;
  /** The SBOM's problems and those of matching, sorted. */
  readonly problems: readonly Problem[];
  /** Absent when none was applied. */
  readonly baseline?: AppliedBaseline;
}
