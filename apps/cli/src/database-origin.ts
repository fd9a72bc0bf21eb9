import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Places } from "./places.ts";

/** Beside the downloads: revision of the database that was made from them. */
const originFile = ".built-revision";

/** Writes down that the database of that revision was made from the downloads. */
export async function noteOrigin({ feeds }: Places, revision: string): Promise<void> {
  await writeFile(join(feeds, originFile), revision);
}

/** Whether the database of that revision was made from the downloads: one built by hand is never replaced unasked. */
export async function isMadeFromDownloads({ feeds }: Places, revision: string): Promise<boolean> {
  return (await readFile(join(feeds, originFile), "utf8").catch(() => null)) === revision;
}
