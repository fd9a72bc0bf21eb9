import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Limits } from "@plimsoll/kit";
import { openFromStorage } from "../containers-storage/open-storage.ts";
import { type StorageSettings, storeRoots } from "../containers-storage/store-roots.ts";
import { tomlDocument } from "../containers-storage/toml-document.ts";
import type { OpenedImage } from "../entry.ts";
import { sourceError } from "../errors.ts";
import type { PlatformWish } from "../image/choose-manifest.ts";
import { objectOf, textOf } from "../image/json.ts";

export interface OpenCrioOptions {
  /** The image store of the root user: CRI-O runs as nobody else. */
  readonly storage: StorageSettings | null;
  /** Folder of crio.conf and crio.conf.d; `null`: not looked at. */
  readonly confFolder: string | null;
  readonly limits: Limits;
  readonly wish: PlatformWish;
}

/** Opens an image that CRI-O has, in its image store on disk. Throws ENGINE_ABSENT and what {@link openFromStorage} throws. */
export async function openCrio(
  text: string,
  { storage, confFolder, limits, wish }: OpenCrioOptions,
): Promise<OpenedImage> {
  const own = confFolder === null ? [] : await configuredRoots(confFolder);
  const roots = storage === null ? [] : await storeRoots(storage, own);
  if (roots.length === 0) {
    const looked = storage === null ? "image store" : join(storage.dataFolder, "storage");
    throw sourceError("ENGINE_ABSENT", {
      fields: { engine: "CRI-O", looked, setting: "/etc/containers/storage.conf" },
    });
  }
  return openFromStorage(text, {
    roots,
    limits,
    wish,
    words: { engine: "CRI-O image store", list: "crictl images" },
    transport: "crio",
  });
}

/** crio.conf(5): `root` and `imagestore`; a later file of crio.conf.d wins over an earlier one. */
async function configuredRoots(folder: string): Promise<string[]> {
  const dropIns = await readdir(join(folder, "crio.conf.d")).catch(() => []);
  const paths = ["crio.conf", ...dropIns.sort().map((name) => join("crio.conf.d", name))];
  const found = new Map<string, string>();
  for (const path of paths) {
    const crio = objectOf((await tomlDocument(join(folder, path)))?.crio);
    for (const key of ["root", "imagestore"]) {
      const value = textOf(crio?.[key]);
      if (value !== "") found.set(key, value);
    }
  }
  return [...found.values()];
}
