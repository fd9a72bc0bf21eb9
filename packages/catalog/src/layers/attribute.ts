import { ecosystemOf, type PackageFact } from "@plimsoll/model";
import { type FileTree, fileTree, type TreeChange, type TreeFile } from "./file-tree.ts";
import type { LayerFacts } from "./layer-facts.ts";
import { ownersIn } from "./owners.ts";

/** A file that names a package. */
interface Sighting {
  readonly path: string;
  /** Position of the layer that wrote the evidence. */
  readonly layer: number;
  readonly fact: PackageFact;
  readonly foundBy: string;
}

/** One unbroken stay of a package in the tree. */
export interface Stay {
  /** As of the last layer that had it, sorted by path; the first is the one that names the package. */
  sightings: readonly [Sighting, ...Sighting[]];
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
 * database or its files without changing it. Costs what layers change, not what they hold.
 */
export function attribute(layers: readonly LayerFacts[]): Attribution {
  const tree = fileTree();
  const live = new Map<string, Stay>();
  const gone: Stay[] = [];
  for (const [index, layer] of layers.entries()) {
    const change = tree.apply(layer, index);
    const now = sightingsAfter(change, live);
    const ended = [...now].flatMap(([key, sightings]) => (isSome(sightings) ? [] : (live.get(key) ?? [])));
    giveOwners(ended, { live, files: () => filesBefore(tree, change), tree });
    for (const stay of ended) stay.removed = index;
    gone.push(...ended);
    for (const [key, sightings] of now) settle(live, { key, sightings, index });
  }
  giveOwners([...live.values()], { live, files: () => [...tree.files.values()], tree });
  return { stays: [...gone, ...live.values()], tree };
}

/** Who names each package that the change touches, after it. */
function sightingsAfter({ removed, added }: TreeChange, live: ReadonlyMap<string, Stay>): Map<string, Sighting[]> {
  const now = new Map<string, Sighting[]>();
  const touched = (key: string): Sighting[] => {
    const sightings = now.get(key) ?? [...(live.get(key)?.sightings ?? [])];
    now.set(key, sightings);
    return sightings;
  };
  for (const file of removed) {
    for (const [key] of factsIn(file))
      now.set(
        key,
        touched(key).filter(({ path }) => path !== file.path),
      );
  }
  for (const file of added) {
    for (const [key, sighting] of factsIn(file)) touched(key).push(sighting);
  }
  return now;
}

/** Packages a file names, each once, under the key that tells packages apart. */
function factsIn({ path, layer, found }: TreeFile): Map<string, Sighting> {
  const facts = new Map<string, Sighting>();
  for (const { cataloger, facts: said } of found) {
    for (const fact of said.packages ?? []) {
      const key = keyOf(fact, path);
      if (!facts.has(key)) facts.set(key, { path, layer, fact, foundBy: cataloger });
    }
  }
  return facts;
}

/** A distro installs a package once, whichever database names it; a language package is one for each place it lies in. */
function keyOf(fact: PackageFact, path: string): string {
  const place = ecosystemOf(fact.ecosystem).os ? [] : [path, fact.innerPath ?? ""];
  return JSON.stringify([fact.ecosystem, fact.name, fact.version, fact.arch ?? "", ...place]);
}

function isSome(sightings: readonly Sighting[]): sightings is readonly [Sighting, ...Sighting[]] {
  return sightings.length > 0;
}

function settle(
  live: Map<string, Stay>,
  { key, sightings, index }: { key: string; sightings: readonly Sighting[]; index: number },
): void {
  const sorted = sightings.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const stay = live.get(key);
  if (!isSome(sorted)) live.delete(key);
  else if (stay === undefined) live.set(key, { sightings: sorted, introduced: index, removed: null, owner: null });
  else stay.sightings = sorted;
}

/** The tree's files as they were before the change. */
function filesBefore(tree: FileTree, { removed, added }: TreeChange): TreeFile[] {
  const isNew = new Set(added);
  return [...[...tree.files.values()].filter((file) => !isNew.has(file)), ...removed];
}

interface Moment {
  readonly live: ReadonlyMap<string, Stay>;
  readonly files: () => readonly TreeFile[];
  readonly tree: FileTree;
}

/**
 * Says which OS package owns each language package at that moment. A file that a later layer brought in another
 * version (`npm install -g npm` over the distro's npm) is no longer the distro's.
 */
function giveOwners(stays: readonly Stay[], { live, files, tree }: Moment): void {
  const language = stays.filter((stay) => !isOfDistro(stay));
  if (language.length === 0) return;
  const ownerOf = ownersIn(files(), tree.resolve);
  const installed = new Map<string, Stay>();
  for (const stay of live.values()) {
    const { name, arch } = stay.sightings[0].fact;
    if (isOfDistro(stay)) installed.set(name, stay).set(`${name}:${arch ?? ""}`, stay);
  }
  for (const stay of language) {
    const name = ownerOf(stay.sightings[0].path);
    const owner = name === null ? undefined : installed.get(name);
    if (owner !== undefined && owner.introduced >= stay.introduced) stay.owner = owner.sightings[0].fact;
  }
}

function isOfDistro({ sightings }: Stay): boolean {
  return ecosystemOf(sightings[0].fact.ecosystem).os;
}
