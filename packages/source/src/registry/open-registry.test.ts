import { createHash } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createHttpClient, defaultLimits, type HttpClient, type Limits, silentLog } from "@plimsoll/kit";
import type { DiffId } from "@plimsoll/model";
import { imageOf, indexOf, sha256Of, startTestRegistry, type TestImage } from "@plimsoll/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { platformOf } from "../image/platform.ts";
import { type Recorder, recorder } from "../testing/recorder.ts";
import type { Credentials } from "./credentials.ts";
import { openRegistry } from "./open-registry.ts";

interface How {
  readonly credentials?: Credentials;
  readonly platform?: string;
  readonly limits?: Partial<Limits>;
  readonly insecureHttp?: boolean;
  readonly idleTimeoutMs?: number;
  readonly sleeps?: number[];
  readonly log?: string[];
}

const clients: HttpClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client[Symbol.dispose]();
});

async function readAll(reference: string, how: How = {}) {
  const write = (message: string, fields?: unknown) => void how.log?.push(`${message} ${JSON.stringify(fields)}`);
  const log = { ...silentLog, debug: write, info: write, warn: write };
  const http = createHttpClient({
    userAgent: "test",
    idleTimeoutMs: how.idleTimeoutMs ?? 2000,
    sleep: async (ms) => void how.sleeps?.push(ms),
    log,
  });
  clients.push(http);
  const [os = "linux", architecture = "amd64", variant] = (how.platform ?? "linux/amd64").split("/");
  await using image = await openRegistry(reference, {
    http,
    credentials: async () => how.credentials ?? null,
    insecureHttp: how.insecureHttp ?? false,
    wish: { platform: platformOf(os, architecture, variant), isExplicit: how.platform !== undefined },
    limits: { ...defaultLimits, ...how.limits },
    log,
  });
  const started: Recorder[] = [];
  const read = await image.readLayers(() => {
    const visitor = recorder();
    started.push(visitor);
    return visitor;
  });
  return { read, layers: new Map(started.map((visitor) => [visitor.ends[0]?.diffId, visitor])) };
}

const noise = createHash("shake256", { outputLength: 200_000 }).update("noise").digest();
const layers = [
  [
    { path: "etc/os-release", body: "ID=alpine\n" },
    { path: "noise", body: noise },
  ],
  [{ path: "app", body: "hello" }],
];
const image = imageOf(layers);
const user: Credentials = { kind: "password", user: "me", password: "s3cret-word" };

describe("openRegistry", () => {
  it.each([
    ["OCI gzip", imageOf(layers)],
    ["OCI zstd", imageOf(layers, { compression: "zstd" })],
    ["Docker gzip", imageOf(layers, { mediaTypes: "docker" })],
    ["OCI plain", imageOf(layers, { compression: "none" })],
  ])("reads %s", async (_, pushed) => {
    await using registry = await startTestRegistry();
    const { read, layers: seen } = await readAll(registry.push("team/app", "1", pushed));
    expect(read.problems).toEqual([]);
    expect(read.image).toMatchObject({ imageId: pushed.imageId, digest: pushed.manifest.digest });
    expect(read.image.layers.map((layer) => [layer.diffId, layer.digest, layer.size])).toEqual(
      pushed.layers.map((layer) => [layer.diffId, layer.digest, layer.tar.length]),
    );
    expect(seen.get(pushed.layers[0]?.diffId as string as DiffId)?.bodies.get("noise")).toEqual(noise);
  });

  it("reads by digest, and by tag and digest", async () => {
    await using registry = await startTestRegistry();
    registry.push("app", "1", image);
    for (const name of [`app@${image.manifest.digest}`, `app:other@${image.manifest.digest}`]) {
      expect((await readAll(`${registry.host}/${name}`)).read.image.digest).toBe(image.manifest.digest);
    }
  });

  it("chooses from an index by platform", async () => {
    const arm6 = imageOf([[{ path: "6", body: "" }]], { architecture: "arm", variant: "v6" });
    const arm7 = imageOf([[{ path: "7", body: "" }]], { architecture: "arm", variant: "v7" });
    await using registry = await startTestRegistry();
    const images = [image, arm6, arm7];
    const reference = registry.pushIndex("app", "1", { index: indexOf(images), images });
    const table: [string, TestImage][] = [
      ["linux/amd64", image],
      ["linux/arm/v6", arm6],
      ["linux/arm", arm7],
    ];
    for (const [platform, expected] of table) {
      expect((await readAll(reference, { platform })).read.image.imageId, platform).toBe(expected.imageId);
    }
    await expect(readAll(reference, { platform: "linux/s390x" })).rejects.toMatchObject({ code: "PLATFORM_NOT_FOUND" });
    const only = registry.push("only", "1", arm7);
    expect((await readAll(only)).read.image.imageId).toBe(arm7.imageId);
    await expect(readAll(only, { platform: "linux/amd64" })).rejects.toMatchObject({
      code: "PLATFORM_NOT_FOUND",
      exit: 2,
    });
  });

  it.each(["basic", "bearer"] as const)("logs in with %s", async (mode) => {
    await using registry = await startTestRegistry({ auth: { mode, user: "me", password: "s3cret-word" } });
    const reference = registry.push("team/app", "1", image);
    expect((await readAll(reference, { credentials: user })).read.image.imageId).toBe(image.imageId);
    if (mode === "bearer") {
      const tokens = registry.requests.filter(({ path }) => path.startsWith("/token"));
      expect(tokens).toHaveLength(1);
      expect(decodeURIComponent(tokens[0]?.path ?? "")).toContain("scope=repository:team/app:pull");
    }
  });

  it("gets a token as nobody", async () => {
    await using registry = await startTestRegistry({ auth: { mode: "bearer" } });
    expect((await readAll(registry.push("app", "1", image))).read.image.imageId).toBe(image.imageId);
    expect(registry.requests.filter(({ path }) => path.startsWith("/token"))[0]?.authorization).toBeNull();
  });

  it("takes up a broken download where it broke", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    const blob = image.layers[0];
    registry.addFault({ match: new RegExp(`blobs/${blob?.digest}`), kind: "short", keepBytes: 1000, times: 1 });
    expect((await readAll(reference)).read.image.imageId).toBe(image.imageId);
    expect(registry.requests.filter(({ range }) => range === "bytes=1000-")).toHaveLength(1);
  });

  it("gets a new token when one expires in the middle", async () => {
    await using registry = await startTestRegistry({ auth: { mode: "bearer", user: "me", password: "s3cret-word" } });
    const reference = registry.push("app", "1", image);
    registry.addFault({
      match: /GET .*blobs/,
      kind: "status",
      status: 401,
      times: 1,
      headers: { "www-authenticate": `Bearer realm="http://${registry.host}/token"` },
    });
    expect((await readAll(reference, { credentials: user })).read.image.imageId).toBe(image.imageId);
  });

  it("429 then OK: waits as long as told", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    registry.addFault({ match: /manifests/, kind: "status", status: 429, times: 1, headers: { "retry-after": "7" } });
    const sleeps: number[] = [];
    expect((await readAll(reference, { sleeps })).read.image.imageId).toBe(image.imageId);
    expect(sleeps).toEqual([7000]);
  });
});

describe("openRegistry with bad registries", () => {
  it.each<[string, How, string]>([
    ["missing credentials", {}, "CREDENTIALS_MISSING"],
    ["wrong credentials", { credentials: { ...user, password: "wrong-word" } as Credentials }, "ACCESS_DENIED"],
  ])("%s, for Basic and Bearer; nothing secret in error or log", async (_, how, code) => {
    for (const mode of ["basic", "bearer"] as const) {
      await using registry = await startTestRegistry({ auth: { mode, user: "me", password: "s3cret-word" } });
      const reference = registry.push("app", "1", image);
      const log: string[] = [];
      const error = await readAll(reference, { ...how, log }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code, exit: 3 });
      const shown = `${JSON.stringify(error)} ${String(error)} ${(error as { next: string }).next} ${log.join("\n")}`;
      expect(shown).not.toMatch(/wrong-word|s3cret|token-\d/);
      expect(registry.requests.length).toBeLessThan(8);
    }
  });

  it("401 loop ends after one login", async () => {
    await using registry = await startTestRegistry({ auth: { mode: "bearer" } });
    const reference = registry.push("app", "1", image);
    const header = `Bearer realm="http://${registry.host}/token",service="s"`;
    registry.addFault({ match: /manifests/, kind: "status", status: 401, headers: { "www-authenticate": header } });
    await expect(readAll(reference)).rejects.toMatchObject({ code: "CREDENTIALS_MISSING" });
    expect(registry.requests.filter(({ path }) => path.includes("/manifests/"))).toHaveLength(2);
  });

  it("redirect to another host does not carry the token", async () => {
    for (const auth of [
      { mode: "bearer", user: "me", password: "s3cret-word" },
      { mode: "basic", user: "me", password: "s3cret-word" },
    ] as const) {
      await using registry = await startTestRegistry({ redirectBlobs: true, auth });
      const reference = registry.push("app", "1", image);
      expect((await readAll(reference, { credentials: user })).read.image.imageId).toBe(image.imageId);
      const elsewhere = registry.requests.filter(({ host }) => host === "blobs");
      expect(elsewhere.length).toBeGreaterThanOrEqual(3);
      for (const request of elsewhere) expect(request.authorization).toBeNull();
    }
  });

  it.each<[string, string]>([
    ["a realm that is no address", 'Bearer realm="::"'],
    ["a realm on another scheme", 'Bearer realm="file:///etc/passwd"'],
    ["a realm with a user in it", 'Bearer realm="http://u:p@127.0.0.1/token"'],
  ])("does not follow %s", async (_, header) => {
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    registry.addFault({ match: /manifests/, kind: "status", status: 401, headers: { "www-authenticate": header } });
    await expect(readAll(reference, { credentials: user })).rejects.toMatchObject({ code: "REGISTRY_BAD_ANSWER" });
  });

  it("no such image, no such layer", async () => {
    await using registry = await startTestRegistry();
    await expect(readAll(`${registry.host}/none:1`)).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
    const reference = registry.push("app", "1", image);
    registry.addFault({ match: new RegExp(`blobs/${image.layers[0]?.digest}`), kind: "status", status: 404 });
    await expect(readAll(reference)).rejects.toMatchObject({ code: "LAYER_NOT_FOUND" });
  });

  it("unreachable registry; http to another machine only by flag", async () => {
    const { port } = await listening((_, response) => void response.end());
    await stopAll();
    await expect(readAll(`127.0.0.1:${port}/app:1`)).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
    await expect(readAll("registry.invalid/app:1")).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
  });

  it.each<[string, Parameters<typeof imageOf>[1], string]>([
    ["lying size: too small", { manifest: (manifest) => sized(manifest, -1) }, "SIZE_MISMATCH"],
    ["lying size: too large", { manifest: (manifest) => sized(manifest, 1) }, "SIZE_MISMATCH"],
    ["blob digest mismatch", { manifest: (manifest) => swapped(manifest) }, "SIZE_MISMATCH"],
    ["schema 1", { manifest: () => ({ schemaVersion: 1, fsLayers: [] }) }, "SCHEMA1_UNSUPPORTED"],
    ["neither manifest nor index", { manifest: () => ({ schemaVersion: 2 }) }, "DOCUMENT_INVALID"],
    ["manifest and index at once", { manifest: (manifest) => ({ ...manifest, manifests: [] }) }, "DOCUMENT_INVALID"],
    ["a list", { manifest: () => [] }, "DOCUMENT_INVALID"],
    ["fewer layers than diffIDs", { manifest: (manifest) => ({ ...manifest, layers: [] }) }, "DOCUMENT_INVALID"],
  ])("%s", async (_, options, code) => {
    await using registry = await startTestRegistry();
    await expect(readAll(registry.push("app", "1", imageOf(layers, options)))).rejects.toMatchObject({ code });
  });

  it.each<[string, RegExp, string]>([
    ["a corrupt layer", new RegExp(`blobs/${image.layers[0]?.digest}`), "COMPRESSION_CORRUPT|DIGEST_MISMATCH"],
    ["a corrupt config", new RegExp(`blobs/${image.config.digest}`), "DIGEST_MISMATCH"],
    ["a corrupt manifest", /manifests/, "DIGEST_MISMATCH"],
  ])("wrong content: %s", async (_, match, codes) => {
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    registry.addFault({ match, kind: "corrupt" });
    const error = await readAll(reference).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "PlimsollError", code: expect.stringMatching(new RegExp(`^(?:${codes})$`)) });
  });

  it("server errors, silence, a server that always breaks off", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    registry.addFault({ match: /manifests/, kind: "status", status: 500, times: 1 });
    await expect(readAll(reference)).rejects.toMatchObject({ code: "REGISTRY_FAILED" });
    registry.addFault({ match: /manifests/, kind: "status", status: 429, times: 4 });
    await expect(readAll(reference)).rejects.toMatchObject({ code: "RATE_LIMITED" });
    registry.addFault({ match: /blobs/, kind: "stall", keepBytes: 0 });
    await expect(readAll(reference, { idleTimeoutMs: 200 })).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  it("wrong content: a login page; an endless body", async () => {
    const page = await listening((_, response) => void response.end("<html>Please log in</html>"));
    await expect(readAll(`127.0.0.1:${page.port}/app:1`)).rejects.toMatchObject({ code: "DOCUMENT_INVALID" });
    const endless = await listening((request, response) => {
      if (request.url === "/v2/") return void response.end("{}");
      const more = () =>
        response.write(Buffer.alloc(65_536, 32), (error) => (error ? undefined : void setImmediate(more)));
      more();
    });
    await expect(
      readAll(`127.0.0.1:${endless.port}/app:1`, { limits: { documentBytes: 100_000 } }),
    ).rejects.toMatchObject({ code: "BODY_TOO_LARGE" });
  });
});

function sized(manifest: { layers: { size: number }[] }, by: number): unknown {
  return { ...manifest, layers: manifest.layers.map((layer) => ({ ...layer, size: layer.size + by })) };
}

function swapped(manifest: { layers: { digest: string }[] }): unknown {
  const digests = manifest.layers.map((layer) => layer.digest).reverse();
  return {
    ...manifest,
    layers: manifest.layers.map((layer, index) => ({ ...layer, digest: digests[index] ?? sha256Of("") })),
  };
}

const servers: Server[] = [];
afterEach(stopAll);

async function listening(listener: RequestListener): Promise<{ port: number }> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port };
}

async function stopAll(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  }
}
