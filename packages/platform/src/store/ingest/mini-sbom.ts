import type { EcosystemId, Package, Sbom } from "@plimsoll/model";
import type { ComponentFacts } from "./component.ts";

/** A component as the store gives it back. */
export interface StoredComponent {
  readonly id: number;
  readonly version: string;
  readonly facts: ComponentFacts;
}

/**
 * SBOMs of nothing but these components, one for each distro among them, so that whoever judges whole SBOMs judges
 * components too, and alike. A component's package has its row number as id; owners are added under ids of their own.
 */
export function miniSboms(components: readonly StoredComponent[]): Sbom[] {
  const byDistro = Map.groupBy(components, ({ facts }) => JSON.stringify(facts.distro ?? null));
  return [...byDistro.values()].map((group) => ({
    schemaVersion: 1,
    source: { kind: "image", transport: "store", name: "" },
    image: null,
    distro: group[0]?.facts.distro ?? null,
    packages: group.flatMap(packagesOf),
    problems: [],
    catalogers: [],
  }));
}

function packagesOf({ id, version, facts }: StoredComponent): Package[] {
  const { distro: _, owner, owned, ...rest } = facts;
  const ownerPurl = `owner:${id}`;
  const pkg = packageOf({ ...rest, id: String(id), version, purl: "" });
  if (owned !== true) return [pkg];
  const owning = owner === undefined ? [] : [packageOf({ ...owner, id: ownerPurl, purl: ownerPurl })];
  return [{ ...pkg, ownedBy: ownerPurl }, ...owning];
}

type Given = Partial<Package> & {
  readonly id: string;
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  readonly ecosystem: EcosystemId;
};

function packageOf(given: Given): Package {
  return { kind: "installed", locations: [], introducedIn: null, foundBy: "store", ...given };
}
