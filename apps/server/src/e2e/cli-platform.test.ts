import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWorkers } from "@plimsoll/platform";
import { alpineLayer, dockerArchiveOf, imageOf, runChild } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { now, startTestServer, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
let url: string;
let folder: string;
let image: string;

const alpine = alpineLayer("zlib 1.2.12-r0", "expat 2.4.1-r0", "openssl 3.1.0-r0");
const lodash = [{ path: "srv/node_modules/lodash/package.json", body: '{"name":"lodash","version":"4.17.20"}' }];

beforeAll(async () => {
  server = await startTestServer();
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  folder = mkdtempSync(join(tmpdir(), "plimsoll-platform-"));
  image = join(folder, "shop.tar");
  writeFileSync(image, dockerArchiveOf([{ ...imageOf([alpine, lodash]), tags: ["shop/web:1.0"] }]));
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const clock = { SOURCE_DATE_EPOCH: String(now / 1000) };

async function tokenText(): Promise<string> {
  return (await server.token()).authorization.replace("Bearer ", "");
}

async function scan(...args: readonly string[]) {
  return runChild({ args: [image, ...args], env: { ...clock, SECURE_API_TOKEN: await tokenText() } });
}

describe("plimsoll scan --apiurl", () => {
  it.each(["json-v1", "json-v0", "sarif", "junit", "csv", "markdown"])(
    "writes as %s what a scan without a platform writes, byte for byte, and ends alike",
    async (format) => {
      const here = await scan("--standalone", "--dbpath", server.database, "--output", format);
      const there = await scan("--apiurl", url, "--output", format);
      expect(here.stdout).not.toBe("");
      // How long it took is in the document.
      const timeless = (text: string) => text.replace(/"(scanDuration|time)":\s?"?[^",]+"?/g, "");
      expect(timeless(there.stdout)).toBe(timeless(here.stdout));
      expect(there.stderr).toBe(here.stderr);
      expect(there.code).toBe(here.code);
    },
  );

  it("leaves a result that the platform lists", async () => {
    await scan("--apiurl", `${url}/`, "--override-pullstring", "kept/app:1");
    const headers = await server.token({ role: "ROLE_TEAM_READ" });
    const filter = `filter=${encodeURIComponent('freeText in ("kept/")')}`;
    const list = await server.app.inject({ url: `/secure/vulnerability/v1/pipeline-results?${filter}`, headers });
    expect(list.json().data[0]).toMatchObject({ pullString: "kept/app:1" });
  });

  it("evaluates policies by name, and tells one that nobody knows", async () => {
    const known = await scan("--apiurl", url, "--policy", "PCI DSS v4.0", "--output", "json-v1");
    const unknown = await scan("--apiurl", url, "--policy", "no such policy");
    expect([known.code, unknown.code]).toEqual([1, 2]);
    expect(unknown.stderr).toContain("no such policy");
  });

  it("says what to do about a token that is none, and does not show it", async () => {
    const child = await runChild({ args: [image, "--apiurl", url], env: { ...clock, SECURE_API_TOKEN: "hush-hush" } });
    expect(child.code).toBe(3);
    expect(child.stderr).toContain("[PLATFORM_TOKEN]");
    expect(child.stderr).not.toContain("hush-hush");
  });
});

describe("a platform that leaves scans to jobs", () => {
  it("is followed: the same is written, byte for byte, and it ends alike; the result is kept once", async () => {
    await using _ = await startWorkers(server.services, { beatMs: 100, graceMs: 500 });
    await using busy = await leavingToJobs();
    const atOnce = await scan("--apiurl", url, "--output", "json-v1", "--override-pullstring", "at/once");
    const followed = await scan("--apiurl", busy.url, "--output", "json-v1", "--override-pullstring", "at/once");
    const timeless = (text: string) => text.replace(/"(scanDuration|time)":\s?"?[^",]+"?/g, "");
    expect(busy.answered()).toEqual([202, 200]);
    expect(timeless(followed.stdout)).toBe(timeless(atOnce.stdout));
    expect([followed.code, followed.stderr]).toEqual([atOnce.code, atOnce.stderr]);
    const sql = "select from result r join asset a on a.id = r.asset_id where a.name = 'at/once'";
    expect((await server.services.pool.query(sql)).rows).toHaveLength(1);
  });

  it("is followed to the sender's own fault, as if it had been told at once", async () => {
    await using _ = await startWorkers(server.services, { beatMs: 100, graceMs: 500 });
    await using busy = await leavingToJobs();
    const atOnce = await scan("--apiurl", url, "--policy", "no such policy");
    const followed = await scan("--apiurl", busy.url, "--policy", "no such policy");
    expect([followed.code, followed.stdout, followed.stderr]).toEqual([2, "", atOnce.stderr]);
  });

  it("is waited for as long as --apitimeout says", async () => {
    await using busy = await leavingToJobs();
    const child = await scan("--apiurl", busy.url, "--apitimeout", "3");
    expect([child.code, child.stdout]).toEqual([3, ""]);
    expect(child.stderr).toContain("[PLATFORM_TIMEOUT]");
  });

  it("whose job was given up: 3, and why", async () => {
    await using busy = await leavingToJobs();
    const ending = setInterval(() => {
      void server.services.pool.query(
        "update job set state = 'dead', ended_at = now(), error_code = 'JOB_CRASHED', crashes = 3 where state = 'queued'",
      );
    }, 200);
    const child = await scan("--apiurl", busy.url, "--override-pullstring", "given/up").finally(() =>
      clearInterval(ending),
    );
    expect([child.code, child.stdout]).toEqual([3, ""]);
    expect(child.stderr).toContain("[PLATFORM_FAILED]");
    expect(child.stderr).toContain("ended 3 times");
  });
});

describe("plimsoll scan --detach", () => {
  it("prints where the job is and exits 0, whatever its verdict will be; the job keeps the result", async () => {
    const child = await scan("--apiurl", `${url}/`, "--detach", "--override-pullstring", "left/behind");
    expect([child.code, child.stderr]).toEqual([0, ""]);
    const [, id] = new RegExp(`^${url}/secure/vulnerability/v1/jobs/(\\d+)\n$`).exec(child.stdout) ?? [];
    await using _ = await startWorkers(server.services, { beatMs: 100, graceMs: 500 });
    const headers = await server.token({ role: "ROLE_ADMIN" });
    const job = await server.app.inject({ url: `/secure/vulnerability/v1/jobs/${id}?wait=20`, headers });
    expect(job.json()).toMatchObject({ state: "done", name: "evaluate-scan" });
    const result = await server.app.inject({ url: `/secure/vulnerability/v1/results/${job.json().resultId}`, headers });
    expect(result.statusCode).toBe(200);
  });

  it.each([
    ["without a platform", []],
    ["with a report to write", ["--apiurl", "http://127.0.0.1:1", "--output", "json-v1"]],
    ["with a baseline", ["--apiurl", "http://127.0.0.1:1", "--baseline", "dir:/"]],
    ["with nothing kept", ["--apiurl", "http://127.0.0.1:1", "--skipupload"]],
  ])("is refused %s", async (_, args) => {
    const child = await scan("--detach", ...args);
    expect([child.code, child.stdout]).toEqual([2, ""]);
    expect(child.stderr).toContain("[NOT_DETACHED]");
  });
});

/** The platform as it is when its queue is long: what does not say how to be answered is left to a job. */
async function leavingToJobs() {
  const statuses: number[] = [];
  const front = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const isScan = request.url?.endsWith("/scans") === true;
    const { host: _, connection: __, "content-length": ___, ...headers } = request.headers;
    const prefer = isScan && headers.prefer === undefined ? { prefer: "respond-async" } : {};
    const { method = "GET", url: path = "/" } = request;
    const passed = { ...headers, ...prefer } as Record<string, string>;
    const answer = await server.app.inject({
      method: method as "GET",
      url: path,
      headers: passed,
      payload: Buffer.concat(chunks),
    });
    if (isScan) statuses.push(answer.statusCode);
    response.writeHead(answer.statusCode, { "content-type": "application/json" }).end(answer.body);
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  const address = front.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    answered: () => statuses,
    [Symbol.asyncDispose]: async () => {
      front.closeAllConnections();
      front.close();
    },
  };
}

describe("a platform that is none", () => {
  it.each([
    ["answers HTML", "<html>sign in</html>", "BAD_JSON"],
    ["answers something else", '{"received":1e99}', "PLATFORM_UNEXPECTED"],
    ["answers nothing", "", "BAD_JSON"],
  ])("%s: 3, and no verdict", async (_, body, code) => {
    await using liar = await lying(body);
    const child = await scan("--apiurl", liar.url);
    expect([child.code, child.stdout]).toEqual([3, ""]);
    expect(child.stderr).toContain(`[${code}]`);
  });

  it("whose report is of other packages is not believed", async () => {
    const finding = {
      id: "a",
      packageId: "b",
      vulnerability: "c",
      severity: "high",
      aliases: [],
      details: [],
      providers: {},
    };
    await using liar = await lying((path) =>
      path.endsWith("/scans") ? JSON.stringify({ report: { findings: [finding] } }) : '{"received":99999999}',
    );
    const child = await scan("--apiurl", liar.url);
    expect([child.code, child.stdout]).toEqual([3, ""]);
    expect(child.stderr).toContain("[PLATFORM_UNEXPECTED]");
  });
});

async function lying(body: string | ((path: string) => string)): Promise<{ readonly url: string } & AsyncDisposable> {
  const liar: Server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      response.setHeader("content-type", "application/json");
      response.end(typeof body === "string" ? body : body(request.url ?? ""));
    });
  });
  await new Promise<void>((resolve) => liar.listen(0, "127.0.0.1", resolve));
  const address = liar.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      liar.closeAllConnections();
      liar.close();
    },
  };
}
