import { advisoryName, type Finding, type Package, type Sbom } from "@plimsoll/model";
import type { KnowledgeBase, VulnerabilityGroup } from "@plimsoll/vulndb";
import { KnowledgeCache } from "../match/knowledge-cache.ts";
import { matchPackages } from "../match/match.ts";
import type { LookupKey, Matcher } from "../match/matcher.ts";
import { matcherOf } from "../match/matchers.ts";
import { rejectedBy } from "../match/rejected.ts";
import { withoutThirdPartyOwners } from "../match/third-party.ts";
import { explainRecord } from "./explain-record.ts";
import type {
  AdvisoryExplanation,
  ExplainQuery,
  Explanation,
  PackageExplanation,
  PackageReason,
} from "./explanation.ts";

/**
 * Says for a finding which advisory holds, by which range and comparison; for the absence of one, what every advisory of
 * the flaw says of the package and why it does not hold, or why nobody could say anything. Pure.
 */
export function explain(whole: Sbom, knowledgeBase: KnowledgeBase, query: ExplainQuery): Explanation {
  const knowledge = new KnowledgeCache(knowledgeBase);
  const sbom = withoutThirdPartyOwners(whole, knowledge);
  const group = knowledge.group(query.vulnerability);
  const asked = query.package === undefined ? null : sbom.packages.filter((pkg) => isCalled(pkg, query.package ?? ""));
  const context: Context = { sbom, knowledge, group, rejected: rejectedBy(knowledge.facts(group).ratings) };
  const explained = (asked ?? sbom.packages).map((pkg) => explainPackage(pkg, context));
  const missing = asked !== null && asked.length === 0;
  return {
    vulnerability: group.name,
    aliases: group.aliases,
    rejectedBy: context.rejected,
    packageMissing: missing,
    similarNames: missing ? similarNames(sbom, query.package ?? "") : [],
    packages: asked === null ? explained.filter(({ advisories }) => advisories.length > 0) : explained,
  };
}

interface Context {
  readonly sbom: Sbom;
  readonly knowledge: KnowledgeCache;
  readonly group: VulnerabilityGroup;
  readonly rejected: string | null;
}

function isCalled(pkg: Package, word: string): boolean {
  const names = [pkg.name, pkg.id, pkg.purl, pkg.source?.name, `${pkg.name}@${pkg.version}`];
  return names.includes(word) || advisoryName(pkg.ecosystem, pkg.name) === advisoryName(pkg.ecosystem, word);
}

function similarNames({ packages }: Sbom, word: string): string[] {
  const wanted = word.toLowerCase();
  const names = new Set(packages.map(({ name }) => name).filter((name) => name.toLowerCase().includes(wanted)));
  return wanted === "" ? [] : [...names].sort().slice(0, 10);
}

function explainPackage(pkg: Package, context: Context): PackageExplanation {
  const owned = pkg.ownedBy !== undefined;
  // Told for files of an OS package too: what their ecosystem's feed would have said, had it been asked.
  const matcher = matcherOf(withoutOwner(pkg));
  const ecosystem = matcher?.ecosystem(pkg, context.sbom.distro) ?? null;
  const empty = { package: pkg, keys: [], feeds: [], advisories: [], finding: null };
  if (matcher === null || ecosystem === null) return { ...empty, reason: "unknown-distro" };
  const feeds = context.knowledge.coverage(ecosystem).map(({ id }) => id);
  const keys = matcher.keys(pkg, ecosystem);
  const advisories = keys.flatMap((key) => advisoriesOf(key, { pkg, matcher }, context));
  const found = { package: pkg, keys, feeds, advisories, finding: null };
  if (owned) return { ...found, reason: "owned-by-os-package" };
  const reason = reasonOf(found, context);
  return { ...found, reason, finding: reason === "affected" ? findingOf(pkg, context) : null };
}

function withoutOwner(pkg: Package): Package {
  const { ownedBy: _, ...rest } = pkg;
  return rest;
}

function advisoriesOf(
  key: LookupKey,
  subject: { pkg: Package; matcher: Matcher },
  context: Context,
): AdvisoryExplanation[] {
  const { knowledge, group } = context;
  return knowledge
    .affected(key.ecosystem, key.name)
    .filter(({ advisory }) => speaksOf(advisory.vulnerabilities, context) || advisory.id === group.name)
    .map((record) => explainRecord(record, key, subject));
}

function speaksOf(ids: readonly string[], { knowledge, group }: Context): boolean {
  return ids.some((id) => knowledge.group(id).name === group.name);
}

function reasonOf(found: Pick<PackageExplanation, "feeds" | "advisories">, { rejected }: Context): PackageReason {
  const { feeds, advisories } = found;
  if (advisories.length === 0) return feeds.length === 0 ? "no-feed" : "no-advisory";
  if (advisories.some(({ holds }) => holds)) return rejected === null ? "affected" : "rejected";
  return advisories.some(({ reason }) => reason === "version-unreadable") ? "undecided" : "not-affected";
}

function findingOf(pkg: Package, { sbom, knowledge, group }: Context): Finding | null {
  const { findings } = matchPackages({ ...sbom, packages: [pkg] }, knowledge);
  return findings.find(({ vulnerability }) => vulnerability === group.name) ?? null;
}
