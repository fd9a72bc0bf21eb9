import type { DiffId } from "@plimsoll/model";
import {
  dockerArchiveOf,
  gzipOf,
  imageOf,
  indexOf,
  ociArchiveOf,
  ociLayoutOf,
  type TestImage,
  tarOf,
  zstdOf,
} from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import type { Progress } from "../entry.ts";
import { archiveWith, diffIds, file, folder, image, readArchive, tagged } from "../testing/read-archive.ts";

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
    const { read, layers } = await readArchive(make());
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
    expect((await readArchive(path)).hints.toSorted()).toEqual([...new Set(diffIds)].toSorted());
    const known = diffIds[1];
    if (known === undefined) throw new Error("no layer");
    const { read, layers } = await readArchive(path, { known });
    expect([...layers.keys()]).toEqual([diffIds[0]]);
    expect(read.image.layers.map((layer) => layer.size)).toEqual([
      image.layers[0]?.tar.length,
      null,
      image.layers[0]?.tar.length,
    ]);
  });

  it("knows the manifest digest of a layout, and blob digests", async () => {
    const { read } = await readArchive(folder(ociLayoutOf([tagged])));
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
      expect((await readArchive(text)).read.image.imageId, text).toBe(other.imageId);
    }
    for (const path of [docker, layout]) {
      await expect(readArchive(path)).rejects.toMatchObject({ code: "AMBIGUOUS_IMAGE" });
      await expect(readArchive(`${path}:none:9`)).rejects.toMatchObject({ code: "NOT_IN_ARCHIVE", exit: 2 });
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
    expect((await readArchive(path, { platform: "linux/arm64" })).read.image.imageId).toBe(arm.imageId);
    expect((await readArchive(path)).read.image.imageId).toBe(image.imageId);
    await expect(readArchive(path, { platform: "linux/s390x" })).rejects.toMatchObject({
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
      expect((await readArchive(path)).read.image.layers.map((layer) => layer.size)).toEqual([
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
    const { read } = await readArchive(file(archiveWith({ history }, 2)));
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
    const none = await readArchive(file(archiveWith({ history: undefined }, 2)));
    expect([none.read.image.layers.length, none.read.problems]).toEqual([2, []]);
    const odd = await readArchive(file(archiveWith({ history: [{ created_by: "one" }] }, 2)));
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
    const { read, layers } = await readArchive(folder(ociLayoutOf([foreign])));
    expect(layers.size).toBe(1);
    expect(read.problems).toMatchObject([
      { level: "incomplete", code: "foreign-layer", layer: foreign.layers[0]?.diffId },
    ]);
  });

  it("reports progress up to the last layer", async () => {
    const seen: Progress[] = [];
    await readArchive(file(dockerArchiveOf([tagged])), { onProgress: (progress) => void seen.push(progress) });
    const bytes = (image.layers[0]?.tar.length ?? 0) + (image.layers[1]?.tar.length ?? 0);
    expect(seen.at(-1)).toEqual({ layersDone: 2, layersTotal: 2, bytes, bytesTotal: bytes });
    const packed = gzipOf(dockerArchiveOf([tagged]));
    await readArchive(file(packed), { onProgress: (progress) => void seen.push(progress) });
    expect(seen.at(-1)).toMatchObject({ layersDone: 2, layersTotal: null, bytesTotal: packed.length });
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
