import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildFirst, endLeftOvers, type Started, startBuilt } from "../testing/built-server.ts";
import { alpineWith, apk, uploadOf } from "../testing/send-scan.ts";

let folder: string;
beforeAll(() => {
  buildFirst();
  folder = dataFolder();
}, 300_000);
afterAll(async () => {
  await endLeftOvers();
  rmSync(folder, { recursive: true, force: true });
});

const results = "/secure/vulnerability/v1/pipeline-results";

function fresh(name: string): string {
  const data = join(folder, name);
  mkdirSync(data, { mode: 0o711 });
  return data;
}

interface Running {
  readonly started: Started;
  readonly url: string;
}

async function start(data: string): Promise<Running> {
  const started = startBuilt(["server", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "info"]);
  return { started, url: await started.said(/"url":"([^"]+)","message":"listening"/) };
}

async function stop({ started }: Running): Promise<void> {
  started.signal("SIGTERM");
  expect(await started.ended(), started.stderr()).toBe(0);
}

async function sendScan(url: string, token: string, n: number): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const { bytes, sha256 } = uploadOf(alpineWith(apk("zlib", "1.2.12-r0"), apk(`own${n}`, "1-r0")));
  const upload = { method: "PUT", headers: { ...headers, "content-type": "application/octet-stream" }, body: bytes };
  await fetch(`${url}/secure/vulnerability/v1/uploads/${sha256}`, upload);
  const json = { ...headers, "content-type": "application/json" };
  const body = JSON.stringify({ upload: sha256, name: `shop/app:${n}` });
  const answer = await fetch(`${url}/secure/vulnerability/v1/scans`, { method: "POST", headers: json, body });
  const { resultId } = (await answer.json()) as { resultId: string };
  return resultId;
}

/** An administrator's headers, after the one-time password was changed. */
async function signIn(url: string, password: string, again?: string): Promise<Record<string, string>> {
  const json = { "content-type": "application/json" };
  const body = JSON.stringify({ username: "admin", password: again ?? password });
  const session = await fetch(`${url}/api/session`, { method: "POST", headers: json, body });
  const first = await sessionOf(session);
  if (again !== undefined) return first;
  const change = JSON.stringify({ oldPassword: password, newPassword: "a password of my own" });
  const headers = { ...json, ...first };
  return sessionOf(await fetch(`${url}/api/users/me/password`, { method: "PUT", headers, body: change }));
}

async function sessionOf(answer: Response): Promise<Record<string, string>> {
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  return { cookie: answer.headers.getSetCookie()[0]?.split(";")[0] ?? "", "x-csrf-token": csrfToken };
}

async function read(url: string, path: string, headers: Record<string, string>): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, { headers });
  expect(answer.status, `${path}: ${await answer.clone().text()}`).toBe(200);
  return answer.json();
}

function plimsoll(...args: string[]) {
  return startBuilt(args);
}

describe("plimsoll backup and restore, built", () => {
  it("take a running server under load to another place, whose API answers the same", async () => {
    const from = fresh("from");
    const first = await start(from);
    const password = await first.started.said(/^password: (\S+)/m);
    const token = await first.started.said(/scanner token: (\S+)/);
    const ids: string[] = [];
    for (let n = 0; n < 10; n++) ids.push(await sendScan(first.url, token, n));
    const admin = await signIn(first.url, password);
    const whole = async (url: string, headers: Record<string, string>) => {
      const documents = ids.map((id) => read(url, `/secure/vulnerability/v1/results/${id}`, headers));
      return Promise.all([...documents, read(url, "/secure/vulnerability/v1/registry-results", headers)]);
    };
    const before = await whole(first.url, admin);

    let isDone = false;
    const load = Promise.all(
      [0, 1, 2].map(async (lane) => {
        for (let n = 100 + lane; !isDone; n += 3) await sendScan(first.url, token, n);
      }),
    );
    const file = join(folder, "plimsoll.backup");
    const saved = plimsoll("backup", file, "--data", from);
    const code = await saved.ended();
    isDone = true;
    await load;
    expect(code, saved.stderr()).toBe(0);
    expect(saved.stdout()).toMatch(
      /\d+ rows of \d+ tables, .*\nThe key of the stored credentials is not in it.*secrets\.key/,
    );
    await stop(first);

    const to = fresh("to");
    const restored = plimsoll("restore", file, "--data", to);
    expect(await restored.ended(), restored.stderr()).toBe(0);
    expect(restored.stdout()).toMatch(/rows of 20.* are back[\s\S]*put its copy at .*secrets\.key/);
    writeFileSync(join(to, "secrets.key"), readFileSync(join(from, "secrets.key")));
    chmodSync(join(to, "secrets.key"), 0o600);
    const second = await start(to);
    // Nobody is made anew: people and tokens are those of before, sessions are not.
    expect(second.started.stdout()).toBe("");
    expect((await fetch(`${second.url}${results}`, { headers: admin })).status).toBe(401);
    const again = await signIn(second.url, password, "a password of my own");
    expect(await whole(second.url, again)).toEqual(before);
    const list = await fetch(`${second.url}${results}`, { headers: again });
    expect(list.status, second.started.stderr().slice(-2000)).toBe(200);
    const { page } = (await list.json()) as { page: { total: number } };
    expect(page.total).toBeGreaterThanOrEqual(10);
    ids.push(await sendScan(second.url, token, 999));
    await whole(second.url, again);
    await stop(second);

    const twice = plimsoll("restore", file, "--data", to);
    expect(await twice.ended()).toBe(3);
    expect(twice.stderr()).toContain("[RESTORE_NOT_EMPTY]");
    const damaged = join(folder, "damaged.backup");
    writeFileSync(damaged, readFileSync(file).subarray(0, -100));
    const refused = plimsoll("restore", damaged, "--data", to, "--replace");
    expect(await refused.ended()).toBe(3);
    expect(refused.stderr()).toContain("[BACKUP_DAMAGED]");
    const replaced = plimsoll("restore", file, "--data", to, "--replace");
    expect(await replaced.ended(), replaced.stderr()).toBe(0);
  }, 240_000);

  it("carry the key along when told, and never over another one", async () => {
    const from = fresh("keys-from");
    await stop(await start(from));
    const key = readFileSync(join(from, "secrets.key"), "utf8");
    const file = join(folder, "keys.backup");
    const saved = plimsoll("backup", file, "--data", from, "--with-keys");
    expect(await saved.ended(), saved.stderr()).toBe(0);
    expect(saved.stdout()).toContain("is in it: whoever has this file can read them");
    const to = fresh("keys-to");
    expect(await plimsoll("restore", file, "--data", to).ended()).toBe(0);
    expect(readFileSync(join(to, "secrets.key"), "utf8")).toBe(key);
    const other = fresh("keys-other");
    writeFileSync(join(other, "secrets.key"), "another");
    const kept = plimsoll("restore", file, "--data", other);
    expect(await kept.ended()).toBe(0);
    expect(kept.stdout()).toContain("put its copy at");
    expect(readFileSync(join(other, "secrets.key"), "utf8")).toBe("another");
  }, 120_000);

  it("have help, and say what they want", async () => {
    for (const command of ["backup", "restore"]) {
      const bare = plimsoll(command);
      expect([await bare.ended(), bare.stderr()]).toEqual([2, expect.stringMatching(/FILE is wanted/)]);
      const help = plimsoll(command, "--help");
      expect(await help.ended()).toBe(0);
      expect(help.stdout()).toContain(`plimsoll ${command} FILE`);
    }
  }, 60_000);
});
