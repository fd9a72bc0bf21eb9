import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { imageOf, sha256Of, startTestRegistry } from "@plimsoll/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { type How, image, layers, pull, user } from "../testing/pull.ts";
import type { Credentials } from "./credentials.ts";

describe("openRegistry with bad registries", () => {
  it.each<[string, How, string]>([
    ["missing credentials", {}, "CREDENTIALS_MISSING"],
    ["wrong credentials", { credentials: { ...user, password: "wrong-word" } as Credentials }, "ACCESS_DENIED"],
  ])("%s, for Basic and Bearer; nothing secret in error or log", async (_, how, code) => {
    for (const mode of ["basic", "bearer"] as const) {
      await using registry = await startTestRegistry({ auth: { mode, user: "me", password: "s3cret-word" } });
      const reference = registry.push("app", "1", image);
      const log: string[] = [];
      const error = await pull(reference, { ...how, log }).catch((thrown: unknown) => thrown);
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
    await expect(pull(reference)).rejects.toMatchObject({ code: "CREDENTIALS_MISSING" });
    expect(registry.requests.filter(({ path }) => path.includes("/manifests/"))).toHaveLength(2);
  });

  it("redirect to another host does not carry the token", async () => {
    for (const auth of [
      { mode: "bearer", user: "me", password: "s3cret-word" },
      { mode: "basic", user: "me", password: "s3cret-word" },
    ] as const) {
      await using registry = await startTestRegistry({ redirectBlobs: true, auth });
      const reference = registry.push("app", "1", image);
      expect((await pull(reference, { credentials: user })).read.image.imageId).toBe(image.imageId);
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
    await expect(pull(reference, { credentials: user })).rejects.toMatchObject({ code: "REGISTRY_BAD_ANSWER" });
  });

  it("no such image, no such layer", async () => {
    await using registry = await startTestRegistry();
    await expect(pull(`${registry.host}/none:1`)).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
    const reference = registry.push("app", "1", image);
    registry.addFault({ match: new RegExp(`blobs/${image.layers[0]?.digest}`), kind: "status", status: 404 });
    await expect(pull(reference)).rejects.toMatchObject({ code: "LAYER_NOT_FOUND" });
  });

  it("unreachable registry; http to another machine only by flag", async () => {
    const { port } = await listening((_, response) => void response.end());
    await stopAll();
    await expect(pull(`127.0.0.1:${port}/app:1`)).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
    await expect(pull("registry.invalid/app:1")).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
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
    await expect(pull(registry.push("app", "1", imageOf(layers, options)))).rejects.toMatchObject({ code });
  });

  it.each<[string, RegExp, string]>([
    ["a corrupt layer", new RegExp(`blobs/${image.layers[0]?.digest}`), "COMPRESSION_CORRUPT|DIGEST_MISMATCH"],
    ["a corrupt config", new RegExp(`blobs/${image.config.digest}`), "DIGEST_MISMATCH"],
    ["a corrupt manifest", /manifests/, "DIGEST_MISMATCH"],
  ])("wrong content: %s", async (_, match, codes) => {
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    registry.addFault({ match, kind: "corrupt" });
    const error = await pull(reference).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "PlimsollError", code: expect.stringMatching(new RegExp(`^(?:${codes})$`)) });
  });

  it("server errors, silence, a server that always breaks off", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    registry.addFault({ match: /manifests/, kind: "status", status: 500, times: 1 });
    await expect(pull(reference)).rejects.toMatchObject({ code: "REGISTRY_FAILED" });
    registry.addFault({ match: /manifests/, kind: "status", status: 429, times: 4 });
    await expect(pull(reference)).rejects.toMatchObject({ code: "RATE_LIMITED" });
    registry.addFault({ match: /blobs/, kind: "stall", keepBytes: 0 });
    await expect(pull(reference, { idleTimeoutMs: 200 })).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  it("wrong content: a login page; an endless body", async () => {
    const page = await listening((_, response) => void response.end("<html>Please log in</html>"));
    await expect(pull(`127.0.0.1:${page.port}/app:1`)).rejects.toMatchObject({ code: "DOCUMENT_INVALID" });
    const endless = await listening((request, response) => {
      if (request.url === "/v2/") return void response.end("{}");
      const more = () =>
        response.write(Buffer.alloc(65_536, 32), (error) => (error ? undefined : void setImmediate(more)));
      more();
    });
    await expect(pull(`127.0.0.1:${endless.port}/app:1`, { limits: { documentBytes: 100_000 } })).rejects.toMatchObject(
      { code: "BODY_TOO_LARGE" },
    );
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
