import { type DiffId, type Sbom, uuidOf } from "@plimsoll/model";
import type { Component } from "./component.ts";

/** One step of the way from the lowest layer up: what a layer (or several that change nothing more) did to the packages. */
export interface SetStep {
  /** UUID of this step and all below it. */
  readonly key: string;
  /** Component key → instances more (or fewer) than below; never 0. */
  readonly edges: ReadonlyMap<string, number>;
}

/** The package sets of an SBOM, lowest first, at least one; and the one that each layer left behind. */
export interface PackageSets {
  readonly path: readonly SetStep[];
  /** By layer with a diffID, lowest first: key of its set; `null` below the first package. */
  readonly ofLayers: readonly (string | null)[];
}

/**
 * Splits what an SBOM says of every package (introduced in, removed in) into what each layer changed. Where one diffID
 * stands twice in an image its packages count from the lower one on.
 */
export function packageSets(sbom: Sbom, components: ReadonlyMap<string, Component>): PackageSets {
  const diffIds = (sbom.image?.layers ?? []).flatMap(({ diffId }) => diffId ?? []);
  const changes = changesOf(sbom, { diffIds, components });
  const path: SetStep[] = [];
  const ofLayers = changes.map((edges) => {
    if (edges.size > 0) path.push({ key: keyOf(path.at(-1)?.key ?? "", edges), edges });
    return path.at(-1)?.key ?? null;
  });
  if (path.length === 0) path.push({ key: keyOf("", new Map()), edges: new Map() });
  return { path, ofLayers: diffIds.length === 0 ? [] : ofLayers };
}

interface Placing {
  readonly diffIds: readonly DiffId[];
  readonly components: ReadonlyMap<string, Component>;
}

function changesOf({ packages }: Sbom, { diffIds, components }: Placing): Map<string, number>[] {
  const changes = Array.from({ length: Math.max(diffIds.length, 1) }, () => new Map<string, number>());
  const position = (diffId: DiffId | null | undefined, from: number): number =>
    diffId == null ? -1 : diffIds.indexOf(diffId, from);
  const add = (at: number, key: string, n: number): void => {
    const edges = changes[at];
    if (edges === undefined) return;
    const sum = (edges.get(key) ?? 0) + n;
    if (sum === 0) edges.delete(key);
    else edges.set(key, sum);
  };
  for (const { id, introducedIn, removedIn } of packages) {
    const key = components.get(id)?.key;
    if (key === undefined) continue;
    const from = Math.max(position(introducedIn, 0), 0);
    add(from, key, 1);
    if (removedIn !== undefined) add(Math.max(position(removedIn, from), from), key, -1);
  }
  return changes;
}

function keyOf(below: string, edges: ReadonlyMap<string, number>): string {
  return uuidOf("set", below, ...[...edges].map(([key, n]) => `${key} ${n}`).sort());
}
