import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { messageOf } from "@plimsoll/kit";
import { starterFolder } from "../assets.ts";
import { vulndbError } from "../errors.ts";
import type { KnowledgeBase } from "../knowledge-base.ts";
import { openVulndb } from "../open-vulndb.ts";
import { noteFile, packedFile, readNote, type StarterNote } from "./starter-note.ts";

/**
 * Opens the knowledge shipped with the program, unpacked on first use into `cacheFolder` (made when missing; a second
 * process doing the same does no harm). `folder`: where it lies, for tests. Throws STARTER_DAMAGED.
 */
export async function openStarter(cacheFolder: string, folder: URL = starterFolder): Promise<KnowledgeBase> {
  return openVulndb(await unpackStarter(cacheFolder, folder));
}

/** Path of the unpacked starter database. Throws STARTER_DAMAGED. */
export async function unpackStarter(cacheFolder: string, folder: URL = starterFolder): Promise<string> {
  try {
    const note = readNote(await readFile(new URL(noteFile, folder), "utf8"));
    const path = join(cacheFolder, `starter-${note.revision}.sqlite`);
    if (!(await isWhole(path, note))) await unpack(path, note, { cacheFolder, folder });
    return path;
  } catch (cause) {
    throw vulndbError("STARTER_DAMAGED", { fields: { why: messageOf(cause) }, cause });
  }
}

/** By size alone: reading 30 MB on every scan would cost more than opening it. A damaged page shows as DB_CORRUPT. */
async function isWhole(path: string, { bytes }: StarterNote): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true && found.size === bytes;
}

type Places = { readonly cacheFolder: string; readonly folder: URL };

async function unpack(path: string, note: StarterNote, { cacheFolder, folder }: Places): Promise<void> {
  const packed = await readFile(new URL(packedFile, folder));
  const bytes = await promisify(zstdDecompress)(packed, { maxOutputLength: note.bytes });
  if (createHash("sha256").update(bytes).digest("hex") !== note.sha256)
    throw new Error("its digest is not the stated one");
  await mkdir(cacheFolder, { recursive: true });
  const scratch = await mkdtemp(join(cacheFolder, ".starter-"));
  try {
    await writeFile(join(scratch, "part"), bytes);
    await rename(join(scratch, "part"), path);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
