import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHttpClient, defaultLimits } from "@plimsoll/kit";
import { dockerArchiveOf, imageOf, tarOf } from "@plimsoll/testkit";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { openPodman } from "../podman/open-podman.ts";
import { recorder } from "../testing/recorder.ts";

const folder = mkdtempSync(join(tmpdir(), "plim-e-"));
const http = createHttpClient({ userAgent: "test", idleTimeoutMs: 300 });
const servers: Server[] = [];
let count = 0;
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(() => {
  http[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

const image = imageOf([[{ path: "a", body: "b" }]]);
const id = image.imageId.slice(7);

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  const socket = join(folder, `${++count}.sock`);
  await new Promise<void>((resolve) => void server.listen(socket, resolve));
  return socket;
}

async function read(socket: string, name = "app:1", platform: string | null = null) {
  await using opened = await openPodman(name, {
    http,
    podman: { socket },
    storage: null,
    limits: defaultLimits,
    wish: { platform: { os: "linux", architecture: platform ?? "amd64" }, isExplicit: platform !== null },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
  });
  return await opened.readLayers(() => recorder());
}

/** Files without content; the flood repeats them. */
const endless = tarOf(
  Array.from({ length: 200 }, () => ({ path: "a", body: "" })),
  { end: false },
);

const inspected = (response: ServerResponse, more: object = {}) => response.end(JSON.stringify({ Id: id, ...more }));

describe("openPodman through its service", () => {
  it("asks podman's own API, by id for the archive", async () => {
    const asked: (string | undefined)[] = [];
    const socket = await serve((request, response) => {
      asked.push(request.url);
      if (request.url?.includes("/get") === true) response.end(dockerArchiveOf([image]));
      else inspected(response, { RepoDigests: [`localhost/app@${image.manifest.digest}`] });
    });
    const { image: found } = await read(socket, "localhost/app:1");
    expect(found).toMatchObject({ imageId: image.imageId, digest: image.manifest.digest });
    expect(asked).toEqual([
      "/v4.0.0/libpod/images/localhost/app%3A1/json",
      `/v4.0.0/libpod/images/${id}/get?format=docker-archive`,
    ]);
  });

  it("waits for an archive that is put together before it is sent", async () => {
    const socket = await serve((request, response) => {
      if (request.url?.includes("/get") === true) setTimeout(() => response.end(dockerArchiveOf([image])), 600);
      else inspected(response);
    });
    expect((await read(socket)).image.imageId).toBe(image.imageId);
  });

  it("says that the image is of another platform than was asked for", async () => {
    const socket = await serve((request, response) => {
      if (request.url?.includes("/get") === true) response.end(dockerArchiveOf([image]));
      else inspected(response);
    });
    await expect(read(socket, "app", "arm64")).rejects.toMatchObject({ code: "PLATFORM_NOT_FOUND", exit: 2 });
  });

  it("says that an id's beginning is that of several images", async () => {
    const Ids = ["ab1", "ab2", "cd1"].map((start) => ({ Id: start.padEnd(64, "0") }));
    const socket = await serve((request, response) => {
      if (request.url?.endsWith("/images/json") === true) return void response.end(JSON.stringify(Ids));
      response.writeHead(404).end("{}");
    });
    await expect(read(socket, "ab")).rejects.toMatchObject({
      code: "AMBIGUOUS_NAME",
      exit: 2,
      message: expect.stringContaining("ab1000000000, ab2000000000"),
    });
    await expect(read(socket, "cd")).rejects.toMatchObject({ code: "NO_SUCH_IMAGE", exit: 3 });
  });

  it("says that podman is not here, and that nobody answers at its socket", async () => {
    await expect(read(join(folder, "none.sock"))).rejects.toMatchObject({ code: "ENGINE_ABSENT", exit: 3 });
    writeFileSync(join(folder, "left.sock"), "");
    await expect(read(join(folder, "left.sock"))).rejects.toMatchObject({ code: "DAEMON_UNREACHABLE", exit: 3 });
  });

  it("says that this user may not talk to it", async () => {
    const socket = await serve((_, response) => inspected(response));
    chmodSync(socket, 0);
    chmodSync(folder, 0o755);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    const outcome = await read(socket)
      .catch((error: unknown) => error)
      .finally(() => {
        if (isRoot) process.seteuid?.(0);
      });
    expect(outcome).toMatchObject({ code: "ENGINE_DENIED", exit: 3, next: expect.stringContaining("group") });
  });
});

describe("a hostile engine", () => {
  it.each<[string, RequestListener, string]>([
    ["a page", (_, response) => response.end("<html>"), "DAEMON_FAILED"],
    ["no object", (_, response) => response.end("[]"), "DAEMON_FAILED"],
    ["an id that is a path", (_, response) => response.end(JSON.stringify({ Id: "../../x" })), "DAEMON_FAILED"],
    [
      "a redirect",
      (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
      "DAEMON_FAILED",
    ],
    ["silence", () => undefined, "DAEMON_UNREACHABLE"],
    [
      "an answer that breaks off",
      (_, response) => void response.write('{"Id', () => response.destroy()),
      "DAEMON_FAILED",
    ],
    ["silence within an answer", (_, response) => void response.write('{"Id'), "DAEMON_FAILED"],
    ["an answer without an end", (_, response) => flood(response, Buffer.alloc(2 ** 20, " ")), "DAEMON_FAILED"],
    ["a drip", (_, response) => drip(response), "DAEMON_FAILED"],
  ])("%s", async (_, listener, code) => {
    await expect(read(await serve(listener))).rejects.toMatchObject({ code, exit: 3 });
  });

  it.each<[string, (response: ServerResponse) => unknown, string]>([
    ["an archive of zeros without an end", (response) => flood(response, Buffer.alloc(2 ** 20)), "NOT_AN_ARCHIVE"],
    ["an archive without an end", (response) => flood(response, endless), "ARCHIVE_TOO_LARGE"],
    ["an archive that is a page", (response) => response.end("<html>".repeat(500)), "TAR_CORRUPT"],
    [
      "an archive that falls silent",
      (response) => response.write(dockerArchiveOf([image]).subarray(0, 700)),
      "TIMEOUT",
    ],
    ["an archive that breaks off", (response) => response.write("x", () => response.destroy()), "BODY_BROKEN"],
    [
      "another image",
      (response) => response.end(dockerArchiveOf([imageOf([[{ path: "c", body: "d" }]])])),
      "DOCUMENT_INVALID",
    ],
  ])("%s", { timeout: 20_000 }, async (_, answer, code) => {
    const RootFS = { Layers: image.layers.map(({ diffId }) => diffId) };
    const socket = await serve((request, response) => {
      if (request.url?.includes("/get") === true) answer(response);
      else inspected(response, { RootFS });
    });
    await expect(read(socket)).rejects.toMatchObject({ code });
  });
});

function flood(response: ServerResponse, chunk: Buffer): void {
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more).on("error", () => undefined);
  more();
}

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write(" "), 50);
  response.on("close", () => clearInterval(timer));
}
