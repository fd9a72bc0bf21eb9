import { once } from "node:events";
import { rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { type OpenDatabase, openDatabase } from "@plimsoll/platform";
import { dataFolder } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildFirst, endLeftOvers, type Started, startBuilt } from "../testing/built-server.ts";
import { alpineWith, apk, uploadOf } from "../testing/send-scan.ts";

let folder: string;
let database: OpenDatabase;
let url: string;

beforeAll(async () => {
  buildFirst();
  folder = dataFolder();
  // As good as any PostgreSQL of somebody else's: the servers only know its address.
  database = await openDatabase({ folder: join(folder, "postgres") });
  const host = encodeURIComponent(database.pool.options.host ?? "");
  url = `postgres://plimsoll@/postgres?host=${host}`;
}, 300_000);
afterAll(async () => {
  await endLeftOvers();
  await database?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface Running {
  readonly started: Started;
  readonly url: string;
}

function start(role: string, args: readonly string[] = []): Started {
  const common = ["server", "--role", role, "--data", join(folder, "data"), "--listen", "127.0.0.1:0"];
  return startBuilt([...common, ...args], { env: { DATABASE_URL: url } });
}

async function running(started: Started): Promise<Running> {
  return { started, url: await started.said(/"url":"([^"]+)","message":"listening"/) };
}

async function status(at: string, path: string, headers = {}): Promise<number> {
  return (await fetch(`${at}${path}`, { headers })).status;
}

/** A request whose body does not come to its end until it is told to. */
async function slowUpload({ url: at }: Running, token: string) {
  const { bytes, sha256 } = uploadOf(alpineWith(apk("slow", "1-r0")));
  const { port } = new URL(at);
  const socket: Socket = connect(Number(port), "127.0.0.1");
  let answer = "";
  socket.on("data", (data) => {
    answer += data;
  });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  const head = `PUT /secure/vulnerability/v1/uploads/${sha256} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}`;
  socket.write(`${head}\r\nContent-Type: application/octet-stream\r\nContent-Length: ${bytes.length}\r\n\r\n`);
  socket.write(bytes.subarray(0, 10));
  return {
    finish: async () => {
      socket.write(bytes.subarray(10));
      await expect.poll(() => answer, { timeout: 10_000 }).toContain("received");
      socket.destroy();
      return answer;
    },
    closed: once(socket, "close"),
  };
}

describe("api and worker processes on one PostgreSQL", () => {
  it("start together, share what is kept, and each stops in order", async () => {
    const all = [
      start("api", ["--drain-delay-seconds", "3"]),
      start("api", ["--drain-seconds", "1"]),
      start("worker", ["--metrics-listen", "127.0.0.1:0"]),
    ];
    const [first, second, worker] = await Promise.all(all.map(running));
    if (first === undefined || second === undefined || worker === undefined) throw new Error("three were started");
    // One of them made the administrator, whichever came first.
    await expect.poll(() => all.filter(({ stdout }) => stdout().includes("password: ")).length).toBe(1);
    const token = /scanner token: (\S+)/.exec(all.map(({ stdout }) => stdout()).join(""))?.[1] ?? "";
    const headers = { authorization: `Bearer ${token}` };

    for (const { url: at } of [first, second, worker]) {
      expect([await status(at, "/healthz"), await status(at, "/readyz")]).toEqual([200, 200]);
    }
    expect(await status(worker.url, "/metrics")).toBe(200);
    expect(await status(worker.url, "/secure/vulnerability/v1/pipeline-results", headers)).toBe(404);
    expect(await status(first.url, "/metrics")).toBe(401);

    const { bytes, sha256 } = uploadOf(alpineWith(apk("zlib", "1.2.12-r0")));
    const octets = { ...headers, "content-type": "application/octet-stream" };
    const upload = { method: "PUT", headers: octets, body: bytes };
    await fetch(`${first.url}/secure/vulnerability/v1/uploads/${sha256}`, upload);
    const body = JSON.stringify({ upload: sha256, name: "shop/app:1" });
    const json = { ...headers, "content-type": "application/json" };
    const scan = { method: "POST", headers: json, body };
    expect((await fetch(`${second.url}/secure/vulnerability/v1/scans`, scan)).status).toBe(200);

    // Draining: it says so, goes on answering, and what was begun is finished.
    const begun = await slowUpload(first, token);
    first.started.signal("SIGTERM");
    await expect.poll(() => status(first.url, "/readyz")).toBe(503);
    expect(await status(first.url, "/healthz")).toBe(200);
    expect(await begun.finish()).toMatch(/^HTTP\/1.1 200 /);
    expect(await first.started.ended(), first.started.stderr()).toBe(0);

    // Nobody waits longer than told for who does not finish.
    const stuck = await slowUpload(second, token);
    const since = performance.now();
    second.started.signal("SIGTERM");
    await stuck.closed;
    expect(await second.started.ended(), second.started.stderr()).toBe(0);
    expect(performance.now() - since).toBeLessThan(20_000);

    expect(await status(worker.url, "/readyz")).toBe(200);
    worker.started.signal("SIGTERM");
    expect(await worker.started.ended(), worker.started.stderr()).toBe(0);
  }, 180_000);

  it("need a database that they can share, which --check-config tells without one", async () => {
    const alone = startBuilt(["server", "--role", "api", "--check-config"]);
    expect(await alone.ended()).toBe(2);
    expect(alone.stderr()).toMatch(/api alone needs DATABASE_URL.*\[BAD_CONFIG\]/);
    const good = startBuilt(["server", "--role", "api", "--check-config"], {
      env: { DATABASE_URL: "postgres://u:hush-hush@h/d", PLIMSOLL_LISTN: "x" },
    });
    expect(await good.ended()).toBe(0);
    expect(good.stderr()).toBe("plimsoll: PLIMSOLL_LISTN is read by nobody: is PLIMSOLL_LISTEN meant?\n");
    expect(good.stdout()).toMatch(
      /^PLIMSOLL_LISTEN=127\.0\.0\.1:8418\n[\s\S]*DATABASE_URL=\(set\)\n[\s\S]*The configuration is good\.\n$/,
    );
    expect(good.stdout()).not.toContain("hush");
  }, 60_000);
});
