import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { repositoryRoot } from "./shared-data.ts";

/** A server as people start it. */
export interface LaunchedServer {
  readonly url: string;
  /** At the first start alone: `username`, `password` (one-time), `scanner token`. */
  readonly told: Readonly<Record<string, string>>;
  /** Sends a signal and waits for the end; the code it ended with. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/** A folder for the data of a server that root may start too: its database then has a user of its own. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-data-"));
  chmodSync(folder, 0o711);
  return folder;
}

/** Starts `plimsoll server` on a loopback port; `settings`: variables beside its data and address. May build first. */
export async function launchServer(
  data: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<LaunchedServer> {
  const isFirst = readdirSync(data).length === 0;
  const place = { PLIMSOLL_DATA: data, PLIMSOLL_LISTEN: "127.0.0.1:0", DATABASE_URL: "" };
  const child = spawn(join(repositoryRoot, "bin", "plimsoll"), ["server"], {
    env: { ...process.env, ...settings, ...place },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
    return child.exitCode;
  };
  for (let left = 2400; ; left--) {
    const url = /"url":"([^"]+)","message":"listening"/.exec(stderr)?.[1];
    const isTold = !isFirst || stdout.includes("scanner token: ");
    if (url !== undefined && isTold) return { url, told: factsIn(stdout), stop };
    if (left === 0 || child.exitCode !== null) throw new Error(`the server did not start: ${stderr}`);
    await wait(50);
  }
}

/** Lines `name: value`, as programs of ours tell what they made. */
export function factsIn(stdout: string): Record<string, string> {
  const lines = stdout.split("\n").filter((line) => line !== "");
  return Object.fromEntries(lines.map((line) => line.split(": ")));
}
