import { createHash } from "node:crypto";
import {
  dockerArchiveOf,
  gzipBombOf,
  imageOf,
  indexOf,
  type LayerInput,
  ociArchiveOf,
  ociLayoutOf,
  sha256Of,
  type TestImage,
  tarOf,
  zstdOf,
} from "@plimsoll/testkit";
import { lyingImage, manyEntriesTar } from "../bad-input/lying-image.ts";
import { wholeLayers } from "../bad-input/stage.ts";
import { type Attack, incomplete, refused, whole } from "./attack.ts";
import { gzipQuine } from "./gzip-quine.ts";

/** What holds the layers: their number, packing, documents. */
export const imageAttacks: readonly Attack[] = [
  {
    name: "a gzip layer of 2 GiB from 2 MB",
    make: () => layerAs(gzipBomb()),
    ends: refused("COMPRESSION_RATIO"),
    wallMs: 60_000,
  },
  {
    name: "a zstd layer of 2 GiB from 100 kB",
    make: () => layerAs(zstdBomb(), "zstd"),
    ends: refused("COMPRESSION_RATIO"),
    wallMs: 60_000,
  },
  { name: "a saved image that is a zstd bomb", make: zstdBomb, ends: refused("NOT_AN_ARCHIVE"), wallMs: 60_000 },
  { name: "a gzip layer that unpacks to itself", make: () => layerAs(gzipQuine()), ends: refused("TAR_TRUNCATED") },
  { name: "a saved image that unpacks to itself", make: gzipQuine, ends: refused("TAR_TRUNCATED") },
  { name: "a million tiny entries", make: () => manyEntries(1_000_000), ends: whole(), wallMs: 60_000 },
  { name: "10,000 layers", make: () => manyLayers(10_000), ends: refused("TOO_MANY_LAYERS") },
  { name: "a layer that no registry gave (foreign)", make: foreignLayer, ends: incomplete("foreign-layer") },
  { name: "an index that names itself", make: indexOfItself, ends: refused("DIGEST_MISMATCH") },
  { name: "indexes nested 100 deep", make: () => nestedIndexes(100), ends: refused("DOCUMENT_INVALID") },
  { name: "an index and a manifest in one document", make: twoFaced, ends: refused("DOCUMENT_INVALID") },
  {
    name: "a manifest with other layers in other letters, which engines run",
    make: () => ociArchiveOf([imageOf(wholeLayers, { manifest: (manifest) => ({ ...manifest, Layers: [] }) })]),
    ends: refused("DOCUMENT_INVALID"),
  },
  {
    name: "a saved image with other layers in other letters, which engines run",
    make: () => withManifest('[{"Config":"c.json","Layers":["a.tar"],"layers":["b.tar"]}]'),
    ends: refused("DOCUMENT_INVALID"),
  },
  {
    name: "variables and labels with names of half a megabyte",
    make: longNames,
    ends: whole(),
    breaks: "pci-dss-v4-0", // looks for secrets in them
  },
  { name: "a saved image with two manifest.json: the last one counts", make: twoManifests, ends: whole() },
  { name: "a manifest that names a path outside", make: outsideManifest, ends: refused("DOCUMENT_INVALID") },
  {
    name: "a manifest.json nested 100,000 deep",
    make: () => withManifest("[".repeat(100_000)),
    ends: refused("DOCUMENT_INVALID"),
  },
];

function layerAs(bytes: Buffer, compression: "gzip" | "zstd" = "gzip"): Buffer {
  return ociArchiveOf([lyingImage([...wholeLayers, []], { compression, layers: { 2: bytes } })]);
}

/** A pattern that looks for the end of a name takes the square of its length, unless it knows where a name begins. */
function longNames(): Buffer {
  const names = ["token_expir", "secret_tokenizer", "password_sha1"].map((word) => word.repeat(500_000 / word.length));
  const Labels = Object.fromEntries(names.map((name) => [`${name}!`, "eyJ-".repeat(125_000)]));
  const image = imageOf(wholeLayers, { config: { Env: names.map((name) => `${name}!=1`), Labels } });
  return dockerArchiveOf([image]);
}

/** 2 GB of zeros in members of 64 MB: RFC 1952 calls them one file. */
function gzipBomb(): Buffer {
  const member = gzipBombOf(64 * 2 ** 20);
  return Buffer.concat(Array.from({ length: 32 }, () => member));
}

/** 2 GB of zeros in many frames of the same few bytes. */
function zstdBomb(): Buffer {
  const frame = zstdOf(Buffer.alloc(64 * 2 ** 20));
  return Buffer.concat(Array.from({ length: 32 }, () => frame));
}

/** Packed in pieces, so that making it does not take the memory that scanning it must not. */
function manyEntries(count: number): Buffer {
  const piece = 50_000;
  const hash = createHash("sha256");
  const frames: Buffer[] = [];
  for (let from = 0; from < count; from += piece) {
    const tar = manyEntriesTar(piece, from).subarray(0, piece * 512);
    hash.update(tar);
    frames.push(zstdOf(tar));
  }
  const end = Buffer.alloc(1024);
  frames.push(zstdOf(end));
  const diffId = `sha256:${hash.update(end).digest("hex")}`;
  const lies = { compression: "zstd", layers: { 2: Buffer.concat(frames) }, diffIds: { 2: diffId } } as const;
  return ociArchiveOf([lyingImage([...wholeLayers, []], lies)]);
}

function manyLayers(count: number): Buffer {
  const layers: LayerInput[] = Array.from({ length: count }, (_, index) => [{ path: `f${index}` }]);
  return dockerArchiveOf([imageOf([...wholeLayers, ...layers], { compression: "none" })]);
}

function foreignLayer(): Buffer {
  const image = imageOf([...wholeLayers, [{ path: "c", body: "x" }]], {
    mediaTypes: "docker",
    manifest: (manifest) => ({
      ...manifest,
      layers: manifest.layers.map((layer, index) =>
        index === 2 ? { ...layer, mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" } : layer,
      ),
    }),
  });
  return archiveOf(image, (files) => void files.delete(`blobs/sha256/${hexOf(image.layers[2]?.digest)}`));
}

function archiveOf(image: TestImage, change: (files: Map<string, Buffer>) => void): Buffer {
  const files = ociLayoutOf([image]);
  change(files);
  return tarOf([...files].map(([path, body]) => ({ path, body })));
}

/** No document can hold its own digest: one that claims to is caught by it. */
function indexOfItself(): Buffer {
  const digest = sha256Of("index");
  const descriptor = { mediaType: "application/vnd.oci.image.index.v1+json", digest, size: 300 };
  const index = JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }).padEnd(300);
  return tarOf([
    { path: "oci-layout", body: '{"imageLayoutVersion":"1.0.0"}' },
    { path: "index.json", body: index },
    { path: `blobs/sha256/${hexOf(digest)}`, body: index },
  ]);
}

function nestedIndexes(depth: number): Buffer {
  const image = imageOf(wholeLayers);
  const files = ociLayoutOf([image]);
  let inner = indexOf([image]);
  for (let level = 0; level < depth; level++) {
    files.set(`blobs/sha256/${hexOf(inner.digest)}`, inner.bytes);
    const manifests = [{ mediaType: inner.mediaType, digest: inner.digest, size: inner.bytes.length }];
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: inner.mediaType, manifests }));
    inner = { digest: sha256Of(bytes), mediaType: inner.mediaType, bytes };
  }
  files.set("index.json", inner.bytes);
  return tarOf([...files].map(([path, body]) => ({ path, body })));
}

function twoFaced(): Buffer {
  const image = imageOf(wholeLayers, { manifest: (manifest) => ({ ...manifest, manifests: [] }) });
  return ociArchiveOf([image]);
}

function withManifest(text: string): Buffer {
  return tarOf([{ path: "manifest.json", body: text }]);
}

function twoManifests(): Buffer {
  const good = dockerArchiveOf([imageOf(wholeLayers)]);
  return Buffer.concat([tarOf([{ path: "manifest.json", body: "[]" }], { end: false }), good]);
}

function outsideManifest(): Buffer {
  return withManifest('[{"Config":"../../../../etc/passwd","Layers":["/etc/passwd"]}]');
}

function hexOf(digest: string | undefined): string {
  return (digest ?? "").slice("sha256:".length);
}
