import type { Limits } from "@plimsoll/kit";
import {
  type DiffId,
  type Distro,
  isPresent,
  type Package,
  type Problem,
  type Sbom,
  sortProblems,
} from "@plimsoll/model";
import type { Cataloger } from "../cataloger.ts";
import { attribute } from "../layers/attribute.ts";
import type { TreeFile } from "../layers/file-tree.ts";
import type { LayerFacts } from "../layers/layer-facts.ts";
import { collectProblems } from "./collect-problems.ts";
import { findDistro } from "./find-distro.ts";
import { linkedDatabases } from "./linked-databases.ts";
import { toPackages } from "./to-packages.ts";

/** What layers hold together, however they were reached: a serialisable document. */
export type Contents = Pick<Sbom, "distro" | "packages" | "problems">;

/** A layer's facts under its name; a tree has one, without diffID. */
export interface NamedFacts {
  readonly diffId: DiffId | null;
  readonly facts: LayerFacts;
}

/** Lays layers on one another, lowest first, and says what is in them. Follows from its arguments alone. */
export function contentsOf(
  layers: readonly NamedFacts[],
  { catalogers, limits }: { readonly catalogers: readonly Cataloger[]; readonly limits: Limits },
): Contents {
  const attribution = attribute(layers.map(({ facts }) => facts));
  const files = [...attribution.tree.files.values()];
  const distro = findDistro(files);
  const diffIds = layers.map(({ diffId }) => diffId);
  const all = toPackages(attribution.stays, { distro, diffIds, licenses: licensesIn(files) });
  const packages = all.slice(0, limits.packages);
  const languageCatalogers = new Set(
    catalogers.filter(({ tags }) => tags.includes("language")).map(({ name }) => name),
  );
  const hidden = linkedDatabases(attribution.tree, catalogers);
  const found = collectProblems({ layers, attribution, distro, languageCatalogers });
  return { distro, packages, problems: sortProblems([...found, ...hidden, ...conclusions({ all, packages, distro })]) };
}

function licensesIn(files: readonly TreeFile[]): Map<string, readonly string[]> {
  const told = files.flatMap(({ found }) => found.map(({ facts }) => facts.licenses));
  return new Map(told.flatMap((licenses) => (licenses === undefined ? [] : [[licenses.owner, licenses.names]])));
}

interface Conclusion {
  readonly all: readonly Package[];
  readonly packages: readonly Package[];
  readonly distro: Distro | null;
}

function conclusions({ all, packages, distro }: Conclusion): Problem[] {
  const problems: Problem[] = [];
  if (all.length > packages.length) {
    const message = `${all.length} packages found, only ${packages.length} kept`;
    problems.push({ level: "incomplete", code: "too-many-packages", message, next: "scan parts of the source apart" });
  }
  if (!packages.some(isPresent)) {
    const message = distro === null ? "no packages and no distribution found" : "no packages found";
    problems.push({ level: "note", code: "no-packages", message, next: "check that this is the source you meant" });
  }
  return problems;
}
