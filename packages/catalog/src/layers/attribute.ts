import { ecosystemOf, type PackageFact } from "@plimsoll/model";
import { type FileTree, fileTree, type TreeFile } from "./file-tree.ts";
import type { LayerFacts } from "./layer-facts.ts";
import { ownersIn } from "./owners.ts";

/** Where a package is named, as of the last layer that had it. */
interface Sighting {
  readonly path: string;
  /** Position of the layer that wrote the evidence. */
  readonly layer: number;
}

/** One unbroken stay of a package in the tree. */
export interface Stay {
  readonly key: string;
  fact: PackageFact;
  readonly foundBy: string;
  /** Sorted by path; the first is the one that names the package. */
  sightings: readonly Sighting[];
  /** First layer since which it has been there unchanged. */
  readonly introduced: number;
  /** Layer that removed or replaced it; `null` while it is there. */
  removed: number | null;
  /** The OS package that owns its evidence. */
  owner: PackageFact | null;
}

/** The layers laid on one another, and every package's stay in them. */
export interface Attribution {
  /** Gone ones first, in order of removal. */
  readonly stays: readonly Stay[];
  readonly tree: FileTree;
}

/**
 * Lays the layers on one another, lowest first, and compares what is installed after each (truth 2): a package is
 * introduced where it first appears in that version and stays introduced there while later layers rewrite its
 * database or its files without changing it.
 */
export function attribute(layers: readonly LayerFacts[]): Attribution {
  const tree = fileTree();
  const live = new Map<string, Stay>();
  const gone: Stay[] = [];
  for (const [index, layer] of layers.entries()) {
    const before = new Map(tree.files);
    tree.apply(layer, index);
    const current = packagesIn(tree.files.values());
    const ended = [...live.values()].filter((stay) => !current.has(stay.key));
    giveOwners(ended, { live, files: before, tree });
    for (const stay of ended) {
      stay.removed = index;
      live.delete(stay.key);
    }
    gone.push(...ended);
    enter(live, current, index);
  }
  giveOwners([...live.values()], { live, files: tree.files, tree });
  return { stays: [...gone, ...live.values()], tree };
}

interface Present {
  fact: PackageFact;
  foundBy: string;
  sightings: Sighting[];
}

function packagesIn(files: Iterable<TreeFile>): Map<string, Present> {
  const present = new Map<string, Present>();
  for (const file of files) {
    for (const { cataloger, facts } of file.found) {
      for (const fact of facts.packages ?? []) add(present, { fact, foundBy: cataloger, file });
    }
  }
  return present;
}

function add(
  present: Map<string, Present>,
  { fact, foundBy, file }: { fact: PackageFact; foundBy: string; file: TreeFile },
): void {
  const key = keyOf(fact, file.path);
  const known = present.get(key);
  const sighting: Sighting = { path: file.path, layer: file.layer };
  if (known === undefined) {
    present.set(key, { fact, foundBy, sightings: [sighting] });
    return;
  }
  if (known.sightings.some(({ path }) => path === sighting.path)) return;
  const first = known.sightings[0];
  known.sightings = [...known.sightings, sighting].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (first !== undefined && sighting.path < first.path) Object.assign(known, { fact, foundBy });
}

/** A distro installs a package once, whichever database names it; a language package is one for each place it lies in. */
function keyOf(fact: PackageFact, path: string): string {
  const place = ecosystemOf(fact.ecosystem).os ? [] : [path, fact.innerPath ?? ""];
  return JSON.stringify([fact.ecosystem, fact.name, fact.version, fact.arch ?? "", ...place]);
}

function enter(live: Map<string, Stay>, current: ReadonlyMap<string, Present>, index: number): void {
  for (const [key, { fact, foundBy, sightings }] of current) {
    const stay = live.get(key);
    if (stay === undefined)
      live.set(key, { key, fact, foundBy, sightings, introduced: index, removed: null, owner: null });
    else Object.assign(stay, { fact, sightings });
  }
}

interface Moment {
  readonly live: ReadonlyMap<string, Stay>;
  readonly files: ReadonlyMap<string, TreeFile>;
  readonly tree: FileTree;
}

/**
 * Says which OS package owns each language package at that moment. A file that a later layer brought in another
 * version (`npm install -g npm` over the distro's npm) is no longer the distro's.
 */
function giveOwners(stays: readonly Stay[], { live, files, tree }: Moment): void {
  const language = stays.filter(({ fact }) => !ecosystemOf(fact.ecosystem).os);
  if (language.length === 0) return;
  const ownerOf = ownersIn(files.values(), tree.resolve);
  const installed = new Map<string, Stay>();
  for (const stay of live.values()) {
    if (!ecosystemOf(stay.fact.ecosystem).os) continue;
    installed.set(stay.fact.name, stay);
    installed.set(`${stay.fact.name}:${stay.fact.arch ?? ""}`, stay);
  }
  for (const stay of language) {
    const name = ownerOf(stay.sightings[0]?.path ?? "");
    const owner = name === null ? undefined : installed.get(name);
    if (owner !== undefined && owner.introduced >= stay.introduced) stay.owner = owner.fact;
  }
}
