import { distroEcosystem, distroFamilyOf, ecosystemOf, type Package, type Sbom } from "@plimsoll/model";
import { distroMatcher } from "./distro/matcher.ts";
import type { KnowledgeCache } from "./knowledge-cache.ts";

/**
 * The SBOM as it is to be matched: a language package is the business of the OS package that owns it (truth 10) unless
 * that one is a vendor's own (docker-ce, a cloud's command line), of which no distro speaks: its maker is not the
 * distro, and the distro's advisories have never named it. Its language packages are judged by their ecosystems. Where
 * no feed covers the distro nothing can be told apart, and all stays as it is.
 */
export function withoutThirdPartyOwners(sbom: Sbom, knowledge: KnowledgeCache): Sbom {
  const ecosystem = sbom.distro === null ? null : distroEcosystem(sbom.distro);
  const vendors = sbom.distro === null ? undefined : distroFamilyOf(sbom.distro)?.vendors;
  if (ecosystem === null || vendors === undefined || knowledge.coverage(ecosystem).length === 0) return sbom;
  const thirdParty = sbom.packages.filter((owner) => {
    if (owner.vendor === undefined || !isOs(owner) || vendors.test(owner.vendor)) return false;
    return distroMatcher
      .keys(owner, ecosystem)
      .every((key) => knowledge.affected(key.ecosystem, key.name).length === 0);
  });
  const vendorPurls = new Set(thirdParty.map(({ purl }) => purl));
  const packages = sbom.packages.map((pkg) => {
    if (pkg.ownedBy === undefined || !vendorPurls.has(pkg.ownedBy)) return pkg;
    const { ownedBy: _, ...free } = pkg;
    return free;
  });
  return { ...sbom, packages };
}

function isOs(pkg: Package): boolean {
  return ecosystemOf(pkg.ecosystem).os;
}
