import type { VersionScheme } from "./ecosystem.ts";
import type { Cvss, Severity } from "./severity.ts";

/** `unknown`: the source does not say whether a fix exists. */
export const fixStates = ["fixed", "not-fixed", "wont-fix", "unknown"] as const;
export type FixState = (typeof fixStates)[number];

/** One interval of affected versions: `introduced` inclusive (absent = from the first version), then either `fixed` exclusive or `lastAffected` inclusive, or neither (no end known). OSV schema, "affected[].ranges[].events". */
export interface AffectedRange {
  readonly introduced?: string;
  /** Exclusive lower end, instead of `introduced`, where upstream writes "> 1.2" (OSV cannot say it; RubySec does). */
  readonly introducedAfter?: string;
  readonly fixed?: string;
  readonly lastAffected?: string;
}

/** One package an advisory speaks of. */
export interface Affected {
  /** Ecosystem id (`npm`) or distro ecosystem (`debian:12`). */
  readonly ecosystem: string;
  /** {@link advisoryName} for languages; the distro's *source* package (deb, apk origin) or binary name (rpm) for OS packages: see `nameKind`. */
  readonly name: string;
  readonly nameKind: "source" | "binary";
  readonly scheme: VersionScheme;
  readonly ranges: readonly AffectedRange[];
  /** Versions listed one by one, besides the ranges. */
  readonly versions?: readonly string[];
  readonly fixState: FixState;
  /** The distro's own rating of the flaw for this package (`negligible` for Debian's "unimportant"). */
  readonly severity?: Severity;
  /** CPU architecture it is limited to. */
  readonly arch?: string;
  /** rpm module label `name:stream`. */
  readonly module?: string;
}

/** One upstream statement: "these packages, these ranges, this fix". */
export interface Advisory {
  readonly kind: "advisory";
  /** Upstream's own id: `GHSA-…`, `DSA-…`, `ALSA-…`, `CVE-…`. */
  readonly id: string;
  /** Feed id, e.g. `ghsa-npm`. */
  readonly feed: string;
  /** Provider key of reports (`github`, `debian`, `almalinux`, …; contract 2.4). */
  readonly provider: string;
  /** The flaws it speaks of: usually one CVE; a distro erratum lists many. Empty = the advisory's own id is the flaw's name. */
  readonly vulnerabilities: readonly string[];
  /** Other ids of the same single flaw (only where the advisory speaks of one flaw). */
  readonly aliases: readonly string[];
  /** RFC 3339 or YYYY-MM-DD. */
  readonly published?: string;
  readonly modified?: string;
  readonly withdrawn?: string;
  /** Date since which the fix is available (distro errata: their date). */
  readonly fixDate?: string;
  readonly severity?: Severity;
  readonly cvss?: readonly Cvss[];
  /** Prose; left out of facts-only databases. */
  readonly title?: string;
  readonly cwes?: readonly string[];
  readonly references?: readonly string[];
  readonly affected: readonly Affected[];
}

/** A provider's rating of a vulnerability. */
export interface Rating {
  readonly kind: "rating";
  readonly feed: string;
  /** `nvd`, `cna`, `cisa-adp`, `rhel`, `github`, … */
  readonly provider: string;
  readonly vulnerability: string;
  readonly severity?: Severity;
  readonly cvss?: readonly Cvss[];
  readonly published?: string;
  /** When the provider last changed its record: of two ratings by one provider the later one stands. */
  readonly modified?: string;
  readonly title?: string;
  readonly cwes?: readonly string[];
  /** NVD "Rejected" or CVE record state REJECTED. */
  readonly rejected?: boolean;
}

/** EPSS v3+ (FIRST.org): probabilities 0-1, date of the model run. */
export interface Epss {
  readonly kind: "epss";
  readonly feed: string;
  readonly vulnerability: string;
  readonly score: number;
  readonly percentile: number;
  readonly date: string;
}

/** CISA Known Exploited Vulnerabilities entry; dates YYYY-MM-DD. */
export interface Kev {
  readonly kind: "kev";
  readonly feed: string;
  readonly vulnerability: string;
  readonly added: string;
  readonly due: string;
  readonly ransomware: boolean;
}

/** A public exploit or proof of concept. */
export interface Exploit {
  readonly kind: "exploit";
  readonly feed: string;
  readonly vulnerability: string;
  /** Number of known public exploits or proofs of concept. */
  readonly count: number;
  readonly published?: string;
  readonly links?: readonly string[];
}

/** What feeds yield. */
export type FeedRecord = Advisory | Rating | Epss | Kev | Exploit;
