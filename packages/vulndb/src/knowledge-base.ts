import type { Affected, Cvss, Epss, Exploit, FeedState, Kev, Rating, Severity } from "@plimsoll/model";

/** The advisory behind an affected row, without its other packages. */
export interface AdvisoryFacts {
  readonly id: string;
  readonly feed: string;
  readonly provider: string;
  /** Flaws it speaks of; never empty (its own id when upstream names none). */
  readonly vulnerabilities: readonly string[];
  readonly published?: string;
  readonly modified?: string;
  readonly fixDate?: string;
  readonly withdrawn?: string;
  readonly severity?: Severity;
  readonly cvss?: readonly Cvss[];
  readonly title?: string;
}

/** One advisory's word on one package. */
export interface AffectedRecord {
  /** May be read only when it is asked for: of most records the affected versions are all that matters. */
  readonly advisory: AdvisoryFacts;
  readonly affected: Affected;
  /** The advisory was withdrawn. */
  readonly isWithdrawn: boolean;
}

/** All ids of one flaw: a group holds at most one CVE, which is then its name. */
export interface VulnerabilityGroup {
  readonly name: string;
  /** The other ids, sorted. */
  readonly aliases: readonly string[];
}

/** Everything said about one flaw apart from affected packages; asked for the whole group's ids at once. */
export interface VulnerabilityFacts {
  readonly ratings: readonly Rating[];
  readonly epss: Epss | null;
  readonly kev: Kev | null;
  readonly exploits: readonly Exploit[];
}

/** Where a database came from that was not built here. */
export interface DbOrigin {
  readonly place: string;
  /** Ids of the trusted keys that signed it. */
  readonly signedBy: readonly string[];
  /** RFC 3339, all of them: when it was published, until when there should be a newer one, when the place was last asked. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly checkedAt: string;
}

export interface DbStatus {
  readonly schema: number;
  /** Grows with every build. */
  readonly revision: string;
  /** RFC 3339. */
  readonly builtAt: string;
  readonly starter: boolean;
  /** Absent for one that was built here. */
  readonly origin?: DbOrigin;
  readonly feeds: readonly FeedState[];
}

/** What a database says under a package name, as 16 bytes: another print, other records. */
export interface NamePrint {
  readonly ecosystem: string;
  /** Empty: that a feed covers the ecosystem at all. */
  readonly name: string;
  readonly print: Uint8Array;
}

/** What is known: the reading face of a vulndb. Synchronous (SQLite), read-only. */
export interface KnowledgeBase extends Disposable {
  readonly status: DbStatus;
  /** Feeds with advisories for an ecosystem key (`npm`, `debian:12`), sorted by id; empty = not covered, never "clean". */
  coverage(ecosystem: string): readonly FeedState[];
  /** Every record for a package name of an ecosystem key, withdrawn ones included, sorted by advisory id. */
  affected(ecosystem: string, name: string): readonly AffectedRecord[];
  group(id: string): VulnerabilityGroup;
  facts(group: VulnerabilityGroup): VulnerabilityFacts;
  /** A print of every name, each once, read as they are asked for (seconds for a whole database). */
  prints(): Iterable<NamePrint>;
}
