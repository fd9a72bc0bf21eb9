import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";

const programs = "/usr/lib/postgresql/15/bin";

/** Why Debian's PostgreSQL 15 cannot be used here; `null`: it can. */
export function debianPostgresMissing(): string | null {
  if (!existsSync(join(programs, "postgres"))) return "Debian's postgresql-15 is not installed";
  return process.getuid?.() === 0 ? null : "only root may become the user postgres";
}

export interface DebianPostgres extends AsyncDisposable {
  readonly url: string;
}

/** A PostgreSQL 15 of Debian's, the oldest that is supported, with a cluster of its own, reached as an external one is. */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-debian-"));
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" })));
  chownSync(folder, uid ?? 0, gid ?? 0);
  const data = join(folder, "data");
  const user = { uid: uid ?? 0, gid: gid ?? 0, cwd: folder } as const;
  execFileSync(
    join(programs, "initdb"),
    ["-D", data, "-U", "plimsoll", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"],
    {
      ...user,
      stdio: "ignore",
    },
  );
  const server = spawn(join(programs, "postgres"), ["-D", data, "-k", folder, "-h", "", "-F"], {
    ...user,
    stdio: "ignore",
  });
  const url = `postgres://plimsoll@/postgres?host=${encodeURIComponent(folder)}`;
  await answers(url);
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<void> {
  for (let left = 100; ; left--) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await wait(50);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
