import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { repositoryRoot, runChild } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const launcher = join(repositoryRoot, "bin", "plimsoll");
let data: string;
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), "plimsoll-data-"));
  // The database of a server that root starts has a user of its own.
  chmodSync(data, 0o711);
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  /** Told at the first start alone. */
  readonly token: string;
}

async function start(): Promise<Running> {
  const env = {
    ...process.env,
    PLIMSOLL_DATA: data,
    PLIMSOLL_LISTEN: "127.0.0.1:0",
    DATABASE_URL: "",
    PLIMSOLL_VULNDB: "",
  };
  const child = spawn(launcher, ["server"], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let told = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  child.stdout.on("data", (text) => {
    told += text;
  });
  for (let left = 1200; ; left--) {
    const url = /"url":"([^"]+)","message":"listening"/.exec(said)?.[1];
    if (url !== undefined && (!said.includes("token") || told !== "")) return { child, url, token: told.trim() };
    if (left === 0 || child.exitCode !== null) throw new Error(`the server did not start: ${said}`);
    await wait(50);
  }
}

async function stop({ child }: Running, signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
  return child.exitCode;
}

describe("plimsoll server, built", () => {
  it("starts from nothing, judges a scan, stops in order, and starts again with what it kept, also after kill -9", async () => {
    const first = await start();
    expect(first.token).toMatch(/^plm_/);
    const authorization = `Bearer ${first.token}`;
    const scanned = await runChild({
      args: [`dir:${join(repositoryRoot, "packages", "model")}`, "--apiurl", first.url, "--allow-incomplete"],
      env: { SECURE_API_TOKEN: first.token },
    });
    expect(scanned.code, scanned.stderr).toBe(0);
    expect(await stop(first, "SIGINT")).toBe(0);

    const again = performance.now();
    const second = await start();
    expect(performance.now() - again).toBeLessThan(5000);
    expect(second.token).toBe("");
    const results = async (url: string) => {
      const answer = await fetch(`${url}/secure/vulnerability/v1/pipeline-results`, { headers: { authorization } });
      return await answer.json();
    };
    expect(await results(second.url)).toMatchObject({ page: { total: 1 } });
    await stop(second, "SIGKILL");

    const third = await start();
    expect(await results(third.url)).toMatchObject({ page: { total: 1 } });
    expect((await fetch(`${third.url}/readyz`)).status).toBe(200);
    expect(await stop(third, "SIGTERM")).toBe(0);
  }, 120_000);

  it("refuses what it does not understand, and has help", async () => {
    const child = await runChild({ program: launcher, args: ["server", "--bort", "80"] });
    expect([child.code, child.stdout]).toEqual([2, ""]);
    const help = await runChild({ program: launcher, args: ["server", "--help"] });
    expect(help.stdout).toContain("PLIMSOLL_DATA");
    const wrong = await runChild({ program: launcher, args: ["server"], env: { PLIMSOLL_LISTEN: "nowhere" } });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("BAD_CONFIG")]);
  });
});
