import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { zstdCompressSync } from "node:zlib";
import { apiError } from "@plimsoll/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alpineWith, apk } from "./testing/send-scan.ts";
import { now, startTestServer, type TestServer } from "./testing/test-server.ts";

// Clients that mean harm, over real connections: each is refused or bounded, and everybody else is served.

const base = "/secure/vulnerability/v1";
let server: TestServer;
let port: number;
let headers: { readonly authorization: string };
beforeAll(async () => {
  server = await startTestServer();
  headers = await server.token();
  port = Number(new URL(await server.app.listen({ port: 0, host: "127.0.0.1" })).port);
}, 180_000);
afterAll(async () => {
  expect(server?.defects).toEqual([]);
  await server?.[Symbol.asyncDispose]();
});

/** Uploads a text and has it judged; the answer, and how long it took. */
async function judge(bytes: Buffer, keep = false) {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const octets = { ...headers, "content-type": "application/octet-stream" };
  const put = { method: "PUT", url: `${base}/uploads/${sha256}`, headers: octets, payload: bytes } as const;
  expect((await server.app.inject(put)).statusCode).toBe(200);
  const start = performance.now();
  const payload = { upload: sha256, keep, answer: "verdict" };
  const answer = await server.app.inject({ method: "POST", url: `${base}/scans`, headers, payload });
  return { status: answer.statusCode, body: answer.json(), ms: performance.now() - start };
}

const packed = (text: string) => zstdCompressSync(text);
const sbomWith = (packages: unknown) => JSON.stringify({ ...alpineWith(), packages });
const nested = (n: number) => `${'{"a":'.repeat(n)}1${"}".repeat(n)}`;
const zlib = apk("zlib", "1.2.12-r0");

describe("an SBOM that is hostile", () => {
  it.each<readonly [string, () => Buffer]>([
    ["nested a hundred thousand deep", () => packed(nested(100_000))],
    ["nested within what is read", () => packed(sbomWith([{ ...zlib, name: JSON.parse(nested(500)) }]))],
    ["a list where an object is wanted", () => packed("[]")],
    ["no JSON", () => packed("{")],
    ["no zstd", () => Buffer.from("{}")],
    ["half of a zstd stream", () => packed(sbomWith([zlib])).subarray(0, 40)],
    ["2 GiB of blanks in 200 kB", () => zstdBomb()],
    ["packages that are no list", () => packed(sbomWith({ length: 1e9 }))],
    ["a million packages", () => packed(`{"schemaVersion":1,"packages":[${"{},".repeat(999_999)}{}]}`)],
    ["prototype keys", () => packed('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')],
  ])(
    "%s: refused in the contract's words, soon",
    async (_, make) => {
      const { status, body, ms } = await judge(make());
      expect([400, 413], JSON.stringify(body)).toContain(status);
      expect(apiError.parse(body).type).toMatch(/^[A-Z_]+$/);
      expect(ms).toBeLessThan(20_000);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
    60_000,
  );

  it.each([
    ["16 MB of one letter", "x".repeat(2 ** 24)],
    ["100 kB that nothing compresses", randomBytes(50_000).toString("hex")],
    ["a NUL", "a\0b"],
    ["half a character", "a\ud800b"],
  ])(
    "with a name of %s: kept or refused, never a fault of ours",
    async (_, name) => {
      for (const field of ["name", "version"] as const) {
        const { status, body, ms } = await judge(packed(sbomWith([{ ...zlib, [field]: name }])), true);
        expect([200, 400, 413], JSON.stringify(body).slice(0, 500)).toContain(status);
        expect(ms).toBeLessThan(20_000);
      }
    },
    60_000,
  );

  it("with one id twice, and a name that is SQL: judged as any, and nothing of it is run", async () => {
    const twice = [zlib, zlib, apk("'; drop table asset; --", "1-r0"), apk("__proto__", "1-r0")];
    const { status } = await judge(packed(sbomWith(twice)));
    expect([200, 400]).toContain(status);
    expect((await server.services.pool.query("select count(*) as n from asset")).rows).toHaveLength(1);
  });
});

/** Frames of zstd that each unpack to 128 MiB of one byte, one after the other. */
function zstdBomb(): Buffer {
  const frame = zstdCompressSync(Buffer.alloc(2 ** 27, " "));
  return Buffer.concat(Array.from({ length: 16 }, () => frame));
}

async function open(): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** What comes back until the server closes, or nothing more comes for a while. */
async function raw(text: string): Promise<string> {
  const socket = await open();
  let said = "";
  socket.on("data", (data) => {
    said += data;
  });
  socket.write(text);
  const closed = once(socket, "close");
  await Promise.race([closed, wait(1500)]);
  socket.destroy();
  return said;
}

const answersIn = (text: string) => text.match(/HTTP\/1\.1 \d+/g) ?? [];
const inner = "GET /secure/vulnerability/v1/token HTTP/1.1\r\nHost: inner\r\n\r\n";

describe("request smuggling", () => {
  const line = "POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
  const chunk = `0\r\n\r\n${inner}`;
  it.each([
    ["a length and chunks", `${line}Content-Length: ${chunk.length}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`],
    ["chunks and a length", `${line}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${chunk}`],
    ["two lengths", `${line}Content-Length: 2\r\nContent-Length: ${inner.length + 2}\r\n\r\n{}${inner}`],
    ["a length with a sign", `${line}Content-Length: +2\r\n\r\n{}${inner}`],
    ["a length of two numbers", `${line}Content-Length: 2, 2\r\n\r\n{}${inner}`],
    ["a negative length", `${line}Content-Length: -1\r\n\r\n{}${inner}`],
    ["an odd transfer encoding", `${line}Transfer-Encoding: xchunked\r\n\r\n${chunk}`],
    ["a hidden transfer encoding", `${line}Transfer-Encoding : chunked\r\n\r\n${chunk}`],
    ["chunks twice encoded", `${line}Transfer-Encoding: chunked, identity\r\n\r\n${chunk}`],
    ["a header folded over lines", `${line}X: a\r\n Transfer-Encoding: chunked\r\n\r\n${chunk}`],
    ["a chunk without a number", `${line}Transfer-Encoding: chunked\r\n\r\nzz\r\n${chunk}`],
    ["a chunk larger than all numbers", `${line}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n${chunk}`],
    ["bare line feeds", `${line.replaceAll("\r\n", "\n")}Content-Length: 2\n\n{}${inner}`],
    ["a NUL in a header", `${line}X: a\0b\r\nContent-Length: 2\r\n\r\n{}${inner}`],
    ["no host", `GET /healthz HTTP/1.1\r\n\r\n${inner}`],
    ["another version", `GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n${inner}`],
  ])("by %s is refused, and what it carries is not answered as a request", async (_, text) => {
    const answers = answersIn(await raw(text));
    expect(answers.length).toBeLessThanOrEqual(1);
    for (const answer of answers) expect(answer).toMatch(/HTTP\/1\.1 (400|413|501|505)/);
  });
});

describe("many and slow clients", () => {
  const isServed = async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).status;

  it("1,000 connections that say nothing keep nobody from being served", async () => {
    const idle: Socket[] = [];
    try {
      for (let n = 0; n < 10; n++) idle.push(...(await Promise.all(Array.from({ length: 100 }, open))));
      const start = performance.now();
      expect(await isServed()).toBe(200);
      expect(performance.now() - start).toBeLessThan(2000);
    } finally {
      for (const socket of idle) socket.destroy();
    }
  }, 60_000);

  it("200 that begin a request and never end it keep nobody from being served", async () => {
    const half = await Promise.all(Array.from({ length: 200 }, open));
    for (const socket of half) socket.write(`POST ${base}/scans HTTP/1.1\r\nHost: x\r\nX-Half: `);
    expect(await isServed()).toBe(200);
    for (const socket of half) socket.destroy();
  }, 60_000);

  it("who asks for long lists and does not read them holds little memory, and nobody up", async () => {
    await server.services.pool.query(
      `insert into audit (at, actor, actor_name, address, action, subject, detail)
       select $1, 'token:1', 'x', null, 'test.fill', 'x:' || n, jsonb_build_object('text', repeat('x', 2000))
       from generate_series(1, 2000) n`,
      [new Date(now).toISOString()],
    );
    const { authorization } = await server.token({ role: "ROLE_ADMIN" });
    const heap = process.memoryUsage().rss;
    const sockets = await Promise.all(Array.from({ length: 30 }, open));
    for (const socket of sockets) {
      socket.pause();
      const path = "/platform/v1/platform-audit-events?limit=1000";
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`);
    }
    await wait(1000);
    expect(await isServed()).toBe(200);
    // Connections to the database are given back before an answer is read.
    expect(server.services.pool.waitingCount).toBe(0);
    expect(process.memoryUsage().rss - heap).toBeLessThan(400 * 2 ** 20);
    for (const socket of sockets) socket.destroy();
    expect(await isServed()).toBe(200);
  }, 60_000);
});
