import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defaultLimits, type Limits } from "@plimsoll/kit";
import type { DiffId } from "@plimsoll/model";
import {
  corrupted,
  dockerArchiveOf,
  gzipOf,
  imageOf,
  indexOf,
  ociArchiveOf,
  ociLayoutOf,
  sha256Of,
  type TestImage,
  tarOf,
  tarOfFiles,
  truncated,
  whiteoutOf,
  zstdOf,
} from "@plimsoll/testkit";
import { afterAll, describe, expect, it } from "vitest";
import type { ImageRead, Progress } from "../entry.ts";
import { type Recorder, recorder } from "../testing/recorder.ts";
import { type ArchiveKind, openArchive } from "./open-archive.ts";

const root = mkdtempSync(join(tmpdir(), "plimsoll-archive-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

function file(bytes: Uint8Array): string {
  const path = join(root, `archive-${++count}.tar`);
  writeFileSync(path, bytes);
  return path;
}

function folder(files: ReadonlyMap<string, Uint8Array>): string {
  const path = join(root, `layout-${++count}`);
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return path;
}

interface Seen {
  readonly read: ImageRead;
  readonly layers: Map<DiffId, Recorder>;
  readonly hints: (DiffId | null)[];
}

interface How {
  readonly kind?: ArchiveKind;
  readonly platform?: string;
  readonly limits?: Partial<Limits>;
  readonly known?: DiffId;
  readonly onProgress?: (progress: Progress) => void;
}

async function readAll(path: string, how: How = {}): Promise<Seen> {
  const [os = "linux", architecture = "amd64"] = (how.platform ?? "linux/amd64").split("/");
  await using image = await openArchive(path, {
    kind: how.kind ?? "any",
    wish: { platform: { os, architecture }, isExplicit: how.platform !== undefined },
    limits: { ...defaultLimits, ...how.limits },
  });
  const started: Recorder[] = [];
  const hints: (DiffId | null)[] = [];
  const options = how.onProgress === undefined ? {} : { onProgress: how.onProgress };
  const read = await image.readLayers((hint) => {
    hints.push(hint);
    if (hint !== null && hint === how.known) return null;
    const visitor = recorder();
    started.push(visitor);
    return visitor;
  }, options);
  return {
    read,
    hints,
    layers: new Map(started.map((visitor) => [visitor.ends[0]?.diffId ?? ("" as DiffId), visitor])),
  };
}

const image = imageOf(
  [
    [
      { path: "etc/os-release", body: "ID=alpine\n" },
      { path: "old", body: "x".repeat(3000) },
    ],
    [whiteoutOf("old"), { path: "app/main", body: "hello" }],
    [
      { path: "etc/os-release", body: "ID=alpine\n" },
      { path: "old", body: "x".repeat(3000) },
    ],
  ],
  { config: { Env: ["A=1"], Labels: { b: "2", a: "1" }, User: "app", Cmd: ["run"], ExposedPorts: { "80/tcp": {} } } },
);
const diffIds = image.layers.map((layer) => layer.diffId as string as DiffId);
const tagged = { ...image, tags: ["example.org/app:1.0"], tag: "1.0" };

describe("openArchive", () => {
  const places: [string, () => string][] = [
    ["a docker archive", () => file(dockerArchiveOf([tagged]))],
    ["a gzipped docker archive", () => file(gzipOf(dockerArchiveOf([tagged])))],
    ["a zstd docker archive", () => file(zstdOf(dockerArchiveOf([tagged])))],
    ["an OCI layout", () => folder(ociLayoutOf([tagged]))],
    ["an OCI archive", () => file(ociArchiveOf([tagged]))],
    ["a gzipped OCI archive", () => file(gzipOf(ociArchiveOf([tagged])))],
    ["an OCI layout with zstd layers", () => folder(ociLayoutOf([{ ...zstdImage(), tag: "1.0" }]))],
  ];
  it.each(places)("reads the same out of %s", async (_, make) => {
    const { read, layers } = await readAll(make());
    expect(read.problems).toEqual([]);
    expect(read.image.imageId).toBe(image.imageId);
    expect(read.image.layers.map((layer) => layer.diffId)).toEqual(diffIds);
    expect(read.image.layers.map((layer) => [layer.index, layer.command, layer.size])).toEqual(
      image.layers.map((layer, index) => [index, `layer ${index}`, layer.tar.length]),
    );
    expect(read.image).toMatchObject({
      os: "linux",
      architecture: "amd64",
      created: "2026-01-02T03:04:05Z",
      author: "",
    });
    expect(read.image.config).toEqual({
      user: "app",
      env: ["A=1"],
      labels: { a: "1", b: "2" },
      entrypoint: [],
      cmd: ["run"],
      exposedPorts: ["80/tcp"],
      workingDir: "",
    });
    expect(layers.get(diffIds[1] ?? ("" as DiffId))?.whiteouts).toEqual([{ path: "old", opaque: false }]);
    expect(
      layers
        .get(diffIds[0] ?? ("" as DiffId))
        ?.bodies.get("etc/os-release")
        ?.toString(),
    ).toBe("ID=alpine\n");
  });

  it("reads a repeated layer once and leaves known layers unread", async () => {
    const path = file(dockerArchiveOf([tagged]));
    expect((await readAll(path)).hints.toSorted()).toEqual([...new Set(diffIds)].toSorted());
    const known = diffIds[1];
    if (known === undefined) throw new Error("no layer");
    const { read, layers } = await readAll(path, { known });
    expect([...layers.keys()]).toEqual([diffIds[0]]);
    expect(read.image.layers.map((layer) => layer.size)).toEqual([
      image.layers[0]?.tar.length,
      null,
      image.layers[0]?.tar.length,
    ]);
  });

  it("knows the manifest digest of a layout, and blob digests", async () => {
    const { read } = await readAll(folder(ociLayoutOf([tagged])));
    expect(read.image.digest).toBe(image.manifest.digest);
    expect(read.image.layers.map((layer) => layer.digest)).toEqual(image.layers.map((layer) => layer.digest));
  });

  it("chooses by tag, by digest, by position", async () => {
    const other = imageOf([[{ path: "b", body: "b" }]]);
    const docker = file(dockerArchiveOf([tagged, { ...other, tags: ["busybox:2"] }]));
    const layout = folder(ociLayoutOf([tagged, { ...other, tag: "2" }]));
    for (const text of [
      `${docker}:busybox:2`,
      `${docker}:docker.io/library/busybox:2`,
      `${docker}:@1`,
      `${layout}:2`,
      `${layout}:@${other.manifest.digest}`,
    ]) {
      expect((await readAll(text)).read.image.imageId, text).toBe(other.imageId);
    }
    for (const path of [docker, layout]) {
      await expect(readAll(path)).rejects.toMatchObject({ code: "AMBIGUOUS_IMAGE" });
      await expect(readAll(`${path}:none:9`)).rejects.toMatchObject({ code: "NOT_IN_ARCHIVE", exit: 2 });
    }
  });

  it("chooses by platform, also within a nested index, and passes over attestations", async () => {
    const arm = imageOf([[{ path: "arm", body: "" }]], { architecture: "arm64", variant: "v8" });
    const attestation = imageOf([[{ path: "attestation", body: "" }]], { architecture: "unknown", os: "unknown" });
    const inner = indexOf([image, arm, attestation]);
    const files = ociLayoutOf([image, arm, attestation]);
    files.set(`blobs/sha256/${inner.digest.slice(7)}`, inner.bytes);
    const entry = { mediaType: inner.mediaType, digest: inner.digest, size: inner.bytes.length };
    files.set("index.json", Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [entry] })));
    const path = folder(files);
    expect((await readAll(path, { platform: "linux/arm64" })).read.image.imageId).toBe(arm.imageId);
    expect((await readAll(path)).read.image.imageId).toBe(image.imageId);
    await expect(readAll(path, { platform: "linux/s390x" })).rejects.toMatchObject({
      code: "PLATFORM_NOT_FOUND",
      message: expect.stringContaining("linux/amd64, linux/arm64"),
    });
  });

  it("follows links between layers inside an old docker archive", async () => {
    const [first] = image.layers;
    if (first === undefined) throw new Error("no layer");
    const twice = imageOf([first.tar, first.tar]);
    const config = { path: `${twice.imageId.slice(7)}.json`, body: twice.config.bytes };
    const manifest = [{ Config: config.path, RepoTags: null, Layers: ["a/layer.tar", "b/layer.tar"] }];
    const archive = tarOf([
      { path: "a/", type: "directory" },
      { path: "a/VERSION", body: "1.0" },
      { path: "a/layer.tar", body: first.tar },
      { path: "b/layer.tar", type: "symlink", linkname: "../a/layer.tar" },
      config,
      { path: "manifest.json", body: JSON.stringify(manifest) },
    ]);
    for (const path of [file(archive), file(gzipOf(archive))]) {
      expect((await readAll(path)).read.image.layers.map((layer) => layer.size)).toEqual([
        first.tar.length,
        first.tar.length,
      ]);
    }
  });

  it("maps empty history rows to layer rows without digest and size", async () => {
    const history = [
      { created_by: "ADD rootfs" },
      { created_by: "ENV a=b", empty_layer: true },
      { created_by: "RUN x", created: "2026-01-01T00:00:00Z" },
    ];
    const { read } = await readAll(file(archiveWith({ history }, 2)));
    expect(
      read.image.layers.map(({ index, command, diffId, size }) => [index, command, diffId, size === null]),
    ).toEqual([
      [0, "ADD rootfs", diffIds[0], false],
      [1, "ENV a=b", null, true],
      [2, "RUN x", diffIds[1], false],
    ]);
    expect(read.problems).toEqual([]);
  });

  it("takes images without history, and notes history that does not pair up", async () => {
    const none = await readAll(file(archiveWith({ history: undefined }, 2)));
    expect([none.read.image.layers.length, none.read.problems]).toEqual([2, []]);
    const odd = await readAll(file(archiveWith({ history: [{ created_by: "one" }] }, 2)));
    expect(odd.read.image.layers.map((layer) => layer.command)).toEqual(["", ""]);
    expect(odd.read.problems).toMatchObject([{ level: "note", code: "history-mismatch" }]);
  });

  it("tells foreign layers that nobody brought", async () => {
    const foreign = imageOf([[{ path: "a", body: "a" }], [{ path: "b", body: "b" }]], {
      manifest: (manifest) => ({
        ...manifest,
        layers: manifest.layers.map((layer, index) =>
          index === 0 ? { ...layer, mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" } : layer,
        ),
      }),
    });
    const { read, layers } = await readAll(folder(ociLayoutOf([foreign])));
    expect(layers.size).toBe(1);
    expect(read.problems).toMatchObject([
      { level: "incomplete", code: "foreign-layer", layer: foreign.layers[0]?.diffId },
    ]);
  });

  it("reports progress up to the last layer", async () => {
    const seen: Progress[] = [];
    await readAll(file(dockerArchiveOf([tagged])), { onProgress: (progress) => void seen.push(progress) });
    const bytes = (image.layers[0]?.tar.length ?? 0) + (image.layers[1]?.tar.length ?? 0);
    expect(seen.at(-1)).toEqual({ layersDone: 2, layersTotal: 2, bytes, bytesTotal: bytes });
    const packed = gzipOf(dockerArchiveOf([tagged]));
    await readAll(file(packed), { onProgress: (progress) => void seen.push(progress) });
    expect(seen.at(-1)).toMatchObject({ layersDone: 2, layersTotal: null, bytesTotal: packed.length });
  });
});

describe("openArchive with bad input", () => {
  const docker = dockerArchiveOf([tagged]);
  const badLayer = (bytes: Buffer) => {
    const files = ociLayoutOf([tagged]);
    files.set(`blobs/sha256/${image.layers[0]?.digest.slice(7)}`, bytes);
    return files;
  };
  const blob = image.layers[0]?.bytes ?? Buffer.alloc(0);
  it.each<[string, () => string, string]>([
    ["no such file", () => join(root, "nothing.tar"), "FILE_NOT_FOUND"],
    ["a device", () => "/dev/null", "NOT_A_FILE"],
    ["an empty file", () => file(Buffer.alloc(0)), "NOT_AN_ARCHIVE"],
    ["a text file", () => file(Buffer.from("hello ".repeat(200))), "TAR_CORRUPT"],
    ["a tar of something else", () => file(tarOfFiles({ a: "1" })), "NOT_AN_ARCHIVE"],
    ["a folder of something else", () => folder(new Map([["a", Buffer.from("1")]])), "NOT_AN_ARCHIVE"],
    ["a truncated archive", () => file(truncated(docker, 2000)), "TAR_TRUNCATED"],
    ["a truncated gzipped archive", () => file(truncated(gzipOf(docker), 200)), "COMPRESSION_TRUNCATED"],
    ["a corrupt layer in an archive", () => file(corrupted(docker, 512 + 1536 + 100)), "DIFF_ID_MISMATCH"],
    ["blob digest mismatch", () => folder(badLayer(corrupted(blob, 4))), "DIGEST_MISMATCH"],
    ["truncated blob", () => folder(badLayer(truncated(blob, 50))), "COMPRESSION_TRUNCATED"],
    ["lying size", () => folder(badLayer(Buffer.concat([blob, Buffer.alloc(1)]))), "SIZE_MISMATCH"],
    ["missing blob", () => folder(without(ociLayoutOf([tagged]), image.layers[0]?.digest ?? "")), "FILE_NOT_FOUND"],
    ["manifest changed under its digest", () => folder(replaced(image.manifest.digest, "{}")), "DIGEST_MISMATCH"],
    [
      "manifest as long as it pleases",
      () => folder(replaced(image.manifest.digest, " ".repeat(9 << 20))),
      "DOCUMENT_INVALID",
    ],
    ["config changed", () => folder(replaced(image.config.digest, "{}")), "DIGEST_MISMATCH"],
    ["config of a docker archive changed", () => file(tarOfFiles(dockerFiles("{}"))), "DIGEST_MISMATCH"],
    ["index that is no JSON", () => folder(new Map([["index.json", Buffer.from("{")]])), "DOCUMENT_INVALID"],
    ["another artifact", () => folder(artifact()), "NOT_AN_IMAGE"],
    [
      "a blob path leaving the folder",
      () => file(tarOfFiles({ "manifest.json": '[{"Config":"../../etc/passwd"}]' })),
      "DOCUMENT_INVALID",
    ],
    [
      "layers that do not pair up",
      () => file(archiveWith({ rootfs: { diff_ids: diffIds.slice(0, 1) } }, 2)),
      "DOCUMENT_INVALID",
    ],
  ])("%s", async (_, make, code) => {
    await expect(readAll(make())).rejects.toMatchObject({ name: "PlimsollError", code });
  });

  it("does not follow a layer link out of the archive", async () => {
    const config = { path: "c.json", body: JSON.stringify({ rootfs: { diff_ids: [diffIds[0]] } }) };
    const manifest = [{ Config: "c.json", Layers: ["l/layer.tar"] }];
    for (const target of ["/etc/passwd", "../../../etc/passwd", "../l/layer.tar"]) {
      const archive = tarOf([
        { path: "l/layer.tar", type: "symlink", linkname: target },
        config,
        { path: "manifest.json", body: JSON.stringify(manifest) },
      ]);
      await expect(readAll(file(archive)), target).rejects.toMatchObject({ code: "DOCUMENT_INVALID" });
    }
  });

  it("does not wait on a pipe behind a link of a layout", async () => {
    const files = without(ociLayoutOf([tagged]), image.layers[0]?.digest ?? "");
    const path = folder(files);
    symlinkSync("/dev/zero", join(path, "blobs/sha256", image.layers[0]?.digest.slice(7) ?? ""));
    await expect(readAll(path)).rejects.toMatchObject({ code: "NOT_A_FILE" });
  });

  it("limits layers and the size of the whole image, at their place and as a stream", async () => {
    const two = imageOf([[{ path: "a", body: "a" }], [{ path: "b", body: "b" }]]);
    const archive = dockerArchiveOf([two]);
    const bytes = two.layers.reduce((sum, { tar }) => sum + tar.length, 0);
    const place = file(archive);
    await readAll(place, { limits: { layers: 2, imageBytes: bytes } });
    await expect(readAll(place, { limits: { layers: 1 } })).rejects.toMatchObject({ code: "TOO_MANY_LAYERS" });
    await expect(readAll(place, { limits: { imageBytes: bytes - 1 } })).rejects.toMatchObject({
      code: "IMAGE_TOO_LARGE",
    });
    const stream = file(gzipOf(archive));
    await readAll(stream, { limits: { layers: 2, imageBytes: archive.length } });
    await expect(readAll(stream, { limits: { layers: 1 } })).rejects.toMatchObject({ code: "TOO_MANY_LAYERS" });
    const small = readAll(stream, { limits: { imageBytes: archive.length - 1 } });
    await expect(small).rejects.toMatchObject({ code: "LAYER_TOO_LARGE" });
  });
});

function zstdImage(): TestImage {
  return imageOf(
    image.layers.map((layer) => layer.tar),
    {
      compression: "zstd",
      config: { Env: ["A=1"], Labels: { b: "2", a: "1" }, User: "app", Cmd: ["run"], ExposedPorts: { "80/tcp": {} } },
    },
  );
}

/** The first layers of the image with another configuration. */
function archiveWith(change: object, layers: number): Buffer {
  const kept = image.layers.slice(0, layers);
  const config = { os: "linux", architecture: "amd64", rootfs: { diff_ids: diffIds.slice(0, layers) }, ...change };
  const body = JSON.stringify(config);
  const name = `${sha256Of(body).slice(7)}.json`;
  return tarOf([
    ...kept.map((layer) => ({ path: `${layer.diffId.slice(7)}.tar`, body: layer.tar })),
    { path: name, body },
    {
      path: "manifest.json",
      body: JSON.stringify([{ Config: name, Layers: kept.map((layer) => `${layer.diffId.slice(7)}.tar`) }]),
    },
  ]);
}

function replaced(digest: string, text: string): Map<string, Buffer> {
  return ociLayoutOf([tagged]).set(`blobs/sha256/${digest.slice(7)}`, Buffer.from(text));
}

function without(files: Map<string, Buffer>, digest: string): Map<string, Buffer> {
  files.delete(`blobs/sha256/${digest.slice(7)}`);
  return files;
}

function dockerFiles(config: string): Record<string, string> {
  const name = `${image.imageId.slice(7)}.json`;
  return { [name]: config, "manifest.json": JSON.stringify([{ Config: name, Layers: [] }]) };
}

function artifact(): Map<string, Buffer> {
  const chart = Buffer.from('{"name":"chart"}');
  const manifest = Buffer.from(
    JSON.stringify({ schemaVersion: 2, config: { digest: sha256Of(chart), size: chart.length }, layers: [] }),
  );
  const index = { schemaVersion: 2, manifests: [{ digest: sha256Of(manifest), size: manifest.length }] };
  return new Map([
    ["index.json", Buffer.from(JSON.stringify(index))],
    [`blobs/sha256/${sha256Of(chart).slice(7)}`, chart],
    [`blobs/sha256/${sha256Of(manifest).slice(7)}`, manifest],
  ]);
}
