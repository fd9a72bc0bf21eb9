import {
  type FeedState,
  type Finding,
  isIncomplete,
  isPresent,
  type Knowledge,
  type Package,
  type Policy,
  type Problem,
  type Report,
  type Sbom,
  type Stage,
  severityRank,
  sortProblems,
} from "@plimsoll/model";
import type { KnowledgeBase } from "@plimsoll/vulndb";
import { ageProblems, type Coverage, coverageOf } from "./match/coverage.ts";
import type { Judgements } from "./match/judgements.ts";
import { KnowledgeCache } from "./match/knowledge-cache.ts";
import { type MatchResult, matchPackages, type Unreadable } from "./match/match.ts";
import { withoutThirdPartyOwners } from "./match/third-party.ts";
import { evaluatePolicies } from "./policy/evaluate-policies.ts";
import { defaultPolicies, namedPolicies } from "./policy/predefined.ts";
import { selectPolicies } from "./policy/select-policies.ts";
import { suggestFixes } from "./suggested-fix.ts";

export interface EvaluateOptions {
  /** ms since the epoch: the only clock there is. */
  readonly now: number;
  readonly stage: Stage;
  /** All policies there are; by default the predefined ones. Those assigned to the stage apply, others when named. */
  readonly policies?: readonly Policy[];
  /** Identifiers of policies that apply besides. */
  readonly named?: readonly string[];
  /** Days after which knowledge makes the answer incomplete; 90. */
  readonly maxKnowledgeAgeDays?: number;
  /** Days after which old knowledge is a warning; 14. */
  readonly warnKnowledgeAgeDays?: number;
  /** Ids of packages seen loaded at run time. */
  readonly inUse?: ReadonlySet<string>;
  /** Most findings of one report; 200,000. More make it incomplete. */
  readonly maxFindings?: number;
  /** Components judged before with the same knowledge base; the report is the same without. */
  readonly judgements?: Judgements;
}

/**
 * SBOM + knowledge → findings → policies → verdict. Pure: the same arguments give the same report. Findings of packages
 * that a later layer removed are in the report (layered views need them) but are neither counted nor judged. Throws
 * UNKNOWN_POLICY and INVALID_RULE, nothing else of its own.
 */
export function evaluate(sbom: Sbom, knowledgeBase: KnowledgeBase, options: EvaluateOptions): Report {
  const { now, stage } = options;
  const cache = new KnowledgeCache(knowledgeBase);
  const policies = selectPolicies(
    options.policies ?? [...defaultPolicies, ...namedPolicies],
    stage,
    options.named ?? [],
  );
  const judged = withoutThirdPartyOwners(sbom, cache);
  const coverage = coverageOf(judged, cache);
  const matched = matchPackages(judged, cache, { limit: options.maxFindings, judgements: options.judgements });
  const findings = sortFindings(matched.findings, sbom.packages);
  const present = presentFindings({ sbom, findings });
  const policy = evaluatePolicies({
    policies,
    sbom,
    findings,
    stage,
    now,
    ...(options.inUse && { inUse: options.inUse }),
  });
  const ages = ageProblems(coverage.feeds, agesOf(options), now);
  const unrated = present.filter(({ severity }) => severity === "unknown").length;
  const problems = sortProblems([
    ...sbom.problems,
    ...coverage.problems,
    ...ages.problems,
    ...matched.unreadable.filter(({ pkg }) => isPresent(pkg)).map(unreadableProblem),
    ...unratedProblem(unrated),
    ...truncatedProblem(matched),
  ]);
  return {
    sbom,
    stage,
    evaluatedAt: new Date(now).toISOString(),
    findings,
    suggestedFixes: suggestFixes(sbom.packages, findings),
    policies: policy.results,
    verdict: {
      status: policy.results.some(({ status }) => status === "failed") ? "failed" : "passed",
      complete: !isIncomplete(problems),
      validUntil: momentText(Math.min(policy.changesAt, ages.changesAt)),
    },
    knowledge: knowledgeOf(knowledgeBase, { sbom, coverage, unreadable: matched.unreadable, unrated }),
    problems,
  };
}

/** The findings that count: those of packages in the squashed tree. */
export function presentFindings({ sbom, findings }: Pick<Report, "sbom" | "findings">): Finding[] {
  const present = new Set(sbom.packages.filter(isPresent).map(({ id }) => id));
  return findings.filter(({ packageId }) => present.has(packageId));
}

/** Worst first: severity, then known exploited, then exploitable, then score; then by flaw and package, so that every list is the same. */
export function sortFindings(findings: readonly Finding[], packages: readonly Package[]): Finding[] {
  const place = new Map(packages.map(({ id }, index) => [id, index]));
  return [...findings].sort(
    (a, b) =>
      severityRank(b.severity) - severityRank(a.severity) ||
      Number(b.kev !== null) - Number(a.kev !== null) ||
      Number(b.exploit !== null) - Number(a.exploit !== null) ||
      (b.cvss?.score ?? 0) - (a.cvss?.score ?? 0) ||
      byText(a.vulnerability, b.vulnerability) ||
      (place.get(a.packageId) ?? 0) - (place.get(b.packageId) ?? 0) ||
      byText(a.id, b.id),
  );
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function agesOf({ maxKnowledgeAgeDays = 90, warnKnowledgeAgeDays = 14 }: EvaluateOptions) {
  return { maxDays: maxKnowledgeAgeDays, warnDays: warnKnowledgeAgeDays };
}

function unreadableProblem({ pkg, versions, advisories }: Unreadable): Problem {
  const which = versions.map((version) => JSON.stringify(version)).join(", ");
  return {
    level: "warning",
    code: "version-unreadable",
    message: `${pkg.name} could not be judged by ${advisories.length} of its advisories: unreadable version ${which}`,
    next: `look at ${advisories.slice(0, 3).join(", ")}${advisories.length > 3 ? ", …" : ""} by hand`,
    package: pkg.purl === "" ? pkg.name : pkg.purl,
    ...(pkg.locations[0] && { path: pkg.locations[0].path }),
  };
}

function unratedProblem(count: number): Problem[] {
  if (count === 0) return [];
  const message = `${count === 1 ? "1 finding is" : `${count} findings are`} rated by nobody yet; rules judge them as medium`;
  return [{ level: "warning", code: "findings-unrated", message, next: "look at them by hand" }];
}

function truncatedProblem({ truncated, findings }: MatchResult): Problem[] {
  if (!truncated) return [];
  const message = `there are more than ${findings.length} findings; the rest was left out`;
  return [{ level: "incomplete", code: "too-many-findings", message, next: "scan parts of the target by themselves" }];
}

interface Counted {
  readonly sbom: Sbom;
  readonly coverage: Coverage;
  readonly unreadable: readonly Unreadable[];
  readonly unrated: number;
}

function knowledgeOf({ status }: KnowledgeBase, { sbom, coverage, unreadable, unrated }: Counted): Knowledge {
  const undecided = unreadable.filter(({ pkg }) => isPresent(pkg)).map(({ pkg }) => pkg.id);
  const notJudged = new Set([...coverage.notJudged.map(({ id }) => id), ...undecided]).size;
  return {
    revision: status.revision,
    builtAt: status.builtAt,
    starter: status.starter,
    ...(status.origin && { signedBy: status.origin.signedBy }),
    feeds: coverage.feeds,
    oldest: oldestDate(coverage.feeds),
    packagesJudged: sbom.packages.filter(isPresent).length - notJudged,
    packagesNotJudged: notJudged,
    findingsUnrated: unrated,
  };
}

function oldestDate(feeds: readonly FeedState[]): string | null {
  return feeds.flatMap(({ date }) => (date === "" ? [] : date)).sort()[0] ?? null;
}

/** A moment beyond what a date can say (year 275760) never comes. */
function momentText(ms: number): string | null {
  return ms <= 8.64e15 ? new Date(ms).toISOString() : null;
}
