import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerArchiveOf, imageOf, runChild } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { now, startTestServer, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
let url: string;
let folder: string;
let image: string;

const alpine = [
  { path: "etc/os-release", body: "ID=alpine\nVERSION_ID=3.18.4\n" },
  {
    path: "lib/apk/db/installed",
    body: ["zlib 1.2.12-r0", "expat 2.4.1-r0", "openssl 3.1.0-r0"]
      .map((text) => text.split(" "))
      .map(([name, version]) => `P:${name}\nV:${version}\nA:x86_64\no:${name}\n\n`)
      .join(""),
  },
];
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
