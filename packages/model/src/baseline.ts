import type { Finding } from "./finding.ts";
import type { Package } from "./package.ts";

/** `now`: with the knowledge and clock of the other side; `then`: as a report written earlier has it. */
export type Judged = "now" | "then";

/** How a finding stands to a baseline: not in it, in it but less grave, in it. */
export type BaselineState = "new" | "worsened" | "known";

/** A baseline that was applied to a report: only what is new or worsened against it can break policy. */
export interface AppliedBaseline {
  /** Name of its source as shown. */
  readonly name: string;
  readonly judged: Judged;
  /** RFC 3339 moment at which it was judged. */
  readonly evaluatedAt: string;
  /** Revision of the knowledge it was judged with; "" when its report does not tell. */
  readonly revision: string;
  /** Findings that count in it. */
  readonly findings: number;
  /** Finding id → how it stands, for every finding that counts in the report. */
  readonly states: Readonly<Record<string, BaselineState>>;
  /** What it had and the report has not, worst first. */
  readonly gone: readonly { readonly finding: Finding; readonly package: Package }[];
  /** Violations of rules that it had too and that were left out of the report's. */
  readonly knownViolations: number;
}
