import { type DiffId, type Distro, type Package, type PackageFact, uuidOf } from "@plimsoll/model";
import type { Stay } from "../layers/attribute.ts";
import { toPurl } from "./to-purl.ts";

/** What is needed to write stays down as packages. */
export interface PackageContext {
  readonly distro: Distro | null;
  /** diffID of each layer by its position; `null` for a tree without layers. */
  readonly diffIds: readonly (DiffId | null)[];
  /** Licences told outside the package database: OS package name (with or without arch) → names. */
  readonly licenses: ReadonlyMap<string, readonly string[]>;
}

/** Writes stays down as packages of an SBOM, in its order (ecosystem, name, version, path, gone ones last). */
export function toPackages(stays: readonly Stay[], context: PackageContext): Package[] {
  return stays
    .map((stay) => toPackage(stay, context))
    .map((pkg) => ({ pkg, order: orderOf(pkg) }))
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
    .map(({ pkg }) => pkg);
}

function toPackage(stay: Stay, context: PackageContext): Package {
  const fact = withLicenses(stay.sightings[0].fact, context);
  const layerOf = (index: number | null): DiffId | null => (index === null ? null : (context.diffIds[index] ?? null));
  const locations = stay.sightings.map(({ path, layer }) => ({
    path: fact.innerPath === undefined ? path : `${path}:${fact.innerPath}`,
    layer: layerOf(layer),
  }));
  const removedIn = layerOf(stay.removed);
  const identity = [fact.ecosystem, fact.name, fact.version, fact.arch ?? "", locations[0]?.path ?? ""];
  return {
    ...fact,
    id: uuidOf(...identity, removedIn === null ? "" : `${layerOf(stay.introduced) ?? ""} ${removedIn}`),
    purl: toPurl(fact, context.distro),
    locations,
    introducedIn: layerOf(stay.introduced),
    ...(removedIn !== null && { removedIn }),
    ...(stay.owner !== null && { ownedBy: toPurl(stay.owner, context.distro) }),
    foundBy: stay.sightings[0].foundBy,
  };
}

function withLicenses(fact: PackageFact, { licenses }: PackageContext): PackageFact {
  if (fact.ecosystem !== "deb" || fact.licenses !== undefined) return fact;
  const names = licenses.get(fact.name);
  return names === undefined ? fact : { ...fact, licenses: names };
}

function orderOf({ ecosystem, name, version, locations, removedIn, id }: Package): string {
  // U+0000 sorts before everything a name can hold, so a shorter name comes first.
  return [ecosystem, name, version, locations[0]?.path ?? "", removedIn ?? "", id].join("\u0000");
}
