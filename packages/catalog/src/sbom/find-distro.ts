import type { Distro } from "@plimsoll/model";
import type { TreeFile } from "../layers/file-tree.ts";

/**
 * The distribution of a tree: the best-ranked file speaks, and another file of the same distribution may name a finer
 * release (`12` in os-release, `12.5` in debian_version). `null` when no file says.
 */
export function findDistro(files: Iterable<TreeFile>): Distro | null {
  const claims = [...files]
    .flatMap(({ path, found }) => found.map(({ facts }) => ({ path, distro: facts.distro })))
    .flatMap(({ path, distro }) => (distro === undefined ? [] : [{ path, ...distro }]))
    .sort((a, b) => b.rank - a.rank || (a.path < b.path ? -1 : 1));
  const best = claims[0]?.value;
  if (best === undefined) return null;
  const others = claims.map(({ value }) => value).filter(({ id }) => id === best.id);
  const finer = others.find(({ versionId }) => isFiner(versionId, best.versionId))?.versionId;
  // Testing and unstable have no number: debian_version may still name the release they become.
  const codename =
    best.codename ?? (best.versionId === "" ? others.find((other) => other.codename)?.codename : undefined);
  return {
    ...best,
    ...(finer !== undefined && { versionId: finer }),
    ...(codename !== undefined && { codename }),
  };
}

function isFiner(versionId: string, than: string): boolean {
  return than !== "" && versionId.startsWith(`${than}.`);
}
