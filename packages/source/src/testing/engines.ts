import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createHttpClient } from "@plimsoll/kit";

/** Real programs for tests, started in a folder of their own and ended by whoever started them. */
export interface Engine extends AsyncDisposable {
  /** `127.0.0.1:PORT` of a registry, `unix:///…` of a docker engine. */
  readonly address: string;
}

/** Whether a program is installed. */
export function isInstalled(program: string): boolean {
  return spawnSync("sh", ["-c", 'command -v "$0"', program]).status === 0;
}

/** Debian's docker-registry on a free port. */
export async function startRegistry(folder: string): Promise<Engine> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const config = join(folder, "config.yml");
  const storage = JSON.stringify({ filesystem: { rootdirectory: join(folder, "data") } });
  writeFileSync(config, `version: 0.1\nlog: {level: error}\nstorage: ${storage}\nhttp: {addr: "127.0.0.1:${port}"}\n`);
  const child = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  await answering(`http://127.0.0.1:${port}/v2/`);
  return { address: `127.0.0.1:${port}`, [Symbol.asyncDispose]: () => ended(child) };
}

/** A docker engine on its own socket, without network, with the slowest and simplest storage. */
export async function startDocker(folder: string): Promise<Engine> {
  mkdirSync(folder, { recursive: true });
  const socket = join(folder, "docker.sock");
  const places = [
    "--data-root",
    join(folder, "data"),
    "--exec-root",
    join(folder, "run"),
    "--pidfile",
    join(folder, "pid"),
  ];
  const quiet = ["--iptables=false", "--ip6tables=false", "--bridge=none", "--storage-driver=vfs", "--log-level=error"];
  const child = spawn("dockerd", [...quiet, ...places, "-H", `unix://${socket}`], { stdio: "ignore" });
  await answering("http://docker/_ping", socket);
  return { address: `unix://${socket}`, [Symbol.asyncDispose]: () => ended(child) };
}

/** Runs a program to its end; throws with what it said when it failed. */
export function run(program: string, ...args: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync(program, args, { timeout: 120_000, maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}: ${stderr}${stdout}`);
}

async function answering(url: string, socketPath?: string): Promise<void> {
  using http = createHttpClient({ userAgent: "test" });
  for (let tries = 300; tries > 0; tries--) {
    const request = { url, retries: 0, ...(socketPath !== undefined && { socketPath }) };
    const response = await http.request(request).catch(() => null);
    response?.discard();
    if (response?.status === 200) return;
    await sleep(100);
  }
  throw new Error(`nothing answers at ${socketPath ?? url}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  await Promise.race([gone, sleep(15_000, undefined, { ref: false })]);
  child.kill("SIGKILL");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
}
