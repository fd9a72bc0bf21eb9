/** The built server with a data folder of its own, as users start it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";

export interface BenchServer extends AsyncDisposable {
  readonly url: string;
  /** Folder of its data. */
  readonly data: string;
  readonly pid: number;
  /** May send scans. */
  readonly token: string;
}

interface Start {
  /** Folder for everything. */
  readonly work: string;
  /** Script of the server. */
  readonly program: string;
  readonly vulndb?: string | undefined;
  readonly flags?: readonly string[];
}

const port = 8493;

/** Resolves once it serves. Throws what it said when it does not. */
export async function startBenchServer({ work, program, vulndb, flags = [] }: Start): Promise<BenchServer> {
  const data = join(work, "data");
  // Root's database runs as a user of its own.
  chmodSync(work, 0o755);
  mkdirSync(data);
  const env = {
    ...process.env,
    PLIMSOLL_DATA: data,
    PLIMSOLL_LISTEN: `127.0.0.1:${port}`,
    // Fifty tokens shall not be what limits.
    PLIMSOLL_SCANS_PER_MINUTE: "100000",
    PLIMSOLL_FEED_SCHEDULE: "off",
    ...(vulndb !== undefined && { PLIMSOLL_VULNDB: vulndb }),
  };
  const log = openSync(join(work, "server.log"), "w");
  const child = spawn(process.execPath, [...flags, program, "server"], { env, stdio: ["ignore", "pipe", log] });
  let told = "";
  for await (const text of child.stdout ?? []) {
    told += String(text);
    const token = /plm_[\w-]{43}/.exec(told)?.[0];
    if (token === undefined) continue;
    return {
      url: `http://127.0.0.1:${port}`,
      data,
      pid: child.pid ?? 0,
      token,
      [Symbol.asyncDispose]: async () => {
        child.kill();
        if (child.exitCode === null) await once(child, "exit");
      },
    };
  }
  throw new Error(`the server did not start; its log is ${join(work, "server.log")}`);
}
