import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Arming, Faulty } from "./faulty-process.ts";
import { now, type TestServer } from "./test-server.ts";

const program = new URL("./faulty-process.ts", import.meta.url).pathname;

/** A server process of its own on the store of a test's server. */
export interface FaultyServer extends AsyncDisposable {
  readonly url: string;
  readonly child: ChildProcess;
  /** From now on something dies at a point. */
  arm(what: Omit<Arming, "postmaster" | "nth"> & { readonly nth?: number }): Promise<void>;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
}

export async function startFaultyServer(server: TestServer, works = false): Promise<FaultyServer> {
  const { user, host, database } = server.services.pool.options as { user: string; host: string; database?: string };
  const url = `postgres://${user}@/${database ?? "postgres"}?host=${encodeURIComponent(host)}`;
  const life: Faulty = { url, database: server.database, keyFile: server.keyFile, now, works };
  const child = spawn(process.execPath, [program, JSON.stringify(life)], { stdio: ["pipe", "pipe", "inherit"] });
  // Written to when it may be dead.
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = (await lines.next()).value as string | undefined;
  if (first === undefined) throw new Error("the server process ended before it listened");
  const ended = once(child, "exit");
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  return {
    url: first.replace("url ", ""),
    child,
    arm: async (what) => {
      const arming: Arming = { nth: 1, postmaster: await postmasterOf(server), ...what };
      child.stdin.write(`${JSON.stringify(arming)}\n`);
      if ((await lines.next()).value !== "armed") throw new Error("it was not armed");
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

/** Process id of the test's PostgreSQL. */
export async function postmasterOf({ services: { pool } }: TestServer): Promise<number> {
  const { rows } = await pool.query<{ data: string }>("select current_setting('data_directory') as data");
  return Number(readFileSync(join(rows[0]?.data ?? "", "postmaster.pid"), "utf8").split("\n")[0]);
}
