import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { imageOf, repositoryRoot, runChild, startTestRegistry } from "@plimsoll/testkit";
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
  /** Told at the first start alone: user, one-time password, a scanner's token. */
  readonly told: Readonly<Record<string, string>>;
}

async function start(): Promise<Running> {
  const env = {
    ...process.env,
    PLIMSOLL_DATA: data,
    PLIMSOLL_LISTEN: "127.0.0.1:0",
    DATABASE_URL: "",
    PLIMSOLL_VULNDB: "",
    PLIMSOLL_ALLOW_PRIVATE_NETWORKS: "127.0.0.1",
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
    const isTold = !said.includes("one-time") || told.includes("token: plm_");
    if (url !== undefined && isTold) return { child, url, told: Object.fromEntries(pairsOf(told)) };
    if (left === 0 || child.exitCode !== null) throw new Error(`the server did not start: ${said}`);
    await wait(50);
  }
}

function pairsOf(told: string): string[][] {
  return told.split("\n").flatMap((line) => (line === "" ? [] : [line.split(": ")]));
}

/** Signs in; the headers of who has. */
async function signIn(url: string, password: string): Promise<Record<string, string>> {
  const answer = await send(`${url}/api/session`, "POST", { body: { username: "admin", password } });
  expect(answer.status).toBe(200);
  return sessionOf(answer);
}

function send(url: string, method: string, { body, headers = {} }: { body: object; headers?: Record<string, string> }) {
  const json = { "content-type": "application/json", ...headers };
  return fetch(url, { method, headers: json, body: JSON.stringify(body) });
}

async function sessionOf(answer: Response): Promise<Record<string, string>> {
  const { csrfToken } = (await answer.json()) as { readonly csrfToken: string };
  return { cookie: answer.headers.getSetCookie()[0]?.split(";")[0] ?? "", "x-csrf-token": csrfToken };
}

/** Has the server pull an image by itself, in a thread of the bundle's; the job's end. */
async function scanNow(url: string, headers: Record<string, string>): Promise<unknown> {
  await using registry = await startTestRegistry();
  const body = `P:zlib\nV:1.2.12-r0\nA:x86_64\no:zlib\n\n`;
  const image = registry.push("team/app", "1", imageOf([[{ path: "lib/apk/db/installed", body }]]));
  const base = `${url}/secure/vulnerability/v1`;
  const asked = await send(`${base}/scan-now`, "POST", { body: { image, platform: "linux/amd64" }, headers });
  const { jobId } = (await asked.json()) as { readonly jobId: string };
  return (await fetch(`${base}/jobs/${jobId}?wait=30`, { headers })).json();
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
    const { password = "", "scanner token": token = "" } = first.told;
    const once = await signIn(first.url, password);
    expect((await fetch(`${first.url}/api/sessions`, { headers: once })).status).toBe(403);
    const body = { oldPassword: password, newPassword: "a password of my own" };
    const changed = await send(`${first.url}/api/users/me/password`, "PUT", { body, headers: once });
    const headers = await sessionOf(changed);
    const scanned = await runChild({
      args: [`dir:${join(repositoryRoot, "packages", "model")}`, "--apiurl", first.url, "--allow-incomplete"],
      env: { SECURE_API_TOKEN: token },
    });
    expect(scanned.code, scanned.stderr).toBe(0);
    expect(await scanNow(first.url, headers)).toMatchObject({ state: "done", summary: { packages: 1 } });
    expect(await stop(first, "SIGINT")).toBe(0);

    const again = performance.now();
    const second = await start();
    expect(performance.now() - again).toBeLessThan(5000);
    expect(second.told).toEqual({});
    const results = async (url: string) => {
      const answer = await fetch(`${url}/secure/vulnerability/v1/pipeline-results`, { headers });
      return await answer.json();
    };
    expect(await results(second.url)).toMatchObject({ page: { total: 1 } });
    await stop(second, "SIGKILL");

    const third = await start();
    expect(await results(third.url)).toMatchObject({ page: { total: 1 } });
    expect((await fetch(`${third.url}/readyz`)).status).toBe(200);
    expect(await stop(third, "SIGTERM")).toBe(0);

    // Who has forgotten the password but has the data folder gets another.
    const env = { ...process.env, PLIMSOLL_DATA: data, DATABASE_URL: "" };
    const reset = await promisify(execFile)(launcher, ["server", "--reset-password", "admin"], { env });
    const { password: another = "" } = Object.fromEntries(pairsOf(reset.stdout));
    const fourth = await start();
    expect((await fetch(`${fourth.url}/api/sessions`, { headers })).status).toBe(401);
    await signIn(fourth.url, another);
    await stop(fourth, "SIGTERM");
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
