import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  dataFolder,
  factsIn,
  imageOf,
  launchServer,
  repositoryRoot,
  runChild,
  startTestRegistry,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const launcher = join(repositoryRoot, "bin", "plimsoll");
let data: string;
beforeAll(() => {
  data = dataFolder();
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

const start = () => launchServer(data, { PLIMSOLL_VULNDB: "", PLIMSOLL_ALLOW_PRIVATE_NETWORKS: "127.0.0.1" });

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
    expect(await first.stop("SIGINT")).toBe(0);

    const again = performance.now();
    const second = await start();
    // One or two seconds; the rest is for a machine that runs other tests beside it.
    expect(performance.now() - again).toBeLessThan(20_000);
    expect(second.told).toEqual({});
    const results = async (url: string) => {
      const answer = await fetch(`${url}/secure/vulnerability/v1/pipeline-results`, { headers });
      return await answer.json();
    };
    expect(await results(second.url)).toMatchObject({ page: { total: 1 } });
    await second.stop("SIGKILL");

    const third = await start();
    expect(await results(third.url)).toMatchObject({ page: { total: 1 } });
    expect((await fetch(`${third.url}/readyz`)).status).toBe(200);
    expect(await third.stop("SIGTERM")).toBe(0);

    // Who has forgotten the password but has the data folder gets another.
    const env = { ...process.env, PLIMSOLL_DATA: data, DATABASE_URL: "" };
    const reset = await promisify(execFile)(launcher, ["server", "--reset-password", "admin"], { env });
    const { password: another = "" } = factsIn(reset.stdout);
    const fourth = await start();
    expect((await fetch(`${fourth.url}/api/sessions`, { headers })).status).toBe(401);
    await signIn(fourth.url, another);
    await fourth.stop("SIGTERM");
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
