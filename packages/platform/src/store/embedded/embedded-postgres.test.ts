import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Client, type PoolConfig } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plimsoll-postgres-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function ask(connection: PoolConfig, sql: string): Promise<unknown> {
  const client = new Client(connection);
  // A server that is shot breaks the connection: the query tells.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return Object.values((await client.query(sql)).rows[0] ?? {})[0];
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** "" when there is no such process, or only its corpse. */
function commandOf(pid: number): string {
  return existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, "utf8") : "";
}

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 100; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await wait(100);
    }
  }
}

describe("the embedded PostgreSQL", () => {
  it("starts from nothing, keeps what was committed over a restart, and leaves no socket and no claim behind", async () => {
    const first = await startEmbeddedPostgres(folder);
    expect(await ask(first.connection, "select current_setting('server_version')")).toMatch(/^18\./);
    await ask(first.connection, "create table kept as select 42 as n");
    await first[Symbol.asyncDispose]();
    expect(existsSync(String(first.connection.host))).toBe(false);
    expect(existsSync(join(folder, "owner.json"))).toBe(false);
    await using second = await startEmbeddedPostgres(folder);
    expect(await ask(second.connection, "select n from kept")).toBe(42);
  });

  it("listens on no network address, and its socket lies in a folder closed to others", async () => {
    await using server = await startEmbeddedPostgres(folder);
    expect(await ask(server.connection, "select current_setting('listen_addresses')")).toBe("");
    expect(statSync(String(server.connection.host)).mode & 0o077).toBe(0);
    expect(statSync(join(folder, "postgres-18")).mode & 0o077).toBe(0);
  });

  it("refuses a folder that another program uses, and names that program", async () => {
    await using _server = await startEmbeddedPostgres(folder);
    await expect(startEmbeddedPostgres(folder)).rejects.toMatchObject({
      code: "STORE_IN_USE",
      fields: { pid: process.pid },
    });
  });

  it("is started again when it is killed, with everything that was committed", async () => {
    await using server = await startEmbeddedPostgres(folder);
    await ask(server.connection, "create table kept as select 42 as n");
    process.kill(server.pid() ?? 0, "SIGKILL");
    expect(await eventually(() => ask(server.connection, "select n from kept"))).toBe(42);
  });

  it("takes over from a program that was killed: its claim is void, its server is stopped, its data is there", async () => {
    const module = JSON.stringify(join(import.meta.dirname, "embedded-postgres.ts"));
    const script = `const { startEmbeddedPostgres } = await import(${module});
      const server = await startEmbeddedPostgres(${JSON.stringify(folder)});
      console.log(server.pid()); setInterval(() => {}, 1000);`;
    const program = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const orphan = Number(await new Promise((resolve) => program.stdout.once("data", (text) => resolve(String(text)))));
    program.kill("SIGKILL");
    await new Promise((resolve) => program.once("exit", resolve));
    expect(commandOf(orphan)).toContain("postgres");
    await using server = await startEmbeddedPostgres(folder);
    expect(server.pid()).not.toBe(orphan);
    expect(commandOf(orphan)).toBe("");
    expect(await ask(server.connection, "select 1")).toBe(1);
  });
});
