import { existsSync } from "node:fs";
import { join } from "node:path";

/** The repository's root folder. */
export const repositoryRoot: string = join(import.meta.dirname, "..", "..", "..");

/**
 * Absolute path of a file or folder of the real feeds, file systems and results that lie beside a developer's
 * checkout (`../shared/data`), or null where it is absent: skip the test then, and say why in its title.
 */
export function sharedData(...segments: readonly string[]): string | null {
  const path = join(repositoryRoot, "..", "shared", "data", ...segments);
  return existsSync(path) ? path : null;
}
