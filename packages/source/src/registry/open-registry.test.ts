import type { DiffId } from "@plimsoll/model";
import { imageOf, indexOf, startTestRegistry, type TestImage } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { image, layers, noise, pull, user } from "../testing/pull.ts";

describe("openRegistry", () => {
  it.each([
    ["OCI gzip", imageOf(layers)],
    ["OCI zstd", imageOf(layers, { compression: "zstd" })],
    ["Docker gzip", imageOf(layers, { mediaTypes: "docker" })],
    ["OCI plain", imageOf(layers, { compression: "none" })],
  ])("reads %s", async (_, pushed) => {
    await using registry = await startTestRegistry();
    const { read, layers: seen } = await pull(registry.push("team/app", "1", pushed));
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
      expect((await pull(`${registry.host}/${name}`)).read.image.digest).toBe(image.manifest.digest);
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
      expect((await pull(reference, { platform })).read.image.imageId, platform).toBe(expected.imageId);
    }
    await expect(pull(reference, { platform: "linux/s390x" })).rejects.toMatchObject({ code: "PLATFORM_NOT_FOUND" });
    const only = registry.push("only", "1", arm7);
    expect((await pull(only)).read.image.imageId).toBe(arm7.imageId);
    await expect(pull(only, { platform: "linux/amd64" })).rejects.toMatchObject({
      code: "PLATFORM_NOT_FOUND",
      exit: 2,
    });
  });

  it.each(["basic", "bearer"] as const)("logs in with %s", async (mode) => {
    await using registry = await startTestRegistry({ auth: { mode, user: "me", password: "s3cret-word" } });
    const reference = registry.push("team/app", "1", image);
    expect((await pull(reference, { credentials: user })).read.image.imageId).toBe(image.imageId);
    if (mode === "bearer") {
      const tokens = registry.requests.filter(({ path }) => path.startsWith("/token"));
      expect(tokens).toHaveLength(1);
      expect(decodeURIComponent(tokens[0]?.path ?? "")).toContain("scope=repository:team/app:pull");
    }
  });

  it("gets a token as nobody", async () => {
    await using registry = await startTestRegistry({ auth: { mode: "bearer" } });
    expect((await pull(registry.push("app", "1", image))).read.image.imageId).toBe(image.imageId);
    expect(registry.requests.filter(({ path }) => path.startsWith("/token"))[0]?.authorization).toBeNull();
  });

  it("takes up a broken download where it broke", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    const blob = image.layers[0];
    registry.addFault({ match: new RegExp(`blobs/${blob?.digest}`), kind: "short", keepBytes: 1000, times: 1 });
    expect((await pull(reference)).read.image.imageId).toBe(image.imageId);
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
    expect((await pull(reference, { credentials: user })).read.image.imageId).toBe(image.imageId);
  });

  it("429 then OK: waits as long as told", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    registry.addFault({ match: /manifests/, kind: "status", status: 429, times: 1, headers: { "retry-after": "7" } });
    const sleeps: number[] = [];
    expect((await pull(reference, { sleeps })).read.image.imageId).toBe(image.imageId);
    expect(sleeps).toEqual([7000]);
  });
});
