import type { Limits } from "@plimsoll/kit";
import type { Damage } from "./damage.ts";
import type { Header } from "./header/parse-header.ts";
import { tags } from "./header/tags.ts";

/** Characters of owned paths that may still be made; one for a whole database. */
export interface PathBudget {
  left: number;
}

/** Names are short and folders shared: a few hostile bytes could stand for gigabytes of paths. */
export const pathBudget = 64 * 2 ** 20;
const costOfPath = 32;

/** States of a file that is on disk: normal, and on a shared network file system (rpm, rpmfileState). */
const onDisk: readonly number[] = [0, 3];

/**
 * Paths of the files a package put on disk and still owns (folders included), without leading slash. Files left out at
 * installation or replaced by another package's are not among them. `null` when the budget is used up.
 */
export function ownedPaths(
  header: Header,
  { budget, damage, limits }: { readonly budget: PathBudget; readonly damage: Damage; readonly limits: Limits },
): string[] | null {
  const states = header.numbers(tags.fileStates);
  const paths: string[] = [];
  let index = 0;
  for (const written of pathsOf(header, damage)) {
    const state = states[index++] ?? 0;
    const path = written.startsWith("/") ? written.slice(1) : written;
    if (path === "" || !onDisk.includes(state) || path.length > limits.pathLength) continue;
    budget.left -= path.length + costOfPath;
    if (budget.left < 0) return null;
    paths.push(path);
  }
  return paths;
}

function* pathsOf(header: Header, damage: Damage): Generator<string> {
  const basenames = header.texts(tags.basenames);
  if (basenames.length === 0) return yield* header.texts(tags.oldFilenames);
  const dirnames = header.texts(tags.dirnames);
  const indexes = header.numbers(tags.dirIndexes);
  let lost = 0;
  for (const [at, basename] of basenames.entries()) {
    const dirname = dirnames[indexes[at] ?? -1];
    if (dirname === undefined) lost += 1;
    yield dirname === undefined ? "" : dirname + basename;
  }
  if (lost > 0) damage.add(`${lost} files without folder`);
}
