import { execFileSync, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { openDatabase } from "@plimsoll/platform";
import { alpineLayer, dataFolder, dockerArchiveOf, imageOf, repositoryRoot } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildFirst, endLeftOvers, launcher, processesOf, type Started, startBuilt } from "../testing/built-server.ts";

let folder: string;
let image: string;
const isRoot = process.getuid?.() === 0;
/** No proxy answers there, and no name is looked up: as good as no network. */
const noNetwork = {
  HTTPS_PROXY: "http://127.0.0.1:9",
  HTTP_PROXY: "http://127.0.0.1:9",
  DOCKER_HOST: "unix:///nowhere",
};

beforeAll(() => {
  buildFirst();
  folder = dataFolder();
  image = join(folder, "shop.tar");
  writeFileSync(image, dockerArchiveOf([{ ...imageOf([alpineLayer("zlib 1.2.12-r0")]), tags: ["shop/web:1.0"] }]));
}, 300_000);
afterAll(async () => {
  await endLeftOvers();
  rmSync(folder, { recursive: true, force: true });
});

let counter = 0;

function fresh(): string {
  const data = join(folder, `data-${counter++}`);
  mkdirSync(data, { mode: 0o711 });
  return data;
}

function up(data: string, args: readonly string[] = [], options: Parameters<typeof startBuilt>[1] = {}): Started {
  const env = { ...noNetwork, ...options.env };
  return startBuilt(["up", "--data", data, "--listen", "127.0.0.1:0", ...args], { ...options, env });
}

const isUp = /Open +(http:\S+)/;

async function stop(started: Started): Promise<void> {
  started.signal("SIGINT");
  expect(await started.ended(), started.stderr()).toBe(0);
}

describe("plimsoll up, built", () => {
  it("starts everything without any network, says what it knows from where, and shows a first result and the way in", async () => {
    const data = fresh();
    const started = up(data, ["--scan", image], { program: launcher });
    const url = await started.said(isUp);
    expect(started.stderr()).toMatch(/\+ server +listening on http/);
    expect(started.stderr()).toMatch(
      /! knowledge +only the starter knowledge .*upstream cannot be reached.*feeds of \d{4}/,
    );
    expect(started.stderr()).toMatch(/\+ scan +\S+shop\.tar \(as told\)/);
    expect(started.stdout()).toMatch(/(FAILED|PASSED).*shop\.tar: 1 package, \d+ findings?/);
    const password = await started.said(/one-time password (\S+)/);
    const token = await started.said(/SECURE_API_TOKEN=(plm_\S+)/);
    expect(`${started.stdout()}${started.stderr()}`, "no colours in a file").not.toContain("\u001b");
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ username: "admin", password });
    expect((await fetch(`${url}/api/session`, { method: "POST", headers, body })).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const known = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    expect(known.status, "a scanner sees no metrics").toBe(403);
    await stop(started);
    expect(processesOf(data)).toEqual([]);
    expect(existsSync(join(data, "store", "owner.json"))).toBe(false);

    const again = performance.now();
    const second = up(data, [], { program: launcher });
    await second.said(isUp);
    const seconds = (performance.now() - again) / 1000;
    console.info(`a second start took ${seconds.toFixed(1)} s`);
    expect(second.stdout()).not.toMatch(/one-time|FAILED|PASSED/);
    expect(seconds).toBeLessThan(20);
    await stop(second);
  }, 180_000);

  it.each([50, 700, 1500, 3500])(
    "leaves nothing behind when it is stopped after %i ms, by a second signal too, and starts again",
    async (ms) => {
      const data = fresh();
      const started = up(data, ["--scan", image]);
      await wait(ms);
      started.signal("SIGINT");
      await wait(100);
      started.signal("SIGINT");
      // Before our listeners are there, the signal ends Node.
      expect([0, "SIGINT"]).toContain(await started.ended());
      expect(processesOf(data)).toEqual([]);
      const next = up(data, ["--no-scan"]);
      await next.said(isUp);
      await stop(next);
    },
    180_000,
  );

  it("ends at once with a clear word when the port is taken, before anything is made", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const address = taken.address();
    const port = typeof address === "object" ? address?.port : 0;
    const data = fresh();
    const started = startBuilt(["up", "--data", data, "--listen", `127.0.0.1:${port}`], { env: noNetwork });
    expect(await started.ended()).toBe(3);
    expect(started.stderr()).toMatch(/EADDRINUSE.*\[CANNOT_LISTEN\]\n {2}next: .*PLIMSOLL_LISTEN/);
    expect(existsSync(join(data, "store"))).toBe(false);
    taken.close();
  }, 120_000);

  it("names who uses the folder, and what made a newer database", async () => {
    const data = fresh();
    const first = up(data, ["--no-scan"]);
    const url = await first.said(isUp);
    const second = up(data, ["--no-scan"]);
    expect(await second.ended()).toBe(3);
    expect(second.stderr()).toContain(`process ${first.child.pid}) uses the data`);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    {
      await using database = await openDatabase({ folder: join(data, "store") }, { join: true });
      await database.pool.query("insert into migration (number, name, sha256) values (9999, 'from the future', 'x')");
    }
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { reasons: [{ check: "migrations" }] }]);
    await stop(first);
    const older = up(data, ["--no-scan"]);
    expect(await older.ended()).toBe(3);
    expect(older.stderr()).toContain("[STORE_NEWER]");
    expect(processesOf(data)).toEqual([]);
  }, 180_000);

  it("says which feeds it cannot use", async () => {
    const data = fresh();
    const feeds = join(data, "feeds");
    mkdirSync(feeds);
    const started = up(data, ["--no-scan", "--feeds", feeds]);
    expect(await started.ended()).toBe(3);
    expect(started.stderr()).toContain("[FEEDS_FAILED]");
    expect(processesOf(data)).toEqual([]);
  }, 120_000);

  it("builds what is known from a folder of feeds", async () => {
    const data = fresh();
    const feeds = join(folder, "feeds");
    mkdirSync(feeds, { recursive: true });
    const fix = { pkg: { name: "zlib", secfixes: { "1.2.12-r1": ["CVE-2099-0001"] } } };
    const secdb = {
      distroversion: "v3.18",
      reponame: "main",
      urlprefix: "https://dl-cdn.alpinelinux.org/alpine",
      packages: [fix],
    };
    writeFileSync(join(feeds, "main.json"), JSON.stringify(secdb));
    const started = up(data, ["--scan", image, "--feeds", feeds]);
    await started.said(isUp);
    expect(started.stderr()).toContain(`+ knowledge  built from ${feeds}`);
    expect(started.stdout()).toMatch(/CVE-2099-0001 .*in zlib 1\.2\.12-r0 -> 1\.2\.12-r1/);
    await stop(started);
  }, 120_000);

  it("runs as a user who is not root", async () => {
    const data = fresh();
    if (isRoot) chownSync(data, 65_534, 65_534);
    const by = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
    const program = [...by, process.execPath, join(repositoryRoot, "dist", "server", "main.mjs")];
    const env = { HOME: data, XDG_CACHE_HOME: join(data, "cache") };
    const started = up(data, ["--scan", image], { program, env });
    await started.said(isUp);
    expect(started.stdout()).toMatch(/FAILED|PASSED/);
    await stop(started);
    expect(processesOf(data)).toEqual([]);
  }, 120_000);

  it.skipIf(!isRoot)(
    "says that the disk is full",
    async () => {
      const data = fresh();
      if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m,mode=0711", "tmpfs", data]).status !== 0) {
        throw new Error("this machine lets nobody mount a small disk");
      }
      try {
        const started = up(data, ["--no-scan"]);
        expect(await started.ended()).toBe(3);
        expect(started.stderr()).toMatch(/\[DATA_FOLDER\]|\[POSTGRES_FAILED\]/);
        expect(started.stderr()).toMatch(/ENOSPC|No space left/);
      } finally {
        execFileSync("umount", [data]);
      }
    },
    120_000,
  );

  it("refuses what it does not understand, and has help", async () => {
    const wrong = startBuilt(["up", "--bort", "80"]);
    expect(await wrong.ended()).toBe(2);
    expect(wrong.stderr()).toMatch(/bort.*\[BAD_SERVER_ARGUMENTS\]\n {2}next: see: plimsoll up --help/);
    const extra = startBuilt(["up", "nginx"]);
    expect(await extra.ended()).toBe(2);
    const help = startBuilt(["up", "--help"]);
    expect(await help.ended()).toBe(0);
    expect(help.stdout()).toMatch(/--scan SOURCE[\s\S]*PLIMSOLL_LISTEN, --listen/);
  }, 60_000);
});
