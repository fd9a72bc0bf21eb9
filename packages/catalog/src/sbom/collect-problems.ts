import { type DiffId, type Distro, distroFamilyOf, type Problem, sortProblems } from "@plimsoll/model";
import type { Facts } from "../cataloger.ts";
import type { Attribution } from "../layers/attribute.ts";
import type { TreeFile } from "../layers/file-tree.ts";
import type { LayerFacts } from "../layers/layer-facts.ts";
import { ownersIn } from "../layers/owners.ts";

/** Where the problems of a source come from. */
export interface ProblemOrigins {
  readonly layers: readonly { readonly diffId: DiffId | null; readonly facts: LayerFacts }[];
  readonly attribution: Attribution;
  readonly distro: Distro | null;
  /** Catalogers of language packages: what they cannot read in a file the distro owns is the distro's to judge. */
  readonly languageCatalogers: ReadonlySet<string>;
}

/**
 * Every problem of the layers, sorted. One about a file that a later layer removed or replaced, or about a language
 * package in a file that one of the distro's own packages owns (truth 10), cannot make a clean answer false: it becomes
 * a note. Of a vendor's package no distro speaks.
 */
export function collectProblems({ layers, attribution, distro, languageCatalogers }: ProblemOrigins): Problem[] {
  const { files, resolve } = attribution.tree;
  const ownerOf = ownersIn(files.values(), resolve);
  const vendorsOwn = packagesOfVendors(attribution, distro);
  const standing = new Map<Facts, TreeFile>();
  for (const file of files.values()) for (const { facts } of file.found) standing.set(facts, file);
  const problems = layers.flatMap(({ diffId, facts: layer }) => {
    const place = diffId === null ? {} : { layer: diffId };
    const ofEvidence = layer.evidence.flatMap(({ path, cataloger, facts }) => {
      const file = standing.get(facts);
      const owner = languageCatalogers.has(cataloger) ? ownerOf(file?.path ?? path) : null;
      const isOwned = owner !== null && !vendorsOwn.has(owner);
      const harmless = file === undefined || isOwned;
      return (facts.problems ?? []).map((problem) => ({
        path,
        ...problem,
        ...place,
        level: harmless ? "note" : problem.level,
      }));
    });
    return [...layer.problems.map((problem) => ({ ...problem, ...place })), ...ofEvidence];
  });
  return sortProblems(problems);
}

/** Names (with arch too, as owners are named) of installed packages whose maker is not the distro. */
function packagesOfVendors({ stays }: Attribution, distro: Distro | null): ReadonlySet<string> {
  const distroVendors = distro === null ? undefined : distroFamilyOf(distro)?.vendors;
  if (distroVendors === undefined) return new Set();
  const facts = stays.filter(({ removed }) => removed === null).map(({ sightings }) => sightings[0].fact);
  const foreign = facts.filter(({ vendor }) => vendor !== undefined && !distroVendors.test(vendor));
  return new Set(foreign.flatMap(({ name, arch }) => [name, `${name}:${arch ?? ""}`]));
}
