import { createHash, randomBytes } from "node:crypto";

/** Everything the cache's folder holds is called like one of these; what is called otherwise is not ours and stays. */
const entryName = /^[0-9a-f]{64}$/;
const partName = /^\.[0-9a-f]{24}\.part$/;

/** Says when the folder was last swept, and by its length how much came since. */
export const markName = "swept";

/** The file of an entry. */
export function fileOf(revision: string, key: string): string {
  return createHash("sha256").update(revision).update("\0").update(key).digest("hex");
}

/** A file that is being written. */
export function newPart(): string {
  return `.${randomBytes(12).toString("hex")}.part`;
}

export function isEntry(name: string): boolean {
  return entryName.test(name);
}

export function isPart(name: string): boolean {
  return partName.test(name);
}

export function isOurs(name: string): boolean {
  return isEntry(name) || isPart(name) || name === markName;
}
