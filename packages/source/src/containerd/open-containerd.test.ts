import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits } from "@plimsoll/kit";
import type { DiffId } from "@plimsoll/model";
import { type Blob, imageOf, indexOf, jsonBlob, type TestImage } from "@plimsoll/testkit";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { recorder } from "../testing/recorder.ts";
import { openContainerd } from "./open-containerd.ts";
import { readFields, writeTexts } from "./protobuf.ts";

const folder = mkdtempSync(join(tmpdir(), "plim-cd-"));
const open: { readonly server: Http2Server; readonly sessions: Set<ServerHttp2Session> }[] = [];
let count = 0;
afterEach(() => {
  for (const { server, sessions } of open.splice(0)) {
    for (const session of sessions) session.destroy();
    server.close();
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const image = imageOf([[{ path: "a", body: "b" }], [{ path: "c", body: "d" }]]);
const arm = imageOf([[{ path: "arm", body: "1" }]], { architecture: "arm64" });

/** What a namespace holds: names of blobs, and blobs. */
interface Shelf {
  readonly names: Readonly<Record<string, Blob>>;
  readonly blobs: readonly Blob[];
}

const shelfOf = (built: TestImage, ...names: string[]): Shelf => ({
  names: Object.fromEntries(names.map((name) => [name, built.manifest])),
  blobs: [built.manifest, built.config, ...built.layers],
});

interface Fake {
  readonly socket: string;
  /** Digests that were read. */
  readonly read: string[];
  readonly namespaces: string[];
}

/** Answers as containerd does, out of a shelf for each namespace. */
async function containerd(shelves: Readonly<Record<string, Shelf>>): Promise<Fake> {
  const [read, namespaces]: [string[], string[]] = [[], []];
  const server = createServer();
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const namespace = String(headers["containerd-namespace"]);
      const method = String(headers[":path"]).split(".").at(-1) ?? "";
      const asked = (readFields(Buffer.concat(chunks).subarray(5)).get(1) ?? []).map(String);
      if (method === "Content/Read") read.push(...asked);
      namespaces.push(namespace);
      const answers = answersTo(method, asked, shelves[namespace] ?? { names: {}, blobs: [] });
      const head = { ":status": 200, "content-type": "application/grpc" };
      if (answers === null) return stream.respond({ ...head, "grpc-status": "5" }, { endStream: true });
      stream.respond(head, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      for (const answer of answers) stream.write(framed(answer));
      stream.end();
    });
  });
  open.push({ server, sessions });
  const socket = join(folder, `${++count}.sock`);
  server.listen(socket);
  await once(server, "listening");
  return { socket, read, namespaces };
}

function answersTo(method: string, filters: readonly string[], { names, blobs }: Shelf): Buffer[] | null {
  const [asked = ""] = filters;
  const blob = blobs.find(({ digest }) => digest === asked);
  const named = names[asked];
  switch (method) {
    case "Images/Get":
      return named === undefined ? null : [nested(1, imageMessage(asked, named))];
    case "Images/List":
      return [
        Buffer.concat(
          Object.entries(names)
            .filter(
              ([name, { digest }]) => filters.length === 0 || filters.some((filter) => passes(filter, name, digest)),
            )
            .map(([name, target]) => nested(1, imageMessage(name, target))),
        ),
      ];
    case "Content/Info":
      return blob === undefined ? null : [nested(1, writeTexts([1, asked]))];
    default:
      return blob === undefined
        ? null
        : [blob.bytes.subarray(0, 7), blob.bytes.subarray(7)].map((part) => nested(2, part));
  }
}

/** Any of the filters that are used: `name~=`, `target.digest==`, `target.digest~=`. */
function passes(filter: string, name: string, digest: string): boolean {
  const [field = "", value = ""] = filter.split(/[=~]=/);
  const text = field === "name" ? name : digest;
  return filter.includes("~=") ? new RegExp(value).test(text) : text === value;
}

function imageMessage(name: string, { digest, bytes }: Blob): Buffer {
  const size = Buffer.from([0x18, (bytes.length % 128) + 128, bytes.length >> 7]);
  return Buffer.concat([writeTexts([1, name]), nested(3, Buffer.concat([writeTexts([2, digest]), size]))]);
}

function nested(field: number, bytes: Buffer): Buffer {
  const length: number[] = [];
  let left = bytes.length;
  for (; left >= 128; left = Math.floor(left / 128)) length.push((left % 128) + 128);
  return Buffer.concat([Buffer.from([field * 8 + 2, ...length, left]), bytes]);
}

function framed(bytes: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

interface How {
  readonly known?: DiffId;
  readonly platform?: string;
  readonly namespace?: string;
}

async function read(socket: string, name: string, { known, platform, namespace }: How = {}) {
  await using opened = await openContainerd(name, {
    containerd: { sockets: [join(folder, "none.sock"), socket], ...(namespace !== undefined && { namespace }) },
    limits: defaultLimits,
    wish: { platform: { os: "linux", architecture: platform ?? "amd64" }, isExplicit: platform !== undefined },
  });
  return await opened.readLayers((hint) => (hint === known ? null : recorder()));
}

describe("openContainerd", () => {
  it("reads manifest, configuration and the layers that are not known, and checks them", async () => {
    const { socket, read: asked } = await containerd({ default: shelfOf(image, "docker.io/library/app:latest") });
    const known = image.layers[0]?.diffId as string as DiffId;
    const { image: found } = await read(socket, "app", { known });
    expect(found).toMatchObject({ imageId: image.imageId, digest: image.manifest.digest });
    expect(found.layers.map(({ size }) => size)).toEqual([null, image.layers[1]?.tar.length]);
    expect(asked).toEqual([image.manifest.digest, image.config.digest, image.layers[1]?.digest]);
  });

  it("looks into default, k8s.io and moby, in this order, or into the one that is named", async () => {
    const other = imageOf([[{ path: "x", body: "y" }]]);
    const name = "docker.io/library/app:latest";
    const fake = await containerd({ moby: shelfOf(image, name), "k8s.io": shelfOf(other, name) });
    expect((await read(fake.socket, "app")).image.imageId).toBe(other.imageId);
    expect(new Set(fake.namespaces)).toEqual(new Set(["default", "k8s.io"]));
    expect((await read(fake.socket, "app", { namespace: "moby" })).image.imageId).toBe(image.imageId);
  });

  it.each([
    ["a full name", "docker.io/library/app:latest"],
    ["a name and a digest", `app@${image.manifest.digest}`],
    ["an image id, as CRI names it", image.imageId],
    ["the beginning of an image id", image.imageId.slice(7, 15)],
    ["the beginning of a manifest's digest", image.manifest.digest.slice(7, 15)],
  ])("finds it by %s", async (_, name) => {
    const { socket } = await containerd({ "k8s.io": shelfOf(image, "docker.io/library/app:latest") });
    expect((await read(socket, name)).image.imageId).toBe(image.imageId);
  });

  it("says that an id's beginning is that of several images", async () => {
    const [one, two] = [0, 1].map((at) => ({ ...image.manifest, digest: `sha256:ab${"0".repeat(61)}${at}` as const }));
    const names = { "a:1": one ?? image.manifest, "b:1": two ?? image.manifest };
    const { socket } = await containerd({ default: { names, blobs: [] } });
    await expect(read(socket, "ab")).rejects.toMatchObject({ code: "AMBIGUOUS_NAME", exit: 2 });
  });

  it("chooses of an index what is there", async () => {
    const index = indexOf([image, arm]);
    const blobs = [index, arm.manifest, arm.config, ...arm.layers];
    const { socket } = await containerd({ default: { names: { "docker.io/library/app:latest": index }, blobs } });
    expect((await read(socket, "app")).image).toMatchObject({ imageId: arm.imageId, digest: arm.manifest.digest });
    await expect(read(socket, "app", { platform: "amd64" })).rejects.toMatchObject({
      code: "PLATFORM_NOT_FOUND",
      message: expect.stringContaining("there is: linux/arm64"),
    });
  });

  it.each<[string, (shelf: Shelf) => Shelf, string]>([
    [
      "a discarded layer",
      ({ names, blobs }) => ({ names, blobs: blobs.filter(({ digest }) => digest !== image.layers[1]?.digest) }),
      "CONTENT_MISSING",
    ],
    ["a missing manifest", ({ names }) => ({ names, blobs: [] }), "CONTENT_MISSING"],
    [
      "another layer",
      ({ names, blobs }) => ({
        names,
        blobs: blobs.map((blob) =>
          blob.digest === image.layers[1]?.digest ? { ...blob, bytes: changed(blob.bytes) } : blob,
        ),
      }),
      "DIGEST_MISMATCH|COMPRESSION_CORRUPT",
    ],
    [
      "a layer with more behind it",
      ({ names, blobs }) => ({
        names,
        blobs: blobs.map((blob) =>
          blob.digest === image.layers[1]?.digest ? { ...blob, bytes: Buffer.concat([blob.bytes, blob.bytes]) } : blob,
        ),
      }),
      "SIZE_MISMATCH",
    ],
    [
      "another configuration",
      ({ names, blobs }) => ({
        names,
        blobs: blobs.map((blob) =>
          blob.digest === image.config.digest ? { ...blob, bytes: changed(blob.bytes) } : blob,
        ),
      }),
      "DIGEST_MISMATCH",
    ],
    ["an artifact that is no image", () => chart(), "NOT_AN_IMAGE"],
  ])("%s", async (_, change, codes) => {
    const name = "docker.io/library/app:latest";
    const { socket } = await containerd({ default: change(shelfOf(image, name)) });
    const error = await read(socket, "app").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: expect.stringMatching(new RegExp(`^(?:${codes})$`)), exit: 3 });
  });

  it("says that it is not here, that nobody listens, and that it has no such image", async () => {
    await expect(read(join(folder, "no.sock"), "app")).rejects.toMatchObject({ code: "ENGINE_ABSENT" });
    writeFileSync(join(folder, "left.sock"), "");
    await expect(read(join(folder, "left.sock"), "app")).rejects.toMatchObject({ code: "DAEMON_UNREACHABLE" });
    const { socket } = await containerd({});
    await expect(read(socket, "app")).rejects.toMatchObject({
      code: "NO_SUCH_IMAGE",
      message: expect.stringContaining("namespace default, k8s.io, moby"),
    });
  });
});

function changed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 5] = (copy[copy.length - 5] ?? 0) ^ 1;
  return copy;
}

function chart(): Shelf {
  const config = jsonBlob({ name: "chart" }, "application/vnd.cncf.helm.config.v1+json");
  const describe = ({ digest, mediaType, bytes }: Blob) => ({ digest, mediaType, size: bytes.length });
  const manifest = jsonBlob(
    { schemaVersion: 2, config: describe(config), layers: [] },
    "application/vnd.oci.image.manifest.v1+json",
  );
  return { names: { "docker.io/library/app:latest": manifest }, blobs: [manifest, config] };
}
