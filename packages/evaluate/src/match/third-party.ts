import { distroEcosystem, ecosystemOf, type Package, type Sbom } from "@plimsoll/model";
import { distroMatcher } from "./distro/matcher.ts";
import type { KnowledgeCache } from "./knowledge-cache.ts";

/**
 * The SBOM as it is to be matched: a language package stays the business of the OS package that owns it (truth 10) only
 * where the distro's advisories have ever named that OS package. What vendors ship in packages of their own (docker-ce,
 * a cloud's command line) no distro speaks for, and its language packages are judged by their ecosystems. Where no feed
 * covers the distro nothing can be told apart, and all stays as it is.
 */
export function withoutThirdPartyOwners(sbom: Sbom, knowledge: KnowledgeCache): Sbom {
  const ecosystem = sbom.distro === null ? null : distroEcosystem(sbom.distro);
  if (ecosystem === null || knowledge.coverage(ecosystem).length === 0) return sbom;
  const owners = new Map(sbom.packages.filter(isOs).map((pkg) => [pkg.purl, pkg]));
  const named = new Map<string, boolean>();
  const isNamed = (purl: string): boolean => {
    const known = named.get(purl);
    if (known !== undefined) return known;
    const owner = owners.get(purl);
    // An owner that is not in the SBOM cannot be looked up: the distro keeps it.
    const keys = owner === undefined ? [] : distroMatcher.keys(owner, ecosystem);
    const answer = owner === undefined || keys.some((key) => knowledge.affected(key.ecosystem, key.name).length > 0);
    named.set(purl, answer);
    return answer;
  };
  const packages = sbom.packages.map((pkg) => {
    if (pkg.ownedBy === undefined || isNamed(pkg.ownedBy)) return pkg;
    const { ownedBy: _, ...free } = pkg;
    return free;
  });
  return { ...sbom, packages };
}

function isOs(pkg: Package): boolean {
  return ecosystemOf(pkg.ecosystem).os;
}
