import type { FixState } from "./advisory.ts";
import type { Cvss, Severity } from "./severity.ts";

/** How one advisory came to match: enough for a person to check it by hand. */
export interface MatchDetail {
  /** Advisory id, feed and provider. */
  readonly advisory: string;
  readonly feed: string;
  readonly provider: string;
  /** `direct`: by the package's own name; `source`: by its source package or origin. */
  readonly via: "direct" | "source";
  /** Ecosystem key, name and version that were looked up. */
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  /** The range that holds, in words: `>= 2.0.0, < 2.15.0` (scheme order). */
  readonly range: string;
  readonly fixState: FixState;
  readonly fixVersion?: string;
  readonly fixDate?: string;
}

/** What one source says of a vulnerability (report field `providersMetadata`). */
export interface ProviderView {
  readonly severity?: Severity;
  /** RFC 3339 or YYYY-MM-DD. */
  readonly published?: string;
  readonly cvss?: Cvss;
}

/** A vulnerability present in a package of a source. */
export interface Finding {
  /** Deterministic UUID of (vulnerability, package id). */
  readonly id: string;
  /** Name shown: the group's CVE if it has one, else the advisory's id. */
  readonly vulnerability: string;
  /** All other ids of the same flaw, sorted. */
  readonly aliases: readonly string[];
  readonly packageId: string;
  readonly severity: Severity;
  /** Provider key that gave the severity; `null` when unrated. */
  readonly severityProvider: string | null;
  readonly cvss: Cvss | null;
  readonly cvssProvider: string | null;
  readonly fixState: FixState;
  /** Lowest version that fixes it for this package, when known. */
  readonly fixVersion?: string;
  /** YYYY-MM-DD since which a fix is known. */
  readonly fixDate?: string;
  /** YYYY-MM-DD; `estimated` as decision 6. */
  readonly disclosed: { readonly date: string; readonly estimated: boolean };
  /** `null` when no public exploit is known. */
  readonly exploit: { readonly count: number; readonly links: readonly string[]; readonly published?: string } | null;
  readonly kev: { readonly added: string; readonly due: string; readonly ransomware: boolean } | null;
  readonly epss: { readonly score: number; readonly percentile: number; readonly date: string } | null;
  readonly title?: string;
  /** Provider key → its view. */
  readonly providers: Readonly<Record<string, ProviderView>>;
  readonly details: readonly MatchDetail[];
}
