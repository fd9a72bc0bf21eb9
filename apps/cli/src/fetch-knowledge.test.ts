import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  kitErrors,
  PlimsollError,
  silentLog,
} from "@plimsoll/kit";
import type { Package, Sbom } from "@plimsoll/model";
import { buildFromRecords, dbStatus } from "@plimsoll/vulndb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openKnowledge } from "./knowledge.ts";
import { testWorld } from "./testing/test-world.ts";
import type { Tools } from "./tools.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plimsoll-fetch-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const secdb = JSON.stringify({
  distroversion: "v3.18",
  reponame: "main",
  urlprefix: "https://dl-cdn.alpinelinux.org/alpine",
  packages: [{ pkg: { name: "openssl", secfixes: { "3.1.4-r1": ["CVE-2023-5363"] } } }],
});

/** Upstream of Alpine and nobody else; says what was asked. */
function upstream(answers: boolean): { readonly http: HttpClient; readonly asked: string[] } {
  const asked: string[] = [];
  const request = async ({ url }: HttpRequest): Promise<HttpResponse> => {
    asked.push(url);
    if (!answers || !url.includes("secdb.alpinelinux.org")) {
      throw new PlimsollError("HOST_UNREACHABLE", kitErrors.HOST_UNREACHABLE, {
        fields: { host: new URL(url).host, reason: "no such host" },
      });
    }
    return responseOf(url, url.endsWith("main.json") ? secdb : null);
  };
  return { asked, http: { request, [Symbol.dispose]: () => undefined } };
}

function responseOf(url: string, text: string | null): HttpResponse {
  const bytes = Buffer.from(text ?? "");
  return {
    status: text === null ? 404 : 200,
    headers: { "content-length": String(bytes.length), "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT" },
    url,
    body: (async function* () {
      yield bytes;
    })(),
    bytes: async () => bytes,
    text: async () => bytes.toString(),
    json: async () => JSON.parse(bytes.toString()) as unknown,
    discard: () => undefined,
  };
}

function toolsWith(http: HttpClient): Tools {
  const progress = { show: () => undefined, [Symbol.dispose]: () => undefined };
  return {
    world: testWorld().world,
    log: silentLog,
    http,
    registryHttp: http,
    progress,
    cache: null,
    [Symbol.dispose]: () => undefined,
  };
}

function alpine(...ecosystems: string[]): Sbom {
  const packages = ["apk", ...ecosystems].map((ecosystem) => ({ ecosystem, name: "x" }) as Package);
  const distro = { id: "alpine", idLike: [], versionId: "3.18.4" };
  return { distro, packages } as unknown as Sbom;
}

describe("a scan without a database", () => {
  it("fetches the feeds its target needs, and none other", async () => {
    const { http, asked } = upstream(true);
    await using known = await openKnowledge(alpine(), { dbpath: folder, cache: true }, toolsWith(http));
    expect(known.base.status.starter).toBe(false);
    expect(known.base.coverage("alpine:3.18").map(({ id }) => id)).toEqual(["alpine-secdb"]);
    expect(known.base.coverage("alpine:3.19")).toEqual([]);
    expect(asked.filter((url) => /alpinelinux/.test(url)).every((url) => url.includes("v3.18"))).toBe(true);
    expect(asked.filter((url) => /debian|ubuntu/.test(url))).toEqual([]);
  });

  it.each([
    ["--skip-get-database", { skipGetDatabase: true }],
    ["--offline-analyzer", { offlineAnalyzer: true }],
    ["--standalone", { standalone: true }],
  ] as const)("asks nobody with %s", async (_, options) => {
    const { http, asked } = upstream(true);
    const known = openKnowledge(alpine(), { dbpath: folder, cache: false, ...options }, toolsWith(http));
    await known.then(
      (opened) => {
        expect(opened.base.status.starter).toBe(true);
        expect(opened.problems.map(({ code }) => code)).toEqual(["no-database"]);
        return opened[Symbol.asyncDispose]();
      },
      (error: unknown) => expect(error).toHaveProperty("code", "STARTER_DAMAGED"),
    );
    expect(asked).toEqual([]);
  });
});

describe("a scan with a database", () => {
  it("asks for what an earlier scan did not need, and keeps what there is when that fails", async () => {
    await (await openKnowledge(alpine(), { dbpath: folder, cache: true }, toolsWith(upstream(true).http)))[
      Symbol.asyncDispose
    ]();
    const before = dbStatus(join(folder, "vulndb.sqlite"));
    const { http, asked } = upstream(false);
    await using known = await openKnowledge(alpine("npm"), { dbpath: folder, cache: true }, toolsWith(http));
    expect(asked.length).toBeGreaterThan(0);
    expect(known.base.coverage("alpine:3.18")).toHaveLength(1);
    expect(before.ecosystems.map(({ ecosystem }) => ecosystem)).toEqual(["alpine:3.18"]);
  });

  it("asks nobody when all is covered", async () => {
    const options = { dbpath: folder, cache: true };
    await (await openKnowledge(alpine(), options, toolsWith(upstream(true).http)))[Symbol.asyncDispose]();
    const { http, asked } = upstream(true);
    await using known = await openKnowledge(alpine(), options, toolsWith(http));
    expect([asked, known.problems]).toEqual([[], []]);
  });

  it("never replaces one that was built by hand", async () => {
    await buildFromRecords([], { out: join(folder, "vulndb.sqlite"), now: 0 });
    const { http, asked } = upstream(true);
    await using known = await openKnowledge(alpine(), { dbpath: folder, cache: true }, toolsWith(http));
    expect(asked).toEqual([]);
    expect(known.base.coverage("alpine:3.18")).toEqual([]);
    expect(readdirSync(folder)).toEqual(["vulndb.sqlite"]);
  });
});
