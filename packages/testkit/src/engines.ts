import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { answers, ended, unmountBelow } from "./engine-process.ts";
import { freePort } from "./free-port.ts";

const execute = promisify(execFile);

/** Real servers and tools from Debian's packages, in a folder of their own. */
export type Engines = {
  /** Private folder for whatever a test makes. */
  readonly folder: string;
  /** `127.0.0.1:PORT` of a real docker-registry. */
  readonly registry: string;
  /** Socket of a real Docker daemon, as DOCKER_HOST wants it. */
  readonly dockerHost: string;
  /** Runs a tool to its end; rejects with its stderr when it fails. */
  run(command: string, args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
};

/** Which of the commands are not on the PATH: the reason a test gives for skipping. */
export function missingCommands(...commands: readonly string[]): string[] {
  return commands.filter((command) => spawnSync("sh", ["-c", 'command -v "$0"', command]).status !== 0);
}

/** Whether this user may start a daemon that mounts and changes owners. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Starts a docker-registry on a free loopback port and a dockerd on a socket; both end with `stop`, and their folder goes. */
export async function startEngines(): Promise<Engines> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-engines-"));
  const port = await freePort();
  const registry = startRegistry(folder, port);
  const dockerd = startDockerd(folder);
  const dockerHost = `unix://${folder}/docker.sock`;
  const run = async (command: string, args: readonly string[]) => {
    const env = { ...process.env, DOCKER_HOST: dockerHost };
    return (await execute(command, [...args], { env, maxBuffer: 256 * 2 ** 20 })).stdout;
  };
  const stop = async () => {
    await Promise.all([ended(registry), ended(dockerd)]);
    unmountBelow(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await answers(async () => void (await run("docker", ["version"])));
    await answers(async () => void (await fetch(`http://127.0.0.1:${port}/v2/`)));
  } catch (error) {
    await stop();
    throw error;
  }
  return { folder, registry: `127.0.0.1:${port}`, dockerHost, run, stop };
}

function startRegistry(folder: string, port: number): ChildProcess {
  const storage = join(folder, "registry");
  mkdirSync(storage);
  const config = join(folder, "registry.yml");
  const lines = ["version: 0.1", "log: {level: error}", `storage: {filesystem: {rootdirectory: ${storage}}}`];
  writeFileSync(config, `${[...lines, `http: {addr: "127.0.0.1:${port}"}`].join("\n")}\n`);
  return spawn("docker-registry", ["serve", config], { stdio: "ignore" });
}

/** No network set-up of its own (no bridge, no iptables), no storage driver that needs a kernel module. */
function startDockerd(folder: string): ChildProcess {
  const flags = ["--iptables=false", "--ip6tables=false", "--bridge=none", "--storage-driver=vfs", "--log-level=error"];
  const places = ["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec")];
  const socket = ["--pidfile", join(folder, "pid"), "-H", `unix://${folder}/docker.sock`];
  return spawn("dockerd", [...flags, ...places, ...socket], { stdio: "ignore" });
}
