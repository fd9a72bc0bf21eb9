import { createHash } from "node:crypto";
import {
  corrupted,
  dockerArchiveOf,
  gzipBombOf,
  gzipOf,
  imageOf,
  type LayerInput,
  ociArchiveOf,
  sha256Of,
  type TarEntry,
  tarOf,
  truncated,
  zstdOf,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lyingImage, manyEntriesTar } from "./lying-image.ts";
import {
  archiveWith,
  expectRefusal,
  expectReport,
  namesIn,
  openStage,
  problemsAt,
  type Stage,
  wholeLayers,
  wholePackages,
} from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const whole = imageOf(wholeLayers);
const dockerArchive = dockerArchiveOf([whole]);
const filler: TarEntry = { path: "usr/share/noise", body: noise(200_000) };
const noisy = tarOf([filler]);
const gzipped = gzipOf(noisy);
const zstdPacked = zstdOf(noisy);

/** An image whose second layer travels as these bytes, under a digest that is true of them; its diffID is of `noisy`. */
function layerAs(bytes: Buffer, compression: "gzip" | "zstd" | "none"): Buffer {
  return ociArchiveOf([lyingImage([wholeLayers[0] ?? [], noisy], { compression, layers: { 1: bytes } })]);
}

/** Damaged files and layers: what lies there, its error, words of the message. */
const damaged: readonly (readonly [name: string, code: string, content: () => Buffer, says: readonly string[]])[] = [
  [
    "a gzip layer cut in the middle",
    "COMPRESSION_TRUNCATED",
    () => layerAs(truncated(gzipped, 50_000), "gzip"),
    ["layer 2 of 2", "gzip"],
  ],
  [
    "a gzip layer without its last byte",
    "COMPRESSION_TRUNCATED",
    () => layerAs(truncated(gzipped, gzipped.length - 1), "gzip"),
    ["gzip"],
  ],
  [
    "a gzip layer with a flipped byte",
    "COMPRESSION_CORRUPT",
    () => layerAs(corrupted(gzipped, 60_000), "gzip"),
    ["gzip"],
  ],
  [
    "a gzip layer with a wrong checksum",
    "COMPRESSION_CORRUPT",
    () => layerAs(corrupted(gzipped, -6), "gzip"),
    ["gzip"],
  ],
  ["a gzip layer of its magic alone", "COMPRESSION_TRUNCATED", () => layerAs(truncated(gzipped, 3), "gzip"), ["gzip"]],
  [
    "a zstd layer cut in the middle",
    "COMPRESSION_TRUNCATED",
    () => layerAs(truncated(zstdPacked, 50_000), "zstd"),
    ["zstd"],
  ],
  [
    "a zstd layer without its last byte",
    "COMPRESSION_TRUNCATED",
    () => layerAs(truncated(zstdPacked, zstdPacked.length - 1), "zstd"),
    ["zstd"],
  ],
  [
    "a zstd layer with a reserved block type",
    "COMPRESSION_CORRUPT",
    () => layerAs(withReservedBlock(zstdPacked), "zstd"),
    ["zstd"],
  ],
  [
    "a layer packed with xz",
    "COMPRESSION_UNSUPPORTED",
    () => layerAs(Buffer.from("\xfd7zXZ\0rest", "latin1"), "none"),
    ["xz", "pack it with gzip"],
  ],
  [
    "a layer packed with bzip2",
    "COMPRESSION_UNSUPPORTED",
    () => layerAs(Buffer.from("BZh91AY&SY", "latin1"), "none"),
    ["bzip2"],
  ],
  ["a plain layer cut in an entry", "TAR_TRUNCATED", () => layerAs(truncated(noisy, 50_000), "none"), ["layer 2 of 2"]],
  ["a plain layer cut in a header", "TAR_TRUNCATED", () => layerAs(truncated(noisy, 100), "none"), []],
  ["a layer that is no tar", "TAR_CORRUPT", () => layerAs(noise(5000), "none"), ["checksum"]],
  [
    "a layer with a wrong header checksum",
    "TAR_CORRUPT",
    () => archiveWith({ path: "a", badChecksum: true }),
    ["byte 0"],
  ],
  ["an entry that claims 8 PiB", "LAYER_TOO_LARGE", () => archiveWith({ path: "a", size: 2n ** 53n - 1n }), []],
  ["an entry that claims 1 GiB and has nothing", "TAR_TRUNCATED", () => archiveWith({ path: "a", size: 2 ** 30 }), []],
  ["an entry of negative size", "TAR_CORRUPT", () => archiveWith({ path: "a", size: -1n, base256: true }), ["size"]],
  [
    "an entry whose size is no number",
    "TAR_CORRUPT",
    () => archiveWith({ path: "a", header: (b) => void b.write("zzzzzzzzzzz", 124) }),
    ["size"],
  ],
  ["a pax size that is no number", "TAR_CORRUPT", () => archiveWith({ path: "a", pax: { size: "-5" } }), ["pax size"]],
  [
    "a pax size of 16 digits",
    "TAR_CORRUPT",
    () => archiveWith({ path: "a", pax: { size: "9999999999999999" } }),
    ["pax size"],
  ],
  [
    "a pax record that claims more than is there",
    "TAR_CORRUPT",
    () => archiveWith({ path: "x", typeFlag: "x", body: "999999 path=b\n" }),
    ["pax"],
  ],
  [
    "a pax header of 2 MB",
    "TAR_CORRUPT",
    () => archiveWith({ path: "x", typeFlag: "x", body: Buffer.alloc(2_000_000, 97) }),
    ["a header of 2000000 bytes"],
  ],
  [
    "a GNU long name of 8 GB",
    "TAR_CORRUPT",
    () => archiveWith({ path: "x", typeFlag: "L", size: 8e9 }),
    ["a header of"],
  ],
  [
    "a pax header with nothing behind it",
    "TAR_TRUNCATED",
    () => archiveWith({ path: "x", typeFlag: "x", body: "10 path=b\n" }),
    [],
  ],
  [
    "an entry after a zero block",
    "TAR_CORRUPT",
    () => layerAs(Buffer.concat([Buffer.alloc(512), noisy]), "none"),
    ["zero block"],
  ],
  ["a saved image cut in its first layer", "TAR_TRUNCATED", () => truncated(dockerArchive, 700), []],
  ["a saved image with a flipped header byte", "TAR_CORRUPT", () => corrupted(dockerArchive, 10), []],
  ["a gzipped saved image cut in the middle", "COMPRESSION_TRUNCATED", () => truncated(gzipOf(dockerArchive), 400), []],
  ["a gzipped saved image with a flipped byte", "COMPRESSION_CORRUPT", () => corrupted(gzipOf(dockerArchive), 300), []],
  ["a zstd saved image cut in the middle", "COMPRESSION_TRUNCATED", () => truncated(zstdOf(dockerArchive), 300), []],
  ["a zstd bomb of 2 GB as a layer", "COMPRESSION_RATIO", () => layerAs(zstdBomb(), "zstd"), ["decompression bombs"]],
  ["a saved image whose layer is its own manifest", "TAR_TRUNCATED", () => ownManifestAsLayer(), []],
  ["a saved image of which the layer is missing", "DOCUMENT_INVALID", () => withoutLayer(), ["missing"]],
];

describe.concurrent("damage that leaves nothing to report", () => {
  it.each(damaged)("%s: %s", async (...[name, code, content, says]) => {
    const path = stage.save(`${slug(name)}.tar`, content());
    expectRefusal(await stage.scan(`file://${path}`), { code, exit: 3, says });
  });

  it.each([
    ["an empty file", Buffer.alloc(0)],
    ["zeros", Buffer.alloc(10_240)],
    ["a zstd bomb of 2 GB of zeros", zstdBomb()],
    ["a tar that holds no image", tarOf([filler])],
  ])("%s is no image: NOT_AN_ARCHIVE, wrong parameter", async (name, content) => {
    const path = stage.save(`${slug(name)}.tar`, content);
    expectRefusal(await stage.scan(`file://${path}`), { code: "NOT_AN_ARCHIVE", exit: 2, says: ["dir:PATH"] });
  });
});

/** Odd, but readable: what the report must say about it, and the entries. */
const odd: readonly (readonly [name: string, code: string, entries: readonly TarEntry[]])[] = [
  ["numbers in base-256", "nothing said", [{ path: "a", base256: true, body: "x" }]],
  ["a sparse file of the old GNU kind where a database lies", "sparse-file", [sparse("usr/lib/dpkg/status")]],
  [
    "a sparse pax file where a database lies",
    "sparse-file",
    [
      {
        path: "usr/lib/dpkg/status",
        pax: { "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "1000000" },
        body: "x",
      },
    ],
  ],
  ["a path of 5000 characters", "path-too-long", [{ path: "d".repeat(5000) }]],
  ["a global pax header with a path", "global-header", [{ path: "g", typeFlag: "g", body: "19 path=etc/passwd\n" }]],
  ["an unknown type flag", "nothing said", [{ path: "a", typeFlag: "Z", body: "x" }]],
  ["a folder with a size", "nothing said", [{ path: "a", type: "directory", size: 4096 }]],
  ["bytes behind the end", "nothing said", []],
  ["a name that is not UTF-8", "nothing said", [{ path: Buffer.from([0x61, 0xff, 0xfe, 0x62]) }]],
  ["a thousand times the same name", "nothing said", Array.from({ length: 1000 }, () => ({ path: "same", body: "x" }))],
];

describe.concurrent("odd tar entries beside a whole image", () => {
  it.each(odd)("%s: %s", async (name, code, entries) => {
    const isWhole = code === "nothing said";
    const path = stage.save(`${slug(name)}.tar`, archiveWith(...entries));
    const result = expectReport(await stage.scan(path), { exit: isWhole ? 0 : 3 });
    expect(namesIn(result)).toEqual(wholePackages);
    const incomplete = (result.problems ?? []).filter(({ level }) => level === "incomplete");
    expect(incomplete.map((problem) => problem.code)).toEqual(isWhole ? [] : [code]);
  });
});

describe("much out of little", () => {
  it("a gzip layer that unpacks to 300 MB of zeros takes time, not memory", async () => {
    const diffId = sha256Of(Buffer.alloc(300_000_000));
    const layers = { 1: gzipBombOf(300_000_000) };
    const image = lyingImage([wholeLayers[0] ?? [], []], { layers, diffIds: { 1: diffId } });
    const child = await stage.scan(stage.save("gzip-bomb.tar", ociArchiveOf([image])));
    expect(namesIn(expectReport(child, { exit: 0, peakMb: 180 }))).toEqual(["musl"]);
  });

  it("a package database of 150 MB is not read, and the report says so", async () => {
    const layers: LayerInput[] = [...wholeLayers, [{ path: "var/lib/dpkg/status", body: Buffer.alloc(150_000_000) }]];
    const path = stage.save("big-database.tar", ociArchiveOf([imageOf(layers, { compression: "gzip" })]));
    const result = expectReport(await stage.scan(path), { exit: 3, peakMb: 180 });
    expect(problemsAt(result, "var/lib/dpkg/status")).toMatchObject([{ code: "file-too-large", level: "incomplete" }]);
    expect(namesIn(result)).toEqual(wholePackages);
  });

  it("half a million entries in scattered folders stay below 300 MB", { timeout: 90_000 }, async () => {
    const layers: LayerInput[] = [...wholeLayers, manyEntriesTar(500_000)];
    const path = stage.save("many.tar", ociArchiveOf([imageOf(layers, { compression: "zstd" })]));
    const child = await stage.scan(path, [], { timeoutMs: 60_000 });
    expect(namesIn(expectReport(child, { exit: 0, peakMb: 300, wallMs: 60_000 }))).toEqual(wholePackages);
  });
});

function slug(name: string): string {
  return name.replace(/\W+/g, "-");
}

/** Bytes that do not compress, the same in every run. */
function noise(length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash("sha256").update(String(index)).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

function sparse(path: string): TarEntry {
  return { path, typeFlag: "S", body: "x", header: (block) => void block.write("ustar  \0", 257, "latin1") };
}

/** 2 GB of zeros in many frames of the same few bytes. */
function zstdBomb(): Buffer {
  const frame = zstdOf(Buffer.alloc(64 * 2 ** 20));
  return Buffer.concat(Array.from({ length: 32 }, () => frame));
}

/** The first block header behind magic, descriptor and window gets the type that the format reserves. */
function withReservedBlock(frame: Buffer): Buffer {
  const copy = Buffer.from(frame);
  const descriptor = copy[4] ?? 0;
  const single = (descriptor & 0x20) !== 0;
  const block = 5 + (single ? 0 : 1) + ([single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0);
  copy[block] = (copy[block] ?? 0) | 6;
  return copy;
}

function ownManifestAsLayer(): Buffer {
  const manifest = [{ Config: "config.json", RepoTags: [], Layers: ["manifest.json"] }];
  const config = {
    os: "linux",
    architecture: "amd64",
    rootfs: { type: "layers", diff_ids: [whole.layers[0]?.diffId] },
  };
  return tarOf([
    { path: "manifest.json", body: JSON.stringify(manifest) },
    { path: "config.json", body: JSON.stringify(config) },
  ]);
}

function withoutLayer(): Buffer {
  const manifest = [{ Config: "config.json", RepoTags: [], Layers: ["gone/layer.tar"] }];
  return tarOf([
    { path: "manifest.json", body: JSON.stringify(manifest) },
    { path: "config.json", body: JSON.stringify({ rootfs: { type: "layers", diff_ids: [whole.layers[0]?.diffId] } }) },
  ]);
}
