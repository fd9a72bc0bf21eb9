import { describe, expect, it } from "vitest";
import { sha256Of } from "./bytes.ts";
import { imageOf, indexOf } from "./image.ts";
import { startTestRegistry } from "./registry.ts";

const image = imageOf([[{ path: "etc/os-release", body: "ID=alpine\n".repeat(100) }]], { compression: "none" });
const layer = image.layers[0];
const blobPath = `/v2/team/app/blobs/${layer?.digest}`;

describe("startTestRegistry", () => {
  it("serves manifests by tag and digest, and blobs whole or from an offset", async () => {
    await using registry = await startTestRegistry();
    expect(registry.push("team/app", "1", image)).toBe(`${registry.host}/team/app:1`);
    const manifest = await fetch(`http://${registry.host}/v2/team/app/manifests/1`);
    expect(manifest.headers.get("content-type")).toBe(image.manifest.mediaType);
    expect(sha256Of(await manifest.text())).toBe(image.manifest.digest);
    const rest = await fetch(`http://${registry.host}${blobPath}`, { headers: { range: "bytes=512-" } });
    expect(rest.status).toBe(206);
    expect(Buffer.from(await rest.arrayBuffer())).toEqual(layer?.bytes.subarray(512));
    expect((await fetch(`http://${registry.host}/v2/team/app/manifests/2`)).status).toBe(404);
  });

  it("asks for basic credentials", async () => {
    await using registry = await startTestRegistry({ auth: { mode: "basic", user: "u", password: "p:w" } });
    registry.push("app", "1", image);
    const url = `http://${registry.host}/v2/app/manifests/1`;
    expect((await fetch(url)).headers.get("www-authenticate")).toMatch(/^Basic /);
    expect((await fetch(url, { headers: { authorization: `Basic ${btoa("u:p:w")}` } })).status).toBe(200);
  });

  it("hands out tokens that can expire", async () => {
    await using registry = await startTestRegistry({ auth: { mode: "bearer" } });
    registry.push("app", "1", image);
    const url = `http://${registry.host}/v2/app/manifests/1`;
    const challenge = (await fetch(url)).headers.get("www-authenticate") ?? "";
    const realm = /realm="([^"]+)"/.exec(challenge)?.[1] ?? "";
    const { token } = (await (await fetch(realm)).json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(url, { headers })).status).toBe(200);
    registry.expireTokens();
    expect((await fetch(url, { headers })).status).toBe(401);
  });

  it("redirects blobs to another host and records what arrives there", async () => {
    await using registry = await startTestRegistry({ redirectBlobs: true });
    registry.push("team/app", "1", image);
    const blob = await fetch(`http://${registry.host}${blobPath}`, { headers: { authorization: "Basic eDp5" } });
    expect(sha256Of(Buffer.from(await blob.arrayBuffer()))).toBe(layer?.digest);
    expect(registry.requests.map(({ host, authorization }) => [host, authorization])).toEqual([
      ["registry", "Basic eDp5"],
      ["blobs", null],
    ]);
  });

  it("goes wrong as planned, as often as planned", async () => {
    await using registry = await startTestRegistry();
    registry.push("team/app", "1", image);
    const url = `http://${registry.host}${blobPath}`;
    registry.addFault({ match: /GET .*blobs/, kind: "status", status: 429, headers: { "retry-after": "1" }, times: 1 });
    expect((await fetch(url)).headers.get("retry-after")).toBe("1");
    registry.addFault({ match: /GET .*blobs/, kind: "short", keepBytes: 100, times: 1 });
    await expect(fetch(url).then((response) => response.arrayBuffer())).rejects.toThrow();
    registry.addFault({ match: /GET .*blobs/, kind: "corrupt", times: 1 });
    const spoiled = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect([spoiled.length, sha256Of(spoiled) === layer?.digest]).toEqual([layer?.bytes.length, false]);
    registry.addFault({ match: /GET .*blobs/, kind: "reset", times: 1 });
    await expect(fetch(url)).rejects.toThrow();
    registry.addFault({ match: /GET .*blobs/, kind: "slow", delayMs: 20, times: 1 });
    expect(sha256Of(Buffer.from(await (await fetch(url)).arrayBuffer()))).toBe(layer?.digest);
    registry.addFault({ match: /GET .*blobs/, kind: "stall", keepBytes: 10, times: 1 });
    const signal = AbortSignal.timeout(100);
    await expect(fetch(url, { signal }).then((response) => response.arrayBuffer())).rejects.toThrow();
    expect((await fetch(url)).status).toBe(200);
  });

  it("serves an index with its images", async () => {
    await using registry = await startTestRegistry();
    const arm = imageOf([[]], { architecture: "arm64" });
    registry.pushIndex("app", "multi", { index: indexOf([image, arm]), images: [image, arm] });
    expect((await fetch(`http://${registry.host}/v2/app/manifests/multi`)).status).toBe(200);
    expect((await fetch(`http://${registry.host}/v2/app/manifests/${arm.manifest.digest}`)).status).toBe(200);
  });
});
