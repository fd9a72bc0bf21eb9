import { distroEcosystem, ecosystemOf, isPresent, type Sbom } from "@plimsoll/model";

/** The keys whose feeds speak for something in the target: `debian:12`, `npm`; sorted. */
export function wantedEcosystems({ packages, distro }: Sbom): string[] {
  const release = distro === null ? null : distroEcosystem(distro);
  const keys = packages.filter(isPresent).flatMap(({ ecosystem, ownedBy }) => {
    if (!ecosystemOf(ecosystem).os) return ownedBy === undefined ? [ecosystem as string] : [];
    return release === null ? [] : [release];
  });
  return [...new Set(keys)].sort();
}
