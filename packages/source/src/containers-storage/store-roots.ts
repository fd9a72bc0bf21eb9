import { access } from "node:fs/promises";
import { join } from "node:path";
import { objectOf, textOf, textsOf } from "../image/json.ts";
import { tomlDocument } from "./toml-document.ts";

/** Whose image stores are looked at: containers/storage, which podman, buildah, skopeo and CRI-O share. */
export interface StorageSettings {
  /** storage.conf(5), the first that exists counts. */
  readonly confFiles: readonly string[];
  /** Configurations that only say where a root user's store lies: of others, they give the additional stores. */
  readonly systemConfFiles: readonly string[];
  /** The store's parent unless configured: `/var/lib/containers`, rootless `~/.local/share/containers`. */
  readonly dataFolder: string;
  readonly userId: number;
  readonly homeFolder: string;
}

/** Drivers whose layers are folders of files. */
export const drivers = ["overlay", "vfs"] as const;
export type Driver = (typeof drivers)[number];

/** The stores that exist, in the order they are searched: `first`, this user's own, then the additional ones. */
export async function storeRoots(settings: StorageSettings, first: readonly string[] = []): Promise<readonly string[]> {
  const own = await firstConf(settings.confFiles);
  const system = settings.userId === 0 ? nothing : await firstConf(settings.systemConfFiles);
  const graphRoot = own.graphRoot || system.rootlessPath || join(settings.dataFolder, "storage");
  const additional = own.additional.length > 0 ? own.additional : system.additional;
  const roots = [...first, graphRoot, own.imageStore, ...additional].map((root) => expanded(root, settings));
  const exist = await Promise.all([...new Set(roots)].map(async (root) => ((await holdsImages(root)) ? [root] : [])));
  return exist.flat();
}

/** What storage.conf(5) says of places. */
interface StorageConf {
  readonly graphRoot: string;
  readonly imageStore: string;
  readonly rootlessPath: string;
  readonly additional: readonly string[];
}

const nothing: StorageConf = { graphRoot: "", imageStore: "", rootlessPath: "", additional: [] };

async function firstConf(paths: readonly string[]): Promise<StorageConf> {
  for (const path of paths) {
    const document = await tomlDocument(path);
    if (document === null) continue;
    const storage = objectOf(document.storage) ?? {};
    const additional = objectOf(storage.options)?.additionalimagestores;
    return {
      graphRoot: textOf(storage.graphroot),
      imageStore: textOf(storage.imagestore),
      rootlessPath: textOf(storage.rootless_storage_path),
      additional: textsOf(additional),
    };
  }
  return nothing;
}

/** storage.conf(5): rootless paths may name $HOME, $UID and $USER. */
function expanded(path: string, { homeFolder, userId }: StorageSettings): string {
  return path.replace(/\$\{?(?:HOME)\}?/g, homeFolder).replace(/\$\{?(?:UID)\}?/g, String(userId));
}

/** A store that may not be looked into exists too: opening it tells why not. */
async function holdsImages(root: string): Promise<boolean> {
  if (root === "") return false;
  for (const driver of drivers) {
    const missing = await access(join(root, `${driver}-images`, "images.json")).then(
      () => "",
      (error: NodeJS.ErrnoException) => error.code ?? "",
    );
    if (missing !== "ENOENT" && missing !== "ENOTDIR") return true;
  }
  return false;
}
