import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { dataFolder, repositoryRoot } from "@plimsoll/testkit";

/** `bin/plimsoll up`, as somebody starts it who has never seen it. */
export interface Up extends AsyncDisposable {
  readonly url: string;
  readonly oneTimePassword: string;
}

const patienceMs = 120_000;

/** Starts it in a new folder that holds `archive` as `shop.tar`, which is scanned first. Nobody upstream is asked. */
export async function plimsollUp(archive: Buffer): Promise<Up> {
  const folder = dataFolder();
  writeFileSync(join(folder, "shop.tar"), archive);
  const args = ["up", "--data", join(folder, "data"), "--listen", "127.0.0.1:0", "--scan", "shop.tar", "--offline"];
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(join(repositoryRoot, "bin", "plimsoll"), args, {
    cwd: folder,
    env: { PATH, HOME, PLIMSOLL_ALLOW_PRIVATE_NETWORKS: "127.0.0.0/8" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      said += text;
    });
  }
  for (let waited = 0; waited < patienceMs && child.exitCode === null; waited += 50) {
    const url = /Open +(http:\S+)/.exec(said)?.[1];
    const oneTimePassword = /one-time password (\S+)/.exec(said)?.[1];
    if (url !== undefined && oneTimePassword !== undefined && said.includes("Stop ")) {
      return { url, oneTimePassword, [Symbol.asyncDispose]: stop };
    }
    await wait(50);
  }
  await stop();
  throw new Error(`plimsoll up did not come up: ${said}`);
}
