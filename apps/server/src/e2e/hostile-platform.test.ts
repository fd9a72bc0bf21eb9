import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  alpineLayer,
  dockerArchiveOf,
  type FaultyFrontOptions,
  type FrontPage,
  imageOf,
  type RegistryFault,
  runChild,
  startFaultyFront,
  startTestProxy,
  testCertificates,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { now, startTestServer, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
let target: string;
let folder: string;
let image: string;
let env: Record<string, string>;

const base = alpineLayer("zlib 1.2.12-r0", "expat 2.4.1-r0");

beforeAll(async () => {
  server = await startTestServer();
  target = await server.app.listen({ host: "127.0.0.1", port: 0 });
  folder = mkdtempSync(join(tmpdir(), "plimsoll-hostile-"));
  image = join(folder, "shop.tar");
  writeFileSync(image, dockerArchiveOf([{ ...imageOf([base]), tags: ["shop/web:1.0"] }]));
  const token = (await server.token()).authorization.replace("Bearer ", "");
  env = { SOURCE_DATE_EPOCH: String(now / 1000), SECURE_API_TOKEN: token };
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const report = () => join(folder, "report.json");

async function scan(url: string, flags: readonly string[] = [], more: Readonly<Record<string, string>> = {}) {
  rmSync(report(), { force: true });
  const args = [image, "--apiurl", url, "--output", `json=${report()}`, ...flags];
  const child = await runChild({ args, env: { ...env, ...more } });
  return { ...child, wrote: existsSync(report()) };
}

type Outcome = Awaited<ReturnType<typeof scan>>;

/** It says what went wrong, and nothing that could pass for an answer. */
function expectFailure({ code, stdout, stderr, wrote }: Outcome, error: string): void {
  expect({ code, stdout, wrote }, stderr).toEqual({ code: 3, stdout: "", wrote: false });
  expect(stderr).toContain(`[${error}]`);
  expect(stderr).toMatch(/next: \S/);
  expect(stderr).not.toContain(env.SECURE_API_TOKEN);
}

function expectVerdict({ code, stderr, wrote }: Outcome): void {
  expect({ code, wrote }, stderr).toEqual({ code: 1, wrote: true });
}

const front = (options: Omit<FaultyFrontOptions, "target">) => startFaultyFront({ target, ...options });
const always = /./;
const scans = /POST .*\/scans/;

describe("a platform that does not answer as it should: 3, what to do, and no verdict", () => {
  it("nobody is there", async () => {
    expectFailure(await scan("http://127.0.0.1:1"), "HOST_UNREACHABLE");
  });

  it.each<readonly [number, string, Readonly<Record<string, string>>]>([
    [401, "PLATFORM_TOKEN", {}],
    [403, "PLATFORM_TOKEN", {}],
    [404, "PLATFORM_REFUSED", {}],
    [400, "PLATFORM_REFUSED", {}],
    [500, "PLATFORM_FAILED", {}],
    [429, "PLATFORM_BUSY", { "retry-after": "3600" }],
    [503, "PLATFORM_BUSY", { "retry-after": "3600" }],
    [502, "PLATFORM_FAILED", { "retry-after": "3600" }],
    [302, "PLATFORM_REDIRECTS", { location: "https://login.example/" }],
  ])("status %i, at the first question and at the last", async (status, error, headers) => {
    for (const match of [always, scans]) {
      await using hostile = await front({ faults: [{ match, kind: "status", status, headers }] });
      expectFailure(await scan(hostile.url), error);
    }
  });

  it.each<readonly [string, Omit<FrontPage, "match">, string]>([
    [
      "a login page",
      { status: 200, headers: { "content-type": "text/html" }, body: "<html>sign in</html>" },
      "BAD_JSON",
    ],
    ["an empty success", { status: 200, body: "" }, "BAD_JSON"],
    ["a list", { status: 200, body: "[]" }, "PLATFORM_UNEXPECTED"],
    ["a success of nothing", { status: 200, body: "{}" }, "PLATFORM_UNEXPECTED"],
    ["a page that forbids", { status: 403, body: "<html>blocked by the gateway</html>" }, "PLATFORM_TOKEN"],
    [
      "a clean report of nothing",
      { status: 200, body: '{"resultId":null,"report":{"findings":[]}}' },
      "PLATFORM_UNEXPECTED",
    ],
  ])("%s, at the first question and at the last", async (_, page, error) => {
    for (const match of [always, scans]) {
      await using hostile = await front({ pages: [{ match, ...page }] });
      expectFailure(await scan(hostile.url), error);
    }
  });

  it("a page whose escape sequences would clear the terminal shows none", async () => {
    await using hostile = await front({ pages: [{ match: always, status: 400, body: "\u001b[2J\u001b]0;x\u0007" }] });
    const child = await scan(hostile.url);
    expectFailure(child, "PLATFORM_REFUSED");
    expect(child.stderr).not.toContain("\u001b");
  });

  it.each<readonly [string, RegistryFault]>([
    ["is slow", { match: scans, kind: "slow", delayMs: 20_000 }],
    ["stops in the middle of its answer", { match: scans, kind: "stall", keepBytes: 100 }],
  ])("%s: the wait ends when --apitimeout says", async (_, fault) => {
    await using hostile = await front({ faults: [fault] });
    const child = await scan(hostile.url, ["--apitimeout", "2"]);
    expectFailure(child, "PLATFORM_TIMEOUT");
    expect(child.wallMs).toBeLessThan(15_000);
  });

  it("an answer that is always cut off", async () => {
    await using hostile = await front({ faults: [{ match: scans, kind: "short", keepBytes: 1000 }] });
    expectFailure(await scan(hostile.url), "BODY_BROKEN");
  });

  it("an endless answer is not read beyond its limit", async () => {
    const body = `{"report":"${"x".repeat(260 * 2 ** 20)}"}`;
    await using hostile = await front({ pages: [{ match: scans, status: 200, body }] });
    expectFailure(await scan(hostile.url), "BODY_TOO_LARGE");
  });

  it("packages of another image", async () => {
    await using other = await front({});
    expectVerdict(await scan(other.url));
    const answer = {
      resultId: null,
      report: {
        sbom: {
          schemaVersion: 1,
          source: { kind: "image", transport: "x", name: "y" },
          image: null,
          distro: null,
          packages: [],
          problems: [],
          catalogers: [],
        },
        findings: [],
        problems: [],
        policies: [],
        suggestedFixes: [],
        knowledge: { feeds: [] },
        verdict: { status: "passed", complete: true },
        evaluatedAt: "x",
        stage: "pipeline",
      },
    };
    await using hostile = await front({ pages: [{ match: scans, status: 200, body: JSON.stringify(answer) }] });
    expectFailure(await scan(hostile.url), "PLATFORM_UNEXPECTED");
  });
});

describe("what passes, the scan outlives", () => {
  it.each<readonly [string, RegistryFault]>([
    [
      "a limit reached (Retry-After)",
      { match: scans, kind: "status", status: 429, headers: { "retry-after": "1" }, times: 1 },
    ],
    ["a server that restarts", { match: always, kind: "status", status: 503, times: 1 }],
    ["a connection cut before the answer", { match: scans, kind: "reset", times: 1 }],
    ["an answer cut off", { match: scans, kind: "short", keepBytes: 500, times: 1 }],
  ])("%s, and the result is kept once", async (name, fault) => {
    await using hostile = await front({ faults: [fault] });
    const child = await scan(hostile.url, ["--override-pullstring", `once/${name}`]);
    expectVerdict(child);
    if (fault.kind === "status" && fault.status === 429) expect(child.wallMs).toBeGreaterThan(1000);
    const { rows } = await server.services.pool.query(
      "select from result r join asset a on a.id = r.asset_id where a.name = $1",
      [`once/${name}`],
    );
    expect(rows).toHaveLength(1);
  });

  it("a platform that says it knows layers and then does not: it gets the whole SBOM", async () => {
    await using honest = await front({});
    expectVerdict(await scan(honest.url));
    await server.services.pool.query("delete from layer_analysis");
    await server.services.pool.query("delete from joined_layers");
    const known = honest.requests.map(({ line }) => line);
    expect(known).toContain("POST /secure/vulnerability/v1/layers/known");
    const layer = imageOf([base]).layers[0];
    const claim = { understood: true, known: [{ layer: layer?.diffId, size: layer?.tar.length }] };
    await using forgetful = await front({
      pages: [{ match: /layers\/known/, status: 200, body: JSON.stringify(claim) }],
    });
    expectVerdict(await scan(forgetful.url));
    expect(forgetful.requests.filter(({ line }) => scans.test(line)).map(({ status }) => status)).toEqual([404, 200]);
  });

  it("a platform that knows what it was not asked is not believed", async () => {
    const claim = { understood: true, known: [{ layer: `sha256:${"0".repeat(64)}`, size: 1 }] };
    await using hostile = await front({
      pages: [{ match: /layers\/known/, status: 200, body: JSON.stringify(claim) }],
    });
    expectFailure(await scan(hostile.url), "PLATFORM_UNEXPECTED");
  });

  it("a platform of another version gets whole SBOMs", async () => {
    const claim = { understood: false, known: [] };
    await using other = await front({ pages: [{ match: /layers\/known/, status: 200, body: JSON.stringify(claim) }] });
    expectVerdict(await scan(other.url));
  });
});

describe("the way to it", () => {
  it("TLS with an authority of one's own; without it: 3", async () => {
    await using secure = await front({ tls: true });
    const ca = join(folder, "ca.pem");
    writeFileSync(ca, testCertificates.ca);
    expectVerdict(await scan(secure.url, [], { SSL_CERT_FILE: ca }));
    expectFailure(await scan(secure.url), "TLS_FAILED");
    expectVerdict(await scan(secure.url, ["--skiptlsverify"]));
  });

  it("a proxy, with and without its consent", async () => {
    await using proxy = await startTestProxy({ routes: { "platform.test:80": target.replace("http://", "") } });
    expectVerdict(await scan("http://platform.test", [], { HTTP_PROXY: proxy.url }));
    expect(proxy.requests.length).toBeGreaterThan(1);
    await using closed = await startTestProxy({ credentials: "a:b" });
    expectFailure(await scan("http://platform.test", [], { HTTP_PROXY: closed.url }), "PROXY_FAILED");
  });
});
