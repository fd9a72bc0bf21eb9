import { ecosystemOf, isPresent, type Package, type PackageState, type Sbom } from "@plimsoll/model";
import { compareVersions } from "@plimsoll/versions";

/** A package of either side and what became of it. */
export interface PackagePair {
  readonly state: PackageState;
  readonly before: Package | null;
  readonly after: Package | null;
}

type Key = (pkg: Package) => readonly string[];

/**
 * What two packages must share to be one, the surest first. The place leaves the version out, as many paths name it; a
 * package that moved is still the same, and so is one whose architecture nobody tells. Versions come last: then it changed.
 */
const ties: readonly Key[] = [
  ({ version, arch = "", locations }) => [version, arch, locations[0]?.path ?? ""],
  (pkg) => [pkg.version, pkg.arch ?? "", placeOf(pkg)],
  ({ version, arch = "" }) => [version, arch],
  ({ version }) => [version],
  (pkg) => [pkg.arch ?? "", placeOf(pkg)],
  (pkg) => [placeOf(pkg)],
  ({ arch = "" }) => [arch],
  () => [],
];

/**
 * Every present package of both sides, in one pair each: by ecosystem and name, then as closely as possible. Several
 * copies pair one to one; what is left over was added or removed. Swapping the sides swaps the pairs and nothing else.
 */
export function pairPackages(before: Sbom, after: Sbom): PackagePair[] {
  const earlier = Map.groupBy(before.packages.filter(isPresent), nameKey);
  const later = Map.groupBy(after.packages.filter(isPresent), nameKey);
  const names = [...new Set([...earlier.keys(), ...later.keys()])].sort();
  return names.flatMap((name) => pairNamesakes(earlier.get(name) ?? [], later.get(name) ?? []));
}

function nameKey({ ecosystem, name }: Package): string {
  return JSON.stringify([ecosystem, name]);
}

function pairNamesakes(before: readonly Package[], after: readonly Package[]): PackagePair[] {
  const pairs: PackagePair[] = [];
  let left: readonly Package[] = before.length > 1 ? before.toSorted(byVersion) : before;
  let right: readonly Package[] = after.length > 1 ? after.toSorted(byVersion) : after;
  for (const tie of ties) {
    if (left.length === 0 || right.length === 0) break;
    const tied = pairTied(left, right, tie);
    pairs.push(...tied);
    const paired = new Set(tied.flatMap((pair) => [pair.before, pair.after]));
    left = left.filter((pkg) => !paired.has(pkg));
    right = right.filter((pkg) => !paired.has(pkg));
  }
  return [
    ...pairs,
    ...left.map((pkg): PackagePair => ({ state: "removed", before: pkg, after: null })),
    ...right.map((pkg): PackagePair => ({ state: "added", before: null, after: pkg })),
  ];
}

/** Those with the same key, the lowest version with the lowest. */
function pairTied(left: readonly Package[], right: readonly Package[], tie: Key): PackagePair[] {
  const rights = Map.groupBy(right, (pkg) => JSON.stringify(tie(pkg)));
  return [...Map.groupBy(left, (pkg) => JSON.stringify(tie(pkg)))].flatMap(([key, lefts]) => {
    const others = rights.get(key) ?? [];
    return lefts.slice(0, others.length).flatMap((before, index): PackagePair[] => {
      const after = others[index];
      return after === undefined ? [] : [{ state: stateOf(before, after), before, after }];
    });
  });
}

function stateOf(before: Package, after: Package): PackageState {
  if (before.version === after.version) return "unchanged";
  const order = compareVersions(ecosystemOf(before.ecosystem).scheme, before.version, after.version);
  if (order === null || order === 0) return "changed";
  return order < 0 ? "upgraded" : "downgraded";
}

function placeOf({ version, locations }: Package): string {
  const path = locations[0]?.path ?? "";
  return version === "" ? path : path.replaceAll(version, "*");
}

function byVersion(a: Package, b: Package): number {
  const order = compareVersions(ecosystemOf(a.ecosystem).scheme, a.version, b.version);
  return order || byText(orderText(a), orderText(b));
}

function orderText({ version, arch = "", locations, id }: Package): string {
  return JSON.stringify([version, arch, locations[0]?.path ?? "", id]);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
