import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createNet } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHttpClient } from "@plimsoll/kit";
import { dockerArchiveOf, imageOf, startTestRegistry } from "@plimsoll/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { openSource } from "./open-source.ts";
import type { SourceOptions } from "./source-options.ts";
import { writeStore } from "./testing/store.ts";
import { searchOrder } from "./transports.ts";

const folder = mkdtempSync(join(tmpdir(), "plim-o-"));
const http = createHttpClient({ userAgent: "test", sleep: async () => undefined });
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  http[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

const image = imageOf([[{ path: "a", body: "b" }]]);

/** A socket with docker's and podman's API that has every image, or none. */
async function engine(name: string, has: boolean): Promise<{ readonly socket: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (!has) return void response.writeHead(404).end("{}");
    const isArchive = request.url?.includes("/get") === true;
    const inspected = { Id: image.imageId, Os: "linux", Architecture: "amd64" };
    response.end(isArchive ? dockerArchiveOf([image]) : JSON.stringify(inspected));
  });
  servers.push(server);
  const socket = join(folder, `${name}.sock`);
  await new Promise<void>((resolve) => void server.listen(socket, resolve));
  return { socket, asked };
}

async function openedFrom(text: string, more: Partial<SourceOptions>): Promise<string> {
  const options = { http, platform: "linux/amd64", dockerHost: `unix://${join(folder, "none.sock")}`, ...more };
  await using source = await openSource(text, options);
  return source.source.transport;
}

const storage = (root: string) => ({
  confFiles: [],
  systemConfFiles: [],
  dataFolder: root,
  userId: 0,
  homeFolder: folder,
});

describe("a name without a prefix", () => {
  it("is looked for in the order of the specification (7.3)", () => {
    expect(searchOrder.map(({ name }) => name)).toEqual(["file", "docker", "podman", "registry", "containerd", "crio"]);
  });

  it("stops at the first that has it", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("team/app", "1", image);
    const [docker, podman] = [await engine("docker", true), await engine("podman", true)];
    const both = { dockerHost: `unix://${docker.socket}`, engines: { podman: { socket: podman.socket } } };
    expect(await openedFrom(reference, both)).toBe("docker");
    expect(podman.asked).toEqual([]);
    const empty = await engine("empty", false);
    expect(await openedFrom(reference, { ...both, dockerHost: `unix://${empty.socket}` })).toBe("podman");
    expect(registry.requests).toEqual([]);
  });

  it("asks engines behind the registry only when that has nothing", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("team/app", "1", image);
    let connections = 0;
    const containerd = createNet((connection) => {
      connections++;
      connection.destroy();
    });
    const socket = join(folder, "containerd.sock");
    await new Promise<void>((resolve) => void containerd.listen(socket, resolve));
    const data = join(folder, "crio");
    writeStore(join(data, "storage"), [[{ path: "a", body: "b" }]], { names: [`${registry.host}/team/app:2`] });
    const engines = { containerd: { sockets: [socket] }, crioStorage: storage(data) };
    expect(await openedFrom(reference, { engines })).toBe("registry");
    expect(connections).toBe(0);
    // Not in the registry, and what listens on containerd's socket is not containerd.
    expect(await openedFrom(`${registry.host}/team/app:2`, { engines })).toBe("crio");
    expect(connections).toBe(1);
    containerd.close();
  });

  it("finds a private image where it was pulled, and tells the registry's refusal where it was not", async () => {
    await using registry = await startTestRegistry({ auth: { mode: "basic", user: "me", password: "pw" } });
    const reference = registry.push("team/app", "1", image);
    const data = join(folder, "private");
    writeStore(join(data, "storage"), [[{ path: "a", body: "b" }]], { names: [reference] });
    expect(await openedFrom(reference, { engines: { crioStorage: storage(data) } })).toBe("crio");
    await expect(openedFrom(reference, {})).rejects.toMatchObject({ code: "CREDENTIALS_MISSING" });
  });

  it("passes over an engine that has another platform than was asked for", async () => {
    await using registry = await startTestRegistry();
    const arm = imageOf([[{ path: "a", body: "b" }]], { architecture: "arm64" });
    const reference = registry.push("team/app", "1", arm);
    const docker = await engine("amd", true);
    const asked = { dockerHost: `unix://${docker.socket}`, platform: "linux/arm64" };
    expect(await openedFrom(reference, asked)).toBe("registry");
    expect(await openedFrom(reference, { ...asked, platform: "linux/amd64" })).toBe("docker");
    await expect(openedFrom(`${registry.host}/none:1`, asked)).rejects.toMatchObject({
      code: "PLATFORM_NOT_FOUND",
      message: expect.stringContaining("there is: linux/amd64"),
    });
  });

  it("an image id is not asked of a registry", async () => {
    const offline = createHttpClient({ userAgent: "test", offline: true });
    await expect(openedFrom(image.imageId, { http: offline })).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND_ANYWHERE",
      message: expect.stringMatching(/no docker engine.*not on this machine: podman, containerd, CRI-O/),
    });
  });
});
