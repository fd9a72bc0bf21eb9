import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHttpClient, defaultLimits } from "@plimsoll/kit";
import type { DiffId } from "@plimsoll/model";
import { corrupted, dockerArchiveOf, gzipOf, imageOf, type TestImage, tarOf, truncated } from "@plimsoll/testkit";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { recorder } from "../testing/recorder.ts";
import { openDocker } from "./open-docker.ts";

const folder = mkdtempSync(join(tmpdir(), "plim-d-"));
const http = createHttpClient({ userAgent: "test", idleTimeoutMs: 2000 });
const wish = { platform: { os: "linux", architecture: "amd64" }, isExplicit: false };
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  }
});
afterAll(() => {
  http[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

const image = imageOf([[{ path: "etc/os-release", body: "ID=x\n" }], [{ path: "app", body: "hello" }]]);
const [first, second] = image.layers.map((layer) => layer.diffId as string as DiffId);
const digest = `sha256:${"d".repeat(64)}`;

interface Answers {
  readonly archive: Buffer;
  readonly inspect?: object;
  readonly status?: number;
}

async function daemon({ archive, inspect, status }: Answers): Promise<{ host: string; asked: string[] }> {
  const asked: string[] = [];
  const answer: RequestListener = (request, response) => {
    const url = decodeURIComponent(request.url ?? "");
    asked.push(url);
    response.statusCode = status ?? 200;
    if (url.endsWith("/get")) return void response.end(archive);
    const other = `other/name@sha256:${"a".repeat(64)}`;
    const RepoDigests = [`example.org/app@${digest}`, other];
    const RootFS = { Layers: image.layers.map((layer) => layer.diffId) };
    response.end(JSON.stringify({ Id: image.imageId, RepoDigests, RootFS, ...inspect }));
  };
  const server = createServer(answer);
  servers.push(server);
  const socket = join(folder, `${servers.length}-${Math.trunc(performance.now() * 1000)}.sock`);
  await new Promise<void>((resolve) => void server.listen(socket, resolve));
  return { host: `unix://${socket}`, asked };
}

async function readAll(dockerHost: string, name = "example.org/app:1", known: DiffId | null = null) {
  await using opened = await openDocker(name, { http, wish, docker: { host: dockerHost }, limits: defaultLimits });
  const hints: (DiffId | null)[] = [];
  const started: ReturnType<typeof recorder>[] = [];
  const read = await opened.readLayers((hint) => {
    hints.push(hint);
    if (hint !== null && hint === known) return null;
    const visitor = recorder();
    started.push(visitor);
    return visitor;
  });
  return { read, hints, ends: started.flatMap((visitor) => visitor.ends) };
}

/** What newer engines write: blobs named by digest, the manifest last. */
function newArchive(built: TestImage, compress = false): Buffer {
  const blob = (id: string): string => `blobs/sha256/${id.slice(7)}`;
  const manifest = [
    {
      Config: blob(built.imageId),
      RepoTags: ["app:1"],
      Layers: built.layers.map((layer) => blob(compress ? layer.digest : layer.diffId)),
    },
  ];
  return tarOf([
    { path: "blobs/", type: "directory" },
    ...built.layers.map((layer) =>
      compress ? { path: blob(layer.digest), body: layer.bytes } : { path: blob(layer.diffId), body: layer.tar },
    ),
    { path: blob(built.imageId), body: built.config.bytes },
    { path: "index.json", body: "{}" },
    { path: "manifest.json", body: JSON.stringify(manifest) },
    { path: "oci-layout", body: '{"imageLayoutVersion": "1.0.0"}' },
  ]);
}

/** What older engines write: one folder for each layer, the manifest before or behind them. */
function oldArchive(built: TestImage, manifestFirst: boolean): Buffer {
  const hex = (index: number): string => String(index).repeat(64);
  const layers = built.layers.flatMap((layer, index) => [
    { path: `${hex(index)}/`, type: "directory" as const },
    { path: `${hex(index)}/VERSION`, body: "1.0" },
    { path: `${hex(index)}/json`, body: "{}" },
    { path: `${hex(index)}/layer.tar`, body: layer.tar },
  ]);
  const Layers = built.layers.map((_, index) => `${hex(index)}/layer.tar`);
  const config = `${built.imageId.slice(7)}.json`;
  const documents = [
    { path: config, body: built.config.bytes },
    { path: "manifest.json", body: JSON.stringify([{ Config: config, RepoTags: null, Layers }]) },
  ];
  return tarOf(manifestFirst ? [...documents, ...layers] : [...layers, ...documents]);
}

describe("openDocker", () => {
  it.each<[string, Buffer]>([
    ["new engines", newArchive(image)],
    ["new engines with compressed blobs", newArchive(image, true)],
    ["old engines", oldArchive(image, false)],
    ["the manifest first", oldArchive(image, true)],
    ["skopeo", dockerArchiveOf([image])],
  ])("reads layers as they stream by and orders them at the end: %s", async (_, archive) => {
    const { host, asked } = await daemon({ archive });
    const { read, ends } = await readAll(host);
    expect(ends.map((end) => end.diffId)).toEqual([first, second]);
    expect(read.image).toMatchObject({ imageId: image.imageId, digest });
    expect(read.image.layers.map((layer) => [layer.diffId, layer.size])).toEqual(
      image.layers.map((layer) => [layer.diffId, layer.tar.length]),
    );
    expect(read.problems).toEqual([]);
    expect(asked).toEqual(["/images/example.org/app:1/json", `/images/${image.imageId}/get`]);
  });

  it("names known layers by their blobs' names and leaves them unread", async () => {
    const { host } = await daemon({ archive: newArchive(image) });
    const { read, hints, ends } = await readAll(host, "app:1", first);
    expect(hints).toEqual([first, second]);
    expect(ends.map((end) => end.diffId)).toEqual([second]);
    expect(read.image.layers.map((layer) => layer.size)).toEqual([null, image.layers[1]?.tar.length]);
  });

  it.each<[string, Answers, string]>([
    ["no such image", { archive: Buffer.alloc(0), status: 404 }, "NO_SUCH_IMAGE"],
    ["a failing engine", { archive: Buffer.alloc(0), status: 500 }, "DAEMON_FAILED"],
    ["an unreadable answer", { archive: Buffer.alloc(0), inspect: { Id: "../x" } }, "DAEMON_FAILED"],
    ["another image", { archive: newArchive(imageOf([[{ path: "z", body: "" }]])) }, "DOCUMENT_INVALID"],
    ["a truncated stream", { archive: truncated(newArchive(image), 3000) }, "TAR_TRUNCATED"],
    [
      "a layer that is not what its name says",
      { archive: corrupted(newArchive(image), 512 + 512 + 520) },
      "DIGEST_MISMATCH",
    ],
    [
      "a layer changed under a neutral name",
      { archive: corrupted(oldArchive(image, false), 512 * 5 + 1024 + 530) },
      "TAR_CORRUPT|DIFF_ID_MISMATCH",
    ],
    ["no manifest", { archive: tarOf([{ path: "a", body: "b" }]) }, "NOT_AN_ARCHIVE"],
    ["a page", { archive: Buffer.from("<html>".repeat(100)) }, "TAR_CORRUPT"],
    [
      "a manifest naming a layer that never came",
      { archive: oldArchive({ ...image, layers: image.layers.slice(0, 1) }, true) },
      "DOCUMENT_INVALID",
    ],
  ])("%s", async (_, answers, codes) => {
    const { host } = await daemon(answers);
    const error = await readAll(host).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "PlimsollError", code: expect.stringMatching(new RegExp(`^(?:${codes})$`)) });
  });

  it("says that no engine runs, and which address it does not understand", async () => {
    const socket = `unix://${join(folder, "nobody.sock")}`;
    await expect(readAll(socket)).rejects.toMatchObject({ code: "DAEMON_UNREACHABLE", exit: 3 });
    await expect(readAll("tcp://127.0.0.1:1")).rejects.toMatchObject({ code: "DAEMON_UNREACHABLE" });
    const error = await readAll("ssh://me:secret@host").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "ENGINE_HOST_SSH", exit: 2 });
    expect(String(error)).not.toContain("secret");
  });

  it("a compressed layer flood within the archive meets the limits", async () => {
    const bomb = imageOf([Buffer.alloc(1 << 20)], { compression: "gzip" });
    const { host } = await daemon({ archive: gzipOf(newArchive(bomb, true)), inspect: { RootFS: null } });
    await using opened = await openDocker("app", {
      http,
      wish,
      docker: { host },
      limits: { ...defaultLimits, layerBytes: 1 << 19 },
    });
    await expect(opened.readLayers(() => recorder())).rejects.toMatchObject({ code: "LAYER_TOO_LARGE" });
  });
});
