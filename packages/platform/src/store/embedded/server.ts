import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { messageOf } from "@plimsoll/kit";
import { Client } from "pg";
import { platformError } from "../../errors.ts";
import type { Binaries } from "./binaries.ts";
import type { ServerUser } from "./server-user.ts";

/** Where one server's files are. */
export interface ServerPlaces {
  readonly data: string;
  /** Folder of the socket, open to the server's user alone: whoever may enter it is let in. */
  readonly sockets: string;
  readonly log: string;
}

export interface ServerStart {
  readonly binaries: Binaries;
  readonly places: ServerPlaces;
  readonly user: ServerUser;
}

const startMs = 60_000;
const stopMs = 30_000;
const largestLog = 16 * 2 ** 20;

/** Chosen for one machine shared with the clients; what is not named is PostgreSQL's own default. */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  cluster_name: "plimsoll",
  timezone: "UTC",
  log_timezone: "UTC",
  max_connections: "80",
  shared_buffers: "256MB",
  work_mem: "16MB",
  maintenance_work_mem: "256MB",
  wal_compression: "on",
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  random_page_cost: "1.1",
  jit: "off",
};

/** Starts a server and resolves once it answers. Throws POSTGRES_FAILED with its last words. */
export async function startServer({ binaries, places, user }: ServerStart): Promise<ChildProcess> {
  if (existsSync(places.log) && statSync(places.log).size > largestLog) truncateSync(places.log);
  const log = openSync(places.log, "a", 0o600);
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(binaries.postgres, ["-D", places.data, "-k", places.sockets, ...flags], {
    stdio: ["ignore", log, log],
    env: { LD_LIBRARY_PATH: binaries.libraries.join(":"), TZ: "UTC" },
    // A group of its own: Ctrl-C at the terminal reaches us first, and we stop it in order.
    detached: true,
    cwd: places.sockets,
    ...(user !== null && user),
  });
  closeSync(log);
  let isUp = false;
  const failed = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(messageOf(error)));
    child.once("exit", (code, signal) => {
      // Its last words matter to a start alone: later its folder may be gone.
      if (!isUp) resolve(lastWords(places.log, `it ended with ${signal ?? `code ${code}`}`));
    });
  });
  const why = await Promise.race([answering(places.sockets), failed]);
  isUp = why === null;
  if (why === null) return child;
  child.kill("SIGQUIT");
  throw platformError("POSTGRES_FAILED", { fields: { why, log: places.log } });
}

/** Fast shutdown: transactions are broken off, nothing that was acknowledged is lost. */
export async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGINT");
  const late = setTimeout(() => child.kill("SIGQUIT"), stopMs);
  await ended;
  clearTimeout(late);
}

/** Stops a server that outlived the program that started it. */
export async function stopOrphan(data: string): Promise<void> {
  const pid = orphanOf(data);
  if (pid === null) return;
  process.kill(pid, "SIGINT");
  for (let waited = 0; orphanOf(data) === pid; waited += 50) {
    if (waited === stopMs) process.kill(pid, "SIGQUIT");
    await wait(50);
  }
}

/** The running server of a data folder, by postmaster.pid (PostgreSQL docs, "Database File Layout"). */
function orphanOf(data: string): number | null {
  try {
    const pid = Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return command[command.indexOf("-D") + 1] === data ? pid : null;
  } catch {
    return null;
  }
}

/** `null` once it answers, else why it does not within the time. */
async function answering(sockets: string): Promise<string | null> {
  let why = "no socket appeared";
  for (let waited = 0; waited < startMs; waited += 20) {
    await wait(20);
    if (!existsSync(join(sockets, ".s.PGSQL.5432"))) continue;
    const client = new Client({ host: sockets, user: "plimsoll", database: "postgres" });
    try {
      await client.connect();
      return null;
    } catch (error) {
      why = messageOf(error);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return why;
}

function lastWords(log: string, otherwise: string): string {
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  return lines.findLast((line) => /FATAL|PANIC|error while loading/.test(line)) ?? otherwise;
}
