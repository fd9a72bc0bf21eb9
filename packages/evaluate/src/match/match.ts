import { type DistroFamily, distroFamilyOf, ecosystemOf, type Finding, type Package, type Sbom } from "@plimsoll/model";
import { buildFlaw, type Flaw, findingOf } from "./build-finding.ts";
import { type Hit, judgeRecord, readOnce, type Statement } from "./judge-record.ts";
import type { Judged, Judgements } from "./judgements.ts";
import type { KnowledgeCache } from "./knowledge-cache.ts";
import type { LookupKey, Matcher } from "./matcher.ts";
import { matcherOf } from "./matchers.ts";
import { rejectedBy } from "./rejected.ts";

/** A package whose version, or an advisory's, could not be compared: nobody knows whether it is affected. */
export interface Unreadable extends Omit<Judged, "flaws"> {
  readonly pkg: Package;
}

export interface MatchResult {
  /** Unsorted; removed packages included. */
  readonly findings: readonly Finding[];
  readonly unreadable: readonly Unreadable[];
  /** There are more findings than the limit; the rest is not here. */
  readonly truncated: boolean;
}

/** Most findings of one target by default: some hundred times those of a bad image. */
const defaultMaxFindings = 200_000;

export interface MatchOptions {
  /** Most findings. */
  readonly limit?: number | undefined;
  /** What was judged before with this knowledge. */
  readonly judgements?: Judgements | undefined;
}

/** Finds every known flaw of every package, removed ones included: one finding per flaw and package instance, at most `limit`. */
export function matchPackages(
  sbom: Sbom,
  knowledge: KnowledgeCache,
  { limit = defaultMaxFindings, judgements = new Map() }: MatchOptions = {},
): MatchResult {
  const findings: Finding[] = [];
  const unreadable: Unreadable[] = [];
  const family = sbom.distro === null ? null : distroFamilyOf(sbom.distro);
  let truncated = false;
  for (const pkg of sbom.packages) {
    const matcher = matcherOf(pkg);
    const ecosystem = matcher?.ecosystem(pkg, sbom.distro) ?? null;
    if (matcher === null || ecosystem === null) continue;
    const keys = matcher.keys(pkg, ecosystem);
    const ofPackage = ecosystemOf(pkg.ecosystem).os ? family : null;
    const component = componentOf(judgements, { pkg, matcher, keys, knowledge, family: ofPackage });
    const room = limit - findings.length;
    for (const flaw of component.flaws.slice(0, room)) findings.push(findingOf(flaw, pkg.id));
    truncated ||= component.flaws.length > room;
    if (component.advisories.length > 0) {
      unreadable.push({ pkg, versions: component.versions, advisories: component.advisories });
    }
  }
  return { findings, unreadable, truncated };
}

interface Question {
  readonly pkg: Package;
  readonly matcher: Matcher;
  readonly keys: readonly LookupKey[];
  readonly knowledge: KnowledgeCache;
  /** The distro of an OS package. */
  readonly family: DistroFamily | null;
}

/** What is known of one (name, version, build), however often it is installed. */
function componentOf(judgements: Judgements, question: Question): Judged {
  const { pkg, matcher, keys, family } = question;
  const identity = JSON.stringify([matcher.name, family?.id, keys, pkg.arch, pkg.qualifiers]);
  const known = judgements.get(identity);
  if (known !== undefined) return known;
  const component = judgeComponent(question);
  judgements.set(identity, component);
  return component;
}

function judgeComponent({ pkg, matcher, keys, knowledge, family }: Question): Judged {
  const judged = keys.flatMap((key) => {
    const subject = { pkg, matcher, version: readOnce(key.version) };
    return knowledge
      .affected(key.ecosystem, key.name)
      .map((record) => ({ record, key, judgement: judgeRecord(record, key, subject) }));
  });
  const hits = judged.flatMap(({ judgement }) => (judgement.verdict === "affected" ? judgement.hit : []));
  const others = judged.filter(({ judgement }) => judgement.verdict === "not-affected");
  const undecided = judged.filter(({ judgement }) => judgement.verdict === "unreadable");
  const versions = undecided.flatMap(({ judgement }) =>
    judgement.verdict === "unreadable" ? judgement.unreadable : [],
  );
  return {
    flaws: flawsOf(hits, others, { knowledge, family }),
    advisories: unique(undecided.map(({ record }) => record.advisory.id)),
    versions: unique(versions),
  };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

/** Hits sorted into flaws; an erratum with several flaws hits each of them. Rejected flaws are none. */
function flawsOf(
  hits: readonly Hit[],
  others: readonly Statement[],
  { knowledge, family }: { knowledge: KnowledgeCache; family: DistroFamily | null },
): Flaw[] {
  const byFlaw = sorted(hits, (id) => knowledge.group(id).name);
  // Without asking for groups: of a kernel's thousands of fixed flaws hardly any matters here.
  const othersById = hits.length === 0 ? new Map<string, Set<Statement>>() : sorted(others, (id) => id);
  return [...byFlaw].flatMap(([name, ofFlaw]) => {
    const group = knowledge.group(name);
    const facts = knowledge.facts(group);
    if (rejectedBy(facts.ratings) !== null) return [];
    const ofOthers = [group.name, ...group.aliases].flatMap((id) => [...(othersById.get(id) ?? [])]);
    return [buildFlaw(group, [...ofFlaw], { facts, family, others: ofOthers })];
  });
}

/** Statements by the flaws they speak of, each under the name that `nameOf` gives an id. */
function sorted<T extends Statement>(statements: readonly T[], nameOf: (id: string) => string): Map<string, Set<T>> {
  const byName = new Map<string, Set<T>>();
  for (const statement of statements) {
    for (const id of statement.record.advisory.vulnerabilities) {
      const name = nameOf(id);
      byName.set(name, (byName.get(name) ?? new Set()).add(statement));
    }
  }
  return byName;
}
