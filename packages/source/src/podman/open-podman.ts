import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { type HttpClient, type Limits, type Log, PlimsollError } from "@plimsoll/kit";
import { openFromStorage } from "../containers-storage/open-storage.ts";
import { type StorageSettings, storeRoots } from "../containers-storage/store-roots.ts";
import { openFromEngine } from "../engine/engine-api.ts";
import { type EngineHost, type EngineWords, parseEngineHost } from "../engine/engine-host.ts";
import type { OpenedImage } from "../entry.ts";
import { sourceError } from "../errors.ts";
import type { PlatformWish } from "../image/choose-manifest.ts";

/** Where podman listens. */
export interface PodmanSettings {
  /** CONTAINER_HOST; then nothing else is looked at. */
  readonly host?: string;
  /** The socket of this user's podman: `/run/podman/podman.sock`, rootless `$XDG_RUNTIME_DIR/podman/podman.sock`. */
  readonly socket?: string;
}

export interface OpenPodmanOptions {
  readonly http: HttpClient;
  readonly podman: PodmanSettings;
  readonly storage: StorageSettings | null;
  readonly limits: Limits;
  readonly wish: PlatformWish;
  readonly log: Log;
}

const words: EngineWords = {
  engine: "podman service",
  list: "podman images",
  setting: "CONTAINER_HOST",
  socket: "/run/podman/podman.sock",
};

/**
 * Opens an image that podman has: through its service's socket, and where none answers from its image store on disk.
 * Throws ENGINE_ABSENT and what {@link openFromEngine} and {@link openFromStorage} throw.
 */
export async function openPodman(text: string, options: OpenPodmanOptions): Promise<OpenedImage> {
  const { host, socket } = options.podman;
  if (host !== undefined && host !== "") return ask(text, parseEngineHost(host, words), options);
  const roots = options.storage === null ? [] : await storeRoots(options.storage);
  const image =
    socket !== undefined && (await isThere(socket)) ? await askSocket(text, socket, { roots, options }) : null;
  return image ?? fromStore(text, roots, options);
}

type Stores = { readonly roots: readonly string[]; readonly options: OpenPodmanOptions };

/** `null`: nobody answers there, or not to this user, and there are stores to look into instead. */
async function askSocket(text: string, socket: string, { roots, options }: Stores): Promise<OpenedImage | null> {
  try {
    return await ask(text, parseEngineHost(`unix://${socket}`, words), options);
  } catch (error) {
    const isShut = error instanceof PlimsollError && ["DAEMON_UNREACHABLE", "ENGINE_DENIED"].includes(error.code);
    if (!isShut || roots.length === 0) throw error;
    options.log.debug("podman's socket does not answer", { socket, code: error.code });
    return null;
  }
}

/** podman's own API: under docker's paths it would look for short names at Docker Hub only. */
function ask(text: string, host: EngineHost, { http, limits, wish }: OpenPodmanOptions): Promise<OpenedImage> {
  const api = { base: "/v4.0.0/libpod", archiveQuery: "?format=docker-archive" };
  return openFromEngine(text, { http, host, limits, wish, words, transport: "podman", ...api });
}

async function fromStore(text: string, roots: readonly string[], options: OpenPodmanOptions): Promise<OpenedImage> {
  const { limits, wish, storage, podman } = options;
  if (roots.length === 0) {
    const looked = [podman.socket ?? words.socket, ...(storage === null ? [] : [join(storage.dataFolder, "storage")])];
    throw sourceError("ENGINE_ABSENT", {
      fields: { engine: "podman", looked: looked.join(", no "), setting: words.setting },
    });
  }
  const engine = { engine: "podman image store", list: words.list };
  return openFromStorage(text, { roots, limits, wish, words: engine, transport: "podman" });
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
