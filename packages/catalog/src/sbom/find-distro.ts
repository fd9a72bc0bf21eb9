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
  const finer = claims.find(({ value }) => value.id === best.id && isFiner(value.versionId, best.versionId));
  return finer === undefined ? best : { ...best, versionId: finer.value.versionId };
}

function isFiner(versionId: string, than: string): boolean {
  return than !== "" && versionId.startsWith(`${than}.`);
}
