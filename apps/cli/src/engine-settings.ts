import { join } from "node:path";
import type { SourceOptions } from "@plimsoll/source";
import type { World } from "./world.ts";

type Settings = Required<Pick<SourceOptions, "docker" | "engines">>;
type Storage = NonNullable<NonNullable<SourceOptions["engines"]>["podmanStorage"]>;

/** Where engines listen and keep images, by the environment as their own tools read it. */
export function engineSettings({ env, homeFolder, userId }: World): Settings {
  const runtime = env.XDG_RUNTIME_DIR;
  const userSocket = runtime ? { socket: join(runtime, "podman", "podman.sock") } : {};
  return {
    docker: {
      configFolder: env.DOCKER_CONFIG || join(homeFolder, ".docker"),
      ...(env.DOCKER_CONTEXT && { context: env.DOCKER_CONTEXT }),
      ...(env.DOCKER_CERT_PATH && { certFolder: env.DOCKER_CERT_PATH }),
      ...dockerTls(env),
    },
    engines: {
      podman: {
        ...(userId === 0 ? { socket: "/run/podman/podman.sock" } : userSocket),
        ...(env.CONTAINER_HOST && { host: env.CONTAINER_HOST }),
      },
      containerd: {
        // Alone, and as k3s and rke2 run it.
        sockets: ["/run/containerd/containerd.sock", "/run/k3s/containerd/containerd.sock"],
        ...(env.CONTAINERD_ADDRESS && { address: env.CONTAINERD_ADDRESS }),
        ...(env.CONTAINERD_NAMESPACE && { namespace: env.CONTAINERD_NAMESPACE }),
      },
      podmanStorage: userId === 0 ? rootStorage(env, homeFolder) : userStorage(env, { homeFolder, userId }),
      crioStorage: rootStorage(env, homeFolder),
      crioConfFolder: "/etc/crio",
    },
  };
}

/** docker's command line verifies with DOCKER_TLS_VERIFY, whatever its value, and does not with DOCKER_TLS alone. */
function dockerTls(env: World["env"]): { readonly tls?: "verify" | "insecure" } {
  if (env.DOCKER_TLS_VERIFY) return { tls: "verify" };
  return env.DOCKER_TLS ? { tls: "insecure" } : {};
}

const systemConfFiles = ["/etc/containers/storage.conf", "/usr/share/containers/storage.conf"];

function rootStorage(env: World["env"], homeFolder: string): Storage {
  return {
    confFiles: env.CONTAINERS_STORAGE_CONF ? [env.CONTAINERS_STORAGE_CONF] : systemConfFiles,
    systemConfFiles,
    dataFolder: "/var/lib/containers",
    userId: 0,
    homeFolder,
  };
}

function userStorage(env: World["env"], { homeFolder, userId }: Pick<World, "homeFolder" | "userId">): Storage {
  const conf = join(env.XDG_CONFIG_HOME || join(homeFolder, ".config"), "containers", "storage.conf");
  return {
    confFiles: [env.CONTAINERS_STORAGE_CONF || conf],
    systemConfFiles,
    dataFolder: join(env.XDG_DATA_HOME || join(homeFolder, ".local", "share"), "containers"),
    userId,
    homeFolder,
  };
}
