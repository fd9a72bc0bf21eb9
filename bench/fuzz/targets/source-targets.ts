import { gunzipSync } from "node:zlib";
import { defaultLimits } from "../../../packages/kit/src/index.ts";
import { openArchive } from "../../../packages/source/src/archive/open-archive.ts";
import type { Entry } from "../../../packages/source/src/entry.ts";
import { chooseDescriptor } from "../../../packages/source/src/image/choose-manifest.ts";
import { parseConfig, parseManifest } from "../../../packages/source/src/image/documents.ts";
import { imageReadOf, planImage } from "../../../packages/source/src/image/image-plan.ts";
import { decompressed } from "../../../packages/source/src/stream/decompress.ts";
import { TarReader } from "../../../packages/source/src/tar/tar-reader.ts";
import { recorder } from "../../../packages/source/src/testing/recorder.ts";
import { gzipOf, zstdOf } from "../../../packages/testkit/src/compress.ts";
import { dockerArchiveOf, imageOf, indexOf, ociArchiveOf } from "../../../packages/testkit/src/image.ts";
import { tarOf, whiteoutOf } from "../../../packages/testkit/src/tar.ts";
import { mutateTar } from "../mutate-binary.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateJson } from "../mutate-json.ts";
import { mutateLines } from "../mutate-lines.ts";
import { orRefused, printable, promise, sizeOf } from "../promises.ts";
import { scratchFile } from "../scratch-file.ts";
import { bytesOf, sharedFile, sharedFiles } from "../seeds.ts";
import type { FuzzTarget, Outcome } from "../target.ts";

const longName = `${"long/".repeat(40)}name`;
const oddTar = tarOf([
  { path: "etc/os-release", body: "ID=alpine\n" },
  { path: longName, body: "x", pax: { "SCHILY.xattr.user.a": "b", path: longName } },
  { path: `${longName}gnu`, body: "x", longNames: "gnu" },
  { path: "l", type: "symlink", linkname: "t".repeat(120) },
  { path: "h", type: "hardlink", linkname: "etc/os-release" },
  whiteoutOf("usr/x"),
  { path: "big", body: Buffer.alloc(9000, 3), base256: true },
  {
    path: "pax-size",
    body: "x".repeat(600),
    pax: { size: "600", "GNU.sparse.major": "1", "GNU.sparse.realsize": "9" },
  },
  {
    path: "old-sparse",
    typeFlag: "S",
    body: Buffer.concat([Buffer.alloc(504), Buffer.from([1]), Buffer.alloc(7), Buffer.alloc(512), Buffer.from("x")]),
    size: 1,
    header: (block) => void block.fill(1, 482, 483),
  },
]);
const limits = { ...defaultLimits, layerBytes: 64e6, imageBytes: 64e6, archiveBytes: 64e6, ratioFloorBytes: 1e6 };

/** Entries, bodies, problems: the same whatever the pieces the bytes come in. */
function readTar(input: Buffer, chunk: number): Outcome {
  const seen = recorder({
    wish: (entry) => (entry.size % 2 === 0 ? "head" : "body"),
    claims: (entry) => entry.mode % 2 === 0,
  });
  // Which limits and which way of giving bodies shows in the input, so that it is the same in every run.
  const isNarrow = input.length % 2 === 1;
  const narrow = { ...limits, fileBytes: 300, layerEntries: 20, pathLength: 120 };
  const pieces: string[] = [];
  const visitor = {
    ...seen,
    pieces: (entry: Entry) =>
      entry.mode % 3 === 0 ? (piece: Uint8Array | null) => void pieces.push(lengthOf(piece)) : null,
  };
  const reader = new TarReader(visitor, { limits: isNarrow ? narrow : limits });
  for (let at = 0; at < input.length; at += chunk) reader.push(input.subarray(at, at + chunk));
  reader.finish();
  for (const { path } of seen.entries) {
    promise(!path.startsWith("/") && !path.split("/").includes(".."), `an entry that leaves its archive: ${path}`);
  }
  for (const { message } of seen.problems) printable(message);
  const codes = [...new Set(seen.problems.map(({ code }) => code))].sort();
  const bodies = [...seen.bodies].map(([path, body]) => [path, body.length]);
  const piped = pieces.join("").split("end").length;
  const value = JSON.stringify([seen.entries, bodies, seen.problems, seen.whiteouts, piped]);
  return { shape: `${sizeOf(seen.entries.length)} ${codes.join(" ")}`, value };
}

function lengthOf(piece: Uint8Array | null): string {
  return piece === null ? "end" : `${piece.length} `;
}

const tar: FuzzTarget = {
  name: "tar",
  scope: ["packages/source/src/tar/"],
  mutators: [mutateTar, mutateTar, mutateBytes],
  seeds: async () => [
    oddTar,
    ...sharedFile("rootfs/busybox/latest-musl-amd64-rootfs.tar.gz").map((bytes) => headersOf(gunzipSync(bytes))),
    tarOf([
      { path: "a", body: "x" },
      { path: "a", type: "directory" },
      { path: "d", type: "character" },
    ]),
  ],
  async run(input) {
    const whole = await orRefused(() => readTar(input, input.length + 1));
    const inPieces = await orRefused(() => readTar(input, 333));
    promise(JSON.stringify(whole.value) === JSON.stringify(inPieces.value), "another answer in other pieces");
    return whole;
  },
};

const text = Buffer.from("a layer, more or less\n".repeat(300));

const compression: FuzzTarget = {
  name: "compression",
  scope: [
    "packages/source/src/stream/compression.ts",
    "packages/source/src/stream/decompress.ts",
    "packages/source/src/stream/zstd-frames.ts",
  ],
  mutators: [mutateBytes],
  maxBytes: 16_384,
  seeds: async () => [
    gzipOf(text),
    Buffer.concat([gzipOf("a"), gzipOf(text), Buffer.alloc(600)]),
    zstdOf(text),
    Buffer.concat([zstdOf(text), Buffer.from("502a4d1804000000aaaaaaaa", "hex"), zstdOf("b")]),
    Buffer.from("BZh9"),
    Buffer.from("fd377a585a00", "hex"),
  ],
  run: (input) =>
    orRefused(async () => {
      let bytes = 0;
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < input.length; at += 1000) yield Buffer.from(input.subarray(at, at + 1000));
      }
      for await (const chunk of decompressed(chunks(), { limits })) bytes += chunk.length;
      promise(bytes <= limits.layerBytes, "more bytes than the limit");
      return { shape: `ok ${sizeOf(bytes)}`, value: bytes };
    }),
};

const smallImage = imageOf([[{ path: "a", body: "b" }], [{ path: "c", body: "d".repeat(700) }]]);

const archive: FuzzTarget = {
  name: "image-archive",
  scope: ["packages/source/src/archive/", "packages/source/src/image/"],
  mutators: [mutateTar, mutateBytes, mutateLines],
  maxBytes: 65_536,
  seeds: async () => [
    dockerArchiveOf([{ ...smallImage, tags: ["a:1"] }]),
    ociArchiveOf([{ ...smallImage, tag: "1" }]),
    gzipOf(dockerArchiveOf([{ ...smallImage, tags: ["a:1"] }]), 1),
    zstdOf(ociArchiveOf([{ ...imageOf([[{ path: "a", body: "b" }]], { compression: "zstd" }), tag: "1" }])),
  ],
  async run(input) {
    const path = scratchFile(input);
    const outcome = await orRefused(async () => {
      const wish = { platform: { os: "linux", architecture: "amd64" }, isExplicit: false };
      await using opened = await openArchive(path, { kind: "any", wish, limits });
      const visitors: ReturnType<typeof recorder>[] = [];
      const { image } = await opened.readLayers(() => {
        const visitor = recorder();
        visitors.push(visitor);
        return visitor;
      });
      const ended = new Set<unknown>(visitors.flatMap(({ ends }) => ends.map(({ diffId }) => diffId)));
      for (const { diffId } of image.layers) promise(diffId === null || ended.has(diffId), "a layer that was not read");
      return { shape: `image ${image.layers.length}`, value: image };
    });
    // Of several faults that one is told which is met first: layers are read and checked side by side.
    return outcome.shape.startsWith("image ") ? outcome : { ...outcome, value: "refused" };
  },
};

const documents: FuzzTarget = {
  name: "image-documents",
  scope: ["packages/source/src/image/"],
  mutators: [mutateJson, mutateJson, mutateBytes],
  seeds: async () => [
    smallImage.manifest.bytes,
    imageOf([[]], { config: { Env: ["A=b"], Labels: { a: "b" }, ExposedPorts: { "80/tcp": {} }, User: "0" } }).config
      .bytes,
    indexOf([smallImage, imageOf([], { architecture: "arm64", variant: "v8" })]).bytes,
    ...bytesOf(
      await sharedFiles({
        archives: ["pkgdb/dpkg-apk-osrelease.tar.zst"],
        wants: ({ bytes }) => /"(diff_ids|schemaVersion)"/.test(bytes.toString("latin1")),
      }),
    ),
  ],
  async run(input) {
    const manifest = await orRefused(() => {
      const document = parseManifest(input, "x");
      const wish = { platform: { os: "linux", architecture: "amd64" }, isExplicit: false };
      if (document.kind === "index")
        return { shape: "index", value: chooseDescriptor(document.manifests, { wish, name: "x" }) };
      return { shape: document.kind, value: document };
    });
    const config = await orRefused(() => {
      const document = parseConfig(input, "x");
      const spots = document.diffIds.map(() => ({ where: "a", digest: null, size: null }));
      const { image } = imageReadOf(planImage(document, spots, { limits, name: "x", digest: null }), new Map());
      return { shape: `config ${sizeOf(image.layers.length)}`, value: image };
    });
    return { shape: `${manifest.shape} ${config.shape}`, value: [manifest.value, config.value] };
  },
};

/** A real archive without what its files hold: enough of its headers. */
function headersOf(whole: Buffer): Buffer {
  const kept: Buffer[] = [];
  for (let at = 0; at + 512 <= whole.length && kept.length < 120; at += 512) {
    const block = whole.subarray(at, at + 512);
    if (block.toString("latin1", 257, 262) === "ustar" && block[156] !== 0x30) kept.push(block);
  }
  return Buffer.concat([...kept, Buffer.alloc(1024)]);
}

/** Image files, their packings, their documents. */
export const sourceTargets: readonly FuzzTarget[] = [tar, compression, archive, documents];
