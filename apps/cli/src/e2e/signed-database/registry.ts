import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A real docker-registry on a loopback port. */
export interface RealRegistry extends AsyncDisposable {
  readonly host: string;
  /** Runs a tool to its end; what it wrote. */
  readonly run: (command: string, args: readonly string[]) => string;
}

export async function startRegistry(folder: string): Promise<RealRegistry> {
  mkdirSync(folder);
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(folder, "registry.yml");
  const storage = `storage: {filesystem: {rootdirectory: ${join(folder, "data")}}}`;
  writeFileSync(config, `version: 0.1\nlog: {level: error}\n${storage}\nhttp: {addr: "${host}"}\n`);
  const child = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  for (let left = 100; left > 0; left--) {
    const answer = await fetch(`http://${host}/v2/`).catch(() => null);
    if (answer !== null) break;
    await wait(100);
  }
  return {
    host,
    run: (command, args) => execFileSync(command, args, { encoding: "utf8" }),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
