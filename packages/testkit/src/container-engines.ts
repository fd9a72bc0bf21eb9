import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { answers, ended, unmountBelow } from "./engine-process.ts";

const execute = promisify(execFile);

/** The commands that {@link startContainerEngines} needs, from Debian's packages podman, containerd and skopeo. */
export const containerEngineCommands = ["podman", "containerd", "ctr", "skopeo"] as const;

/** podman's service, an image store on disk, and containerd, each with folders and sockets of its own. */
export type ContainerEngines = {
  /** Says where they are, as users do. */
  readonly env: Readonly<Record<"CONTAINER_HOST" | "CONTAINERD_ADDRESS" | "CONTAINERS_STORAGE_CONF", string>>;
  /** Folder of the image store, written by skopeo as podman and CRI-O write theirs. */
  readonly storeRoot: string;
  /** Brings the image of a docker archive to all of them, under its name. */
  load(archive: string, image: string): Promise<void>;
  stop(): Promise<void>;
};

/** How layers lie in an image store. */
export type StoreDriver = "vfs" | "overlay";

/** overlay where this kernel mounts one below the folder, else vfs, which copies every layer whole. */
export async function storeDriver(folder: string): Promise<StoreDriver> {
  const roots = [
    "--root",
    join(folder, "probe"),
    "--runroot",
    join(folder, "probe-run"),
    "--storage-driver",
    "overlay",
  ];
  return execute("podman", [...roots, "images"]).then(
    () => "overlay",
    () => "vfs",
  );
}

/** Starts them below a folder; both services end with `stop`, and their folders stay. */
export async function startContainerEngines(folder: string, driver: StoreDriver): Promise<ContainerEngines> {
  mkdirSync(folder, { recursive: true });
  const storeRoot = join(folder, "store");
  const runRoot = join(folder, "store-run");
  const storageConf = join(folder, "storage.conf");
  writeFileSync(storageConf, `[storage]\ndriver = "${driver}"\ngraphroot = "${storeRoot}"\nrunroot = "${runRoot}"\n`);
  const podmanSocket = join(folder, "podman.sock");
  const roots = ["--root", storeRoot, "--runroot", runRoot, "--storage-driver", driver];
  const service = ["system", "service", "-t", "0", `unix://${podmanSocket}`];
  const podman = spawn("podman", [...roots, ...service], { stdio: "ignore" });
  const address = join(folder, "containerd.sock");
  const containerd = startContainerd(join(folder, "containerd"), address);
  const stop = async () => {
    await Promise.all([ended(podman), ended(containerd)]);
    unmountBelow(folder);
  };
  try {
    await answers(async () => void (await execute("ctr", ["-a", address, "version"])));
    await answers(
      async () => void (await execute("podman", ["--remote", "--url", `unix://${podmanSocket}`, "version"])),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  const load = async (archive: string, image: string) => {
    const store = `containers-storage:[${driver}@${storeRoot}+${runRoot}]localhost/${image}`;
    await execute("skopeo", ["copy", "-q", `docker-archive:${archive}`, store]);
    await execute("ctr", ["-a", address, "images", "import", "--no-unpack", archive]);
  };
  const env = {
    CONTAINER_HOST: `unix://${podmanSocket}`,
    CONTAINERD_ADDRESS: address,
    CONTAINERS_STORAGE_CONF: storageConf,
  };
  return { env, storeRoot, load, stop };
}

/** Nothing of Kubernetes, nothing outside of its folder. */
function startContainerd(folder: string, address: string): ChildProcess {
  mkdirSync(folder);
  const config = join(folder, "config.toml");
  const lines = [
    "version = 2",
    `root = "${folder}/root"`,
    `state = "${folder}/state"`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
    "[grpc]",
    `address = "${address}"`,
    '[plugins."io.containerd.internal.v1.opt"]',
    `path = "${folder}/opt"`,
  ];
  writeFileSync(config, `${lines.join("\n")}\n`);
  return spawn("containerd", ["-c", config, "-l", "error"], { stdio: "ignore" });
}
