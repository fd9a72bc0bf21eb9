import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get as httpsGet } from "node:https";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as tlsConnect } from "node:tls";
import { type Log, silentLog } from "@plimsoll/kit";
import { testCertificates } from "@plimsoll/testkit";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type NetworkSettings, usualNetwork } from "./http-server.ts";
import { newFastify } from "./new-fastify.ts";
import { observeRequests } from "./observe-requests.ts";
import { openTlsFiles } from "./tls-files.ts";

let app: FastifyInstance;
let folder: string;
const logged: Record<string, unknown>[] = [];
const log: Log = { ...silentLog, info: (message, fields) => void logged.push({ message, ...fields }) };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plimsoll-network-"));
  logged.length = 0;
});
afterEach(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An app that tells what it was told, listening. */
async function start(network: Partial<NetworkSettings> = {}): Promise<{ readonly port: number; readonly url: string }> {
  app = newFastify({ ...usualNetwork, ...network });
  const metrics = { contentType: "", answered: () => undefined, text: async () => "" };
  observeRequests(app, { log, metrics });
  app.get("/seen", async ({ ip, protocol, host, url }) => ({ ip, protocol, host, url }));
  app.post("/body", async () => ({}));
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return { url, port: Number(new URL(url).port) };
}

const forwarded = {
  "x-forwarded-for": "203.0.113.9",
  "x-forwarded-proto": "https",
  "x-forwarded-host": "plimsoll.example",
};

describe("what proxies say", () => {
  it("is believed of trusted ones", async () => {
    const { url } = await start({ trustedProxies: ["127.0.0.0/8"] });
    const answer = await fetch(`${url}/seen`, { headers: forwarded });
    expect(await answer.json()).toMatchObject({ ip: "203.0.113.9", protocol: "https", host: "plimsoll.example" });
    expect(answer.headers.get("strict-transport-security")).toBe("max-age=31536000");
  });

  it("is not believed of anybody else", async () => {
    const { url } = await start({ trustedProxies: ["10.0.0.0/8"] });
    const answer = await fetch(`${url}/seen`, { headers: forwarded });
    expect(await answer.json()).toMatchObject({ ip: "127.0.0.1", protocol: "http", host: new URL(url).host });
    expect(answer.headers.get("strict-transport-security")).toBe(null);
    expect(logged).toMatchObject([{ from: "127.0.0.1" }]);
  });

  it("is believed only as far as the first who is not trusted", async () => {
    const { url } = await start({ trustedProxies: ["127.0.0.1", "192.0.2.0/24"] });
    const headers = { "x-forwarded-for": "198.51.100.1, 203.0.113.9, 192.0.2.7" };
    expect(await (await fetch(`${url}/seen`, { headers })).json()).toMatchObject({ ip: "203.0.113.9" });
  });
});

describe("a base path", () => {
  it.each([
    ["/deep/plimsoll/seen?x=1", 200],
    ["/seen", 200],
    ["/deep/plimsollseen", 404],
    ["/deep/plimsoll/deep/plimsoll/seen", 404],
    ["/deep/plimsoll/../seen", 404],
  ])("%s: %i", async (path, status) => {
    await start({ basePath: "/deep/plimsoll" });
    expect((await app.inject({ url: path })).statusCode).toBe(status);
  });
});

describe("every answer", () => {
  it("bears the id that the log has, also one that is an error", async () => {
    await start();
    const headers = { "x-request-id": "my-own-id-1" };
    expect((await app.inject({ url: "/seen?token=x", headers })).headers["x-request-id"]).toBe("my-own-id-1");
    const lost = await app.inject({ url: "/nowhere" });
    expect(logged).toMatchObject([
      { message: "request", id: "my-own-id-1", path: "/seen", status: 200, method: "GET" },
      { id: lost.headers["x-request-id"], status: 404 },
    ]);
  });
});

describe("limits", () => {
  it("close a client that sends its headers slowly, one that sends its body slowly, and one that says nothing", async () => {
    const { port } = await start({ requestSeconds: 1 });
    const slow = [
      "GET /seen HTTP/1.1\r\nHost: x\r\nX-",
      "POST /body HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
      "",
    ];
    const answers = await Promise.all(slow.map((text) => dribble(port, text)));
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 408 |^$/);
  }, 15_000);

  it("refuse headers and bodies that are too large", async () => {
    const { url } = await start({ maxBody: 2000 });
    expect((await fetch(`${url}/seen`, { headers: { "x-long": "x".repeat(20_000) } })).status).toBe(431);
    const body = JSON.stringify("x".repeat(2000));
    const post = { method: "POST", body, headers: { "content-type": "application/json" } };
    expect((await fetch(`${url}/body`, post)).status).toBe(413);
  });

  it("leave what connects beyond the number unanswered, and serve on", async () => {
    const { port, url } = await start({ maxConnections: 3 });
    const held = await Promise.all([1, 2, 3].map(() => open(port)));
    const more = await open(port);
    await once(more, "close");
    for (const socket of held) socket.destroy();
    await expect.poll(async () => (await fetch(`${url}/seen`).catch(() => null))?.status).toBe(200);
  });
});

describe("TLS by file", () => {
  const write = (pair: { readonly cert: string; readonly key: string }) => {
    writeFileSync(join(folder, "cert.pem"), pair.cert);
    writeFileSync(join(folder, "key.pem"), pair.key);
  };
  const paths = () => ({ cert: join(folder, "cert.pem"), key: join(folder, "key.pem") });

  it("is spoken, with HSTS, and a new certificate is taken up without a stop; a bad one is not", async () => {
    write(testCertificates.server);
    const warnings: string[] = [];
    using tls = openTlsFiles(paths(), { ...silentLog, warn: (message) => void warnings.push(message) });
    const { port } = await start({ tls });
    const answer = await secureGet(port);
    expect(answer.headers["strict-transport-security"]).toBe("max-age=31536000");
    expect(await commonName(port)).toBe("server");
    write({ cert: "half a certifi", key: testCertificates.client.key });
    tls.reload();
    expect(warnings).toEqual([expect.stringContaining("the old one stays")]);
    expect(await commonName(port)).toBe("server");
    write(testCertificates.client);
    tls.reload();
    expect(await commonName(port)).toBe("client");
  });

  it.each([
    ["files that are missing", () => undefined],
    ["a key of another certificate", () => write({ ...testCertificates.server, key: testCertificates.client.key })],
    ["no PEM", () => write({ cert: "x", key: "y" })],
    ["a folder", () => copyFileSync(join(import.meta.dirname, "network.test.ts"), join(folder, "cert.pem"))],
  ])("refuses %s at the start", (_, make) => {
    make();
    expect(() => openTlsFiles(paths(), silentLog)).toThrow(expect.objectContaining({ code: "TLS_FILES" }));
  });
});

async function open(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** Sends a text, then a byte now and then; what comes back until the server closes. */
async function dribble(port: number, text: string): Promise<string> {
  const socket = await open(port);
  let said = "";
  socket.on("data", (data) => {
    said += data;
  });
  if (text !== "") socket.write(text);
  const timer = setInterval(() => void (text !== "" && socket.writable && socket.write("x")), 200);
  await once(socket, "close");
  clearInterval(timer);
  return said;
}

function secureGet(port: number) {
  return new Promise<{ readonly headers: Readonly<Record<string, unknown>> }>((resolve, reject) => {
    const options = { ca: testCertificates.ca, agent: false } as const;
    httpsGet(`https://localhost:${port}/seen`, options, (answer) => {
      answer.resume();
      resolve(answer);
    }).on("error", reject);
  });
}

async function commonName(port: number): Promise<unknown> {
  const socket = tlsConnect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const name = socket.getPeerCertificate().subject.CN;
  socket.destroy();
  return name;
}
