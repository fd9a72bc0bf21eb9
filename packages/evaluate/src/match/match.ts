import {
  type Distro,
  type DistroFamily,
  distroFamilyOf,
  ecosystemOf,
  type Finding,
  type Package,
  type Sbom,
} from "@plimsoll/model";
import { buildFlaw, type Flaw, findingOf } from "./build-finding.ts";
import { type Hit, judgeRecord, readOnce, type Statement } from "./judge-record.ts";
import type { KnowledgeCache } from "./knowledge-cache.ts";
import type { LookupKey, Matcher } from "./matcher.ts";
import { matcherOf } from "./matchers.ts";
import { rejectedBy } from "./rejected.ts";

/** A package whose version, or an advisory's, could not be compared: nobody knows whether it is affected. */
export interface Unreadable {
  readonly pkg: Package;
  /** Versions that could not be read, sorted. */
  readonly versions: readonly string[];
  /** Advisories that could not be judged for it, sorted. */
  readonly advisories: readonly string[];
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

/** Finds every known flaw of every package, removed ones included: one finding per flaw and package instance, at most `limit`. */
export function matchPackages(sbom: Sbom, knowledge: KnowledgeCache, limit = defaultMaxFindings): MatchResult {
  const judged = new Map<string, Component>();
  const findings: Finding[] = [];
  const unreadable: Unreadable[] = [];
  let truncated = false;
  for (const pkg of sbom.packages) {
    const matcher = matcherOf(pkg);
    const ecosystem = matcher?.ecosystem(pkg, sbom.distro) ?? null;
    if (matcher === null || ecosystem === null) continue;
    const keys = matcher.keys(pkg, ecosystem);
    const component = componentOf(judged, { pkg, matcher, keys, knowledge, distro: sbom.distro });
    const room = limit - findings.length;
    for (const flaw of component.flaws.slice(0, room)) findings.push(findingOf(flaw, pkg.id));
    truncated ||= component.flaws.length > room;
    if (component.advisories.length > 0) {
      unreadable.push({ pkg, versions: component.versions, advisories: component.advisories });
    }
  }
  return { findings, unreadable, truncated };
}

/** What is known of one (name, version, build), however often it is installed. */
interface Component extends Omit<Unreadable, "pkg"> {
  readonly flaws: readonly Flaw[];
}

interface Question {
  readonly pkg: Package;
  readonly matcher: Matcher;
  readonly keys: readonly LookupKey[];
  readonly knowledge: KnowledgeCache;
  readonly distro: Distro | null;
}

function componentOf(judged: Map<string, Component>, question: Question): Component {
  const { pkg, keys } = question;
  const identity = JSON.stringify([keys, pkg.arch, pkg.qualifiers]);
  const known = judged.get(identity);
  if (known !== undefined) return known;
  const component = judgeComponent(question);
  judged.set(identity, component);
  return component;
}

function judgeComponent({ pkg, matcher, keys, knowledge, distro }: Question): Component {
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
  const family = distro !== null && ecosystemOf(pkg.ecosystem).os ? distroFamilyOf(distro) : null;
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
