import type { Cvss, Epss, Exploit, Finding, Kev, Severity } from "@plimsoll/model";
import type { AffectedRecord, KnowledgeBase } from "@plimsoll/vulndb";
import type { LookupKey } from "../match/matcher.ts";
import { rejectedBy } from "../match/rejected.ts";
import { disclosedOn } from "../severity/disclosed.ts";
import { type Headline, headline } from "../severity/headline.ts";
import { providerViews } from "../severity/providers.ts";

/** One statement about a flaw: who says how grave it is, in which feed. */
export interface SourceView {
  readonly provider: string;
  readonly feed: string;
  /** Id under which it speaks: one of the flaw's, or an advisory's. */
  readonly id: string;
  /** `rating`: of the flaw; `advisory`: of packages that have it. */
  readonly kind: "rating" | "advisory";
  readonly severity: Severity | null;
  /** Every score it gives. */
  readonly cvss: readonly Cvss[];
  readonly published: string | null;
  readonly modified: string | null;
  readonly title: string | null;
  /** The record was rejected, the advisory withdrawn. */
  readonly isWithdrawn: boolean;
}

/** All that is known of a flaw whatever package has it. */
export interface FlawDescription extends Headline {
  /** Name of its group. */
  readonly name: string;
  /** Its other ids, sorted. */
  readonly aliases: readonly string[];
  readonly rejectedBy: string | null;
  readonly title: string | null;
  readonly disclosed: Finding["disclosed"];
  /** Sorted by provider, feed and id. */
  readonly sources: readonly SourceView[];
  readonly epss: Epss | null;
  readonly kev: Kev | null;
  readonly exploits: readonly Exploit[];
}

/**
 * Describes a flaw by any of its ids; `keys` are the names of packages whose advisories are told too. `null` when nobody
 * says anything of it there. The headline is that of a package without a distribution (decision 5). Pure.
 */
export function describeFlaw(base: KnowledgeBase, id: string, keys: readonly LookupKey[] = []): FlawDescription | null {
  const group = base.group(id);
  const facts = base.facts(group);
  const records = recordsOf(base, group.name, keys);
  const { epss, kev, exploits } = facts;
  const isKnown = [facts.ratings, records, exploits, group.aliases].some(({ length }) => length > 0);
  if (!isKnown && epss === null && kev === null) return null;
  const providers = providerViews(facts.ratings, records);
  const sources = [...facts.ratings.map(ofRating), ...records.map(ofAdvisory)].sort(byProvider);
  return {
    name: group.name,
    aliases: group.aliases,
    rejectedBy: rejectedBy(facts.ratings),
    title: sources.find(({ title, isWithdrawn }) => title !== null && !isWithdrawn)?.title ?? null,
    ...headline(providers, null),
    disclosed: disclosedOn([group.name, ...group.aliases], providers, facts),
    sources,
    epss,
    kev,
    exploits,
  };
}

/** Each advisory once, however many packages it names. */
function recordsOf(base: KnowledgeBase, name: string, keys: readonly LookupKey[]): AffectedRecord[] {
  const found = new Map<string, AffectedRecord>();
  for (const key of keys) {
    for (const record of base.affected(key.ecosystem, key.name)) {
      const { id, feed, vulnerabilities } = record.advisory;
      const speaks = id === name || vulnerabilities.some((other) => base.group(other).name === name);
      if (speaks) found.set(`${feed} ${id}`, record);
    }
  }
  return [...found.values()];
}

function ofRating(rating: Parameters<typeof providerViews>[0][number]): SourceView {
  const { provider, feed, vulnerability, severity, cvss, published, modified, title, rejected } = rating;
  return {
    provider,
    feed,
    id: vulnerability,
    kind: "rating",
    severity: severity ?? null,
    cvss: cvss ?? [],
    published: published ?? null,
    modified: modified ?? null,
    title: title ?? null,
    isWithdrawn: rejected === true,
  };
}

function ofAdvisory({ advisory, affected, isWithdrawn }: AffectedRecord): SourceView {
  const { provider, feed, id, severity, cvss, published, modified, title } = advisory;
  return {
    provider,
    feed,
    id,
    kind: "advisory",
    severity: affected.severity ?? severity ?? null,
    // The score of an erratum with several flaws is not this flaw's.
    cvss: advisory.vulnerabilities.length <= 1 ? (cvss ?? []) : [],
    published: published ?? null,
    modified: modified ?? null,
    title: title ?? null,
    isWithdrawn,
  };
}

function byProvider(a: SourceView, b: SourceView): number {
  const [left, right] = [a, b].map(({ provider, feed, id }) => `${provider}\n${feed}\n${id}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
}
