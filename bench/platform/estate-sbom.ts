/** SBOMs of the large estate's images, for sending some of them in as clients do. */
import { type DiffId, type Distro, digestOf, type EcosystemId, type Package, type Sbom } from "@plimsoll/model";
import type { EstateComponent, EstateSet } from "./large-estate.ts";
import { sbomOf } from "./made-up-estate.ts";

/** The SBOM whose layers leave these sets behind. */
export function sbomOfPath(n: number, path: readonly EstateSet[]): Sbom {
  const diffIds = path.map(({ key }) => digestOf(`diff ${key}`) as string as DiffId);
  const tree = new Tree(n);
  for (const [layer, { edges }] of path.entries()) {
    const diffId = diffIds[layer];
    if (diffId === undefined) continue;
    for (const [component, count] of edges) {
      for (let left = count; left > 0; left--) tree.add(component, diffId);
      for (let left = count; left < 0; left++) tree.remove(component, diffId);
    }
  }
  const withDistro = path.flatMap(({ edges }) => [...edges.keys()]).find(({ facts }) => facts.distro !== undefined);
  return { ...sbomOf(n, diffIds, tree.packages), distro: (withDistro?.facts.distro as Distro | undefined) ?? null };
}

/** Packages as layers come and go. */
class Tree {
  readonly packages: Package[] = [];
  readonly #places = new Map<EstateComponent, number[]>();
  readonly #image: number;

  constructor(image: number) {
    this.#image = image;
  }

  add(component: EstateComponent, layer: DiffId): void {
    this.#places.set(component, [...(this.#places.get(component) ?? []), this.packages.length]);
    this.packages.push(packageOf(component, `${this.#image} ${this.packages.length}`, layer));
  }

  remove(component: EstateComponent, layer: DiffId): void {
    const place = this.#places.get(component)?.pop() ?? -1;
    const gone = this.packages[place];
    if (gone !== undefined) this.packages[place] = { ...gone, removedIn: layer };
  }
}

function packageOf({ name, version, facts }: EstateComponent, id: string, introducedIn: DiffId | null): Package {
  const source = facts.source as Package["source"];
  return {
    id,
    ecosystem: facts.ecosystem as EcosystemId,
    name,
    version,
    kind: "installed",
    purl: `pkg:${String(facts.ecosystem)}/${name}@${version}`,
    ...(source !== undefined && { source }),
    locations: [{ path: `somewhere/${name}`, layer: introducedIn }],
    introducedIn,
    foundBy: "estate",
  };
}
