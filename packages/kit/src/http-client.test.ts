import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { startTestProxy, startTestRegistry, testCertificates } from "@plimsoll/testkit";
import { afterEach, describe, expect, it } from "vitest";
import type { HttpConfig } from "./http.ts";
import { createHttpClient } from "./http-client.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function client(config: Partial<HttpConfig> = {}) {
  const slept: number[] = [];
  const sleep = async (ms: number) => void slept.push(ms);
  return { http: createHttpClient({ userAgent: "test", sleep, ...config }), slept };
}

describe("answers", () => {
  it("gives any status as a value, with lower-case headers", async () => {
    const base = await serve((_, response) => response.writeHead(404, { "X-Thing": "a" }).end("gone"));
    const response = await client().http.request({ url: `${base}/x` });
    expect([response.status, response.headers["x-thing"], await response.text(10)]).toEqual([404, "a", "gone"]);
  });

  it("reads a body at the limit and refuses one byte more", async () => {
    const base = await serve((_, response) => response.end("12345"));
    const { http } = client();
    expect(await (await http.request({ url: base })).text(5)).toBe("12345");
    await expect((await http.request({ url: base })).text(4)).rejects.toMatchObject({
      code: "BODY_TOO_LARGE",
      exit: 3,
    });
  });

  it("never takes a broken-off body for a whole one", async () => {
    const base = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half");
      setTimeout(() => response.destroy(), 20);
    });
    await expect((await client().http.request({ url: base })).text(1000)).rejects.toMatchObject({
      code: "BODY_BROKEN",
    });
  });

  it("says that HTML is not JSON", async () => {
    const base = await serve((_, response) => response.end("<html>login</html>"));
    await expect((await client().http.request({ url: base })).json(1000)).rejects.toMatchObject({ code: "BAD_JSON" });
  });
});

describe("retries", () => {
  it("waits as long as Retry-After says, then goes on", async () => {
    let calls = 0;
    const base = await serve((_, response) => {
      calls += 1;
      if (calls < 3) response.writeHead(429, { "retry-after": "7" }).end();
      else response.end("ok");
    });
    const { http, slept } = client();
    expect(await (await http.request({ url: base })).text(10)).toBe("ok");
    expect(slept).toEqual([7000, 7000]);
  });

  it("gives the last answer when the server stays ill, and at once when told to come back much later", async () => {
    const after = ["99999", "40", "2", ""];
    const base = await serve((request, response) => {
      response.writeHead(503, { "retry-after": after[Number(request.url?.slice(1))] }).end();
    });
    for (const [index, expected] of [[], [40_000, 40_000], [2000, 2000, 2000], [500, 1000, 2000]].entries()) {
      const { http, slept } = client();
      expect((await http.request({ url: `${base}/${index}` })).status).toBe(503);
      expect(slept).toEqual(expected);
    }
  });

  it("does not repeat a POST", async () => {
    let calls = 0;
    const base = await serve((_, response) => {
      calls += 1;
      response.writeHead(503).end();
    });
    expect((await client().http.request({ url: base, method: "POST", body: "x" })).status).toBe(503);
    expect(calls).toBe(1);
  });
});

describe("redirects", () => {
  it("keeps Authorization within the origin and drops it beyond", async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end("blob");
    });
    const base = await serve((request, response) => {
      seen.push(request.headers.authorization);
      const target = request.url === "/a" ? "/b" : `${other}/c`;
      response.writeHead(307, { location: target }).end();
    });
    const response = await client().http.request({ url: `${base}/a`, headers: { Authorization: "Bearer s3cret" } });
    expect(await response.text(10)).toBe("blob");
    expect(seen).toEqual(["Bearer s3cret", "Bearer s3cret", undefined]);
  });

  it("ends a redirect loop", async () => {
    const base = await serve((_, response) => response.writeHead(302, { location: "/" }).end());
    await expect(client().http.request({ url: base })).rejects.toMatchObject({ code: "TOO_MANY_REDIRECTS" });
  });

  it("does not follow to another scheme", async () => {
    const base = await serve((_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end());
    await expect(client().http.request({ url: base })).rejects.toMatchObject({ code: "UNSAFE_REDIRECT" });
  });
});

describe("no answer", () => {
  it("names an unreachable host", async () => {
    const refused = client().http.request({ url: "http://127.0.0.1:1/", retries: 0 });
    await expect(refused).rejects.toMatchObject({
      code: "HOST_UNREACHABLE",
      message: expect.stringContaining("refused"),
    });
  });

  it("gives up on silence", async () => {
    const base = await serve(() => undefined);
    const silent = client({ idleTimeoutMs: 50 }).http.request({ url: base, retries: 0 });
    await expect(silent).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  it("gives up on a body that stops dripping", async () => {
    const base = await serve((_, response) => void response.writeHead(200).write("x"));
    const response = await client({ idleTimeoutMs: 50 }).http.request({ url: base });
    await expect(response.text(10)).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  it("gives up on a body that drips without an end, and not on one that is slow to be read", async () => {
    const base = await serve((request, response) => {
      if (request.url === "/whole") return void response.end("x".repeat(20_000));
      const drip = setInterval(() => response.write("x"), 20);
      response.once("close", () => clearInterval(drip));
    });
    const { http } = client({ idleTimeoutMs: 100 });
    await expect((await http.request({ url: base })).text(100)).rejects.toMatchObject({ code: "TOO_SLOW" });
    let size = 0;
    for await (const chunk of (await http.request({ url: `${base}/whole` })).body) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      size += chunk.length;
    }
    expect(size).toBe(20_000);
  });

  it("makes no request when offline, and its error holds no credentials", async () => {
    const offline = client({ offline: true }).http.request({ url: "https://user:pass@example.test/secret?token=1" });
    await expect(offline).rejects.toMatchObject({ code: "OFFLINE", message: expect.not.stringMatching(/pass|token/) });
  });

  it("hands over an abort", async () => {
    const base = await serve(() => undefined);
    const controller = new AbortController();
    const pending = client().http.request({ url: base, signal: controller.signal });
    setTimeout(() => controller.abort(new Error("stop")), 20);
    await expect(pending).rejects.toThrow("stop");
  });
});

describe("proxies", () => {
  it("http goes through with the whole address, and credentials go to the proxy alone", async () => {
    const seen: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      seen.push(request.url, request.headers["proxy-authorization"]);
      response.end("there");
    });
    await using proxy = await startTestProxy({
      credentials: "me:p@ss",
      routes: { "registry.test:80": base.slice("http://".length) },
    });
    const proxyEnv = { http_proxy: proxy.url.replace("//", "//me:p%40ss@") };
    const { http } = client({ proxyEnv });
    expect(await (await http.request({ url: "http://registry.test/x?y" })).text(10)).toBe("there");
    expect(await (await http.request({ url: `${base}/direct` })).text(10)).toBe("there");
    expect(proxy.requests).toEqual(["GET http://registry.test/x?y"]);
    expect(seen[0]).toBe("/x?y");
    http[Symbol.dispose]();
  });

  it("https goes through a tunnel, verified as ever", async () => {
    await using registry = await startTestRegistry({ tls: true });
    await using proxy = await startTestProxy({ routes: { "registry.test:443": registry.host } });
    const proxyEnv = { HTTPS_PROXY: proxy.url };
    const url = "https://registry.test/v2/";
    const { http } = client({ proxyEnv, extraCa: () => [testCertificates.ca] });
    expect((await http.request({ url })).status).toBe(200);
    expect(proxy.requests).toEqual(["CONNECT registry.test:443", "CONNECT registry.test:443"]);
    await expect(client({ proxyEnv }).http.request({ url })).rejects.toMatchObject({ code: "TLS_FAILED" });
    const exempt = client({ proxyEnv: { ...proxyEnv, NO_PROXY: ".other, registry.test" } }).http;
    await expect(exempt.request({ url })).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
  });

  it.each([
    ["that refuses", { tunnels: "refuse" }, "PROXY_FAILED", "status 403"],
    ["that asks who is there", { credentials: "a:b" }, "PROXY_FAILED", "status 407"],
    ["that cuts the connection", { tunnels: "cut" }, "PROXY_FAILED|HOST_UNREACHABLE", ""],
    ["that says nothing", { tunnels: "hang" }, "TIMEOUT", "within 1 s"],
  ] as const)("one %s: %j is %s", async (...[, options, codes, words]) => {
    await using proxy = await startTestProxy(options);
    const { http } = client({
      proxyEnv: { HTTPS_PROXY: proxy.url.replace("//", "//u:s3cret@") },
      answerTimeoutMs: 500,
    });
    const error = await http.request({ url: "https://registry.test/" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: expect.stringMatching(`^(?:${codes})$`),
      message: expect.stringContaining(words),
    });
    expect(`${error} ${JSON.stringify(error)}`).not.toContain("s3cret");
  });

  it("one that is not there, and one that asks who is there for http", async () => {
    const gone = client({ proxyEnv: { HTTP_PROXY: "127.0.0.1:1", HTTPS_PROXY: "127.0.0.1:1" } }).http;
    for (const url of ["http://registry.test/", "https://registry.test/"]) {
      await expect(gone.request({ url })).rejects.toMatchObject({
        code: "PROXY_FAILED",
        message: expect.stringContaining("127.0.0.1:1"),
      });
    }
    await using proxy = await startTestProxy({ credentials: "a:b" });
    const asked = client({ proxyEnv: { HTTP_PROXY: proxy.url } }).http.request({ url: "http://registry.test/" });
    await expect(asked).rejects.toMatchObject({ code: "PROXY_FAILED", message: expect.stringContaining("407") });
  });
});

describe("certificates", () => {
  it("of a host: its authority, the client's own; not shown to where it redirects", async () => {
    await using registry = await startTestRegistry({ tls: "client" });
    const url = `https://${registry.host}/v2/`;
    const tls = { ca: [testCertificates.ca], ...testCertificates.client };
    const { http } = client();
    expect((await http.request({ url, tls })).status).toBe(200);
    await expect(http.request({ url, tls: { ca: tls.ca }, retries: 0 })).rejects.toMatchObject({
      name: "PlimsollError",
    });
    await expect(http.request({ url, retries: 0 })).rejects.toMatchObject({ code: "TLS_FAILED" });
    await using elsewhere = await startTestRegistry({ tls: "client" });
    elsewhere.addFault({ match: /./, kind: "status", status: 307, headers: { location: url } });
    const redirected = http.request({ url: `https://${elsewhere.host}/v2/x`, tls, retries: 0 });
    await expect(redirected).rejects.toMatchObject({ code: "TLS_FAILED" });
  });

  it("more authorities are read once, and only when one is missing", async () => {
    await using registry = await startTestRegistry({ tls: true });
    let asked = 0;
    const extraCa = () => {
      asked++;
      return [testCertificates.ca];
    };
    const { http } = client({ extraCa });
    for (let round = 0; round < 3; round++) {
      expect((await http.request({ url: `https://${registry.host}/v2/` })).status).toBe(200);
    }
    expect(asked).toBe(1);
  });
});

describe("silence before the headers", () => {
  it("is waited for once more and no longer than told, also when headers drip", async () => {
    let calls = 0;
    const server = createTcpServer((socket) => {
      calls++;
      socket.on("error", () => undefined);
      const drip = setInterval(() => socket.write("H"), 20);
      socket.once("close", () => clearInterval(drip));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const started = performance.now();
    await expect(client({ answerTimeoutMs: 200 }).http.request({ url })).rejects.toMatchObject({
      code: expect.stringMatching(/TIMEOUT|HOST_UNREACHABLE/),
    });
    expect(performance.now() - started).toBeLessThan(2000);
    const base = await serve(() => void calls++);
    calls = 0;
    await expect(client({ answerTimeoutMs: 100 }).http.request({ url: base })).rejects.toMatchObject({
      code: "TIMEOUT",
    });
    expect(calls).toBe(2);
    server.close();
  });
});
