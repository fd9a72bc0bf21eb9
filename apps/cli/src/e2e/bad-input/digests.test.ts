import { join } from "node:path";
import {
  corrupted,
  dockerArchiveOf,
  gzipOf,
  imageOf,
  indexOf,
  ociArchiveOf,
  ociLayoutOf,
  startTestRegistry,
  type TestImage,
  type TestRegistry,
  tarOf,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, it } from "vitest";
import { lyingImage } from "./lying-image.ts";
import { expectRefusal, openStage, type Stage, wholeLayers } from "./stage.ts";

let stage: Stage;
let registry: TestRegistry;
beforeAll(async () => {
  stage = await openStage();
  registry = await startTestRegistry();
});
afterAll(async () => {
  stage?.close();
  await registry?.close();
});

const honest = imageOf(wholeLayers);
const other = imageOf([...wholeLayers].reverse());
const wrongDiffId = `sha256:${"1".repeat(64)}`;

/** Each lie, and what finds it. */
const lies: readonly (readonly [name: string, code: string, image: () => TestImage])[] = [
  ["a layer under another's digest", "DIGEST_MISMATCH", () => lyingImage(wholeLayers, { swapped: { 1: sameSize(1) } })],
  [
    "a diffID that is not the layer's",
    "DIFF_ID_MISMATCH",
    () => lyingImage(wholeLayers, { diffIds: { 1: wrongDiffId } }),
  ],
  [
    "a layer larger than its description",
    "SIZE_MISMATCH",
    () => lyingImage(wholeLayers, { manifest: withLayerSize(-1) }),
  ],
  [
    "a layer smaller than its description",
    "SIZE_MISMATCH",
    () => lyingImage(wholeLayers, { manifest: withLayerSize(1) }),
  ],
  [
    "a layer of size 0 by its description",
    "SIZE_MISMATCH",
    () =>
      lyingImage(wholeLayers, {
        manifest: (m) => ({ ...m, layers: m.layers.map((layer) => ({ ...layer, size: 0 })) }),
      }),
  ],
  [
    "a configuration under another's digest",
    "DIGEST_MISMATCH",
    () => ({ ...honest, config: { ...honest.config, bytes: other.config.bytes } }),
  ],
  [
    "a configuration size that is a lie",
    "SIZE_MISMATCH",
    () => lyingImage(wholeLayers, { manifest: (m) => ({ ...m, config: { ...m.config, size: 1 } }) }),
  ],
  [
    "a digest of another algorithm",
    "DOCUMENT_INVALID",
    () =>
      lyingImage(wholeLayers, {
        manifest: (m) => ({ ...m, layers: m.layers.map((layer) => ({ ...layer, digest: `md5:${"0".repeat(32)}` })) }),
      }),
  ],
  [
    "a digest that is a path",
    "DOCUMENT_INVALID",
    () =>
      lyingImage(wholeLayers, {
        manifest: (m) => ({
          ...m,
          layers: m.layers.map((layer) => ({ ...layer, digest: "sha256:../../../etc/passwd" })),
        }),
      }),
  ],
  ["a negative size", "DOCUMENT_INVALID", () => lyingImage(wholeLayers, { manifest: withLayerSize(-1e9) })],
  [
    "fewer layers than diffIDs",
    "DOCUMENT_INVALID",
    () => lyingImage(wholeLayers, { manifest: (m) => ({ ...m, layers: m.layers.slice(1) }) }),
  ],
  [
    "a manifest that is an index as well",
    "DOCUMENT_INVALID",
    () => lyingImage(wholeLayers, { manifest: (m) => ({ ...m, manifests: [] }) }),
  ],
  ["a manifest that is no object", "DOCUMENT_INVALID", () => lyingImage(wholeLayers, { manifest: () => [] })],
  [
    "a manifest of the old schema",
    "SCHEMA1_UNSUPPORTED",
    () => lyingImage(wholeLayers, { manifest: () => ({ schemaVersion: 1, fsLayers: [] }) }),
  ],
  [
    "a thousand and one layers",
    "TOO_MANY_LAYERS",
    () =>
      lyingImage(wholeLayers, { manifest: (m) => ({ ...m, layers: Array.from({ length: 1001 }, () => m.layers[0]) }) }),
  ],
];

describe.concurrent("an image that is not what it says", () => {
  it.each(lies)("%s, in an OCI layout: %s", async (name, code, image) => {
    const path = stage.save(`${name.replace(/\W+/g, "-")}.tar`, ociArchiveOf([image()]));
    expectRefusal(await stage.scan(path), { code, exit: 3 });
  });

  it.each(lies)("%s, in a registry: %s", async (name, code, image) => {
    const reference = registry.push(`lies/${name.toLowerCase().replace(/\W+/g, "-")}`, "1", image());
    expectRefusal(await stage.scan(`pull://${reference}`), { code, exit: 3 });
  });
});

describe.concurrent("documents that do not hold", () => {
  it("a manifest under another's digest, in a folder", async () => {
    const files = ociLayoutOf([honest]);
    files.set(`blobs/sha256/${honest.manifest.digest.slice(7)}`, other.manifest.bytes);
    for (const [path, bytes] of files) stage.save(join("swapped-manifest", path), bytes);
    expectRefusal(await stage.scan(`oci:${join(stage.folder, "swapped-manifest")}`), {
      code: "DIGEST_MISMATCH",
      exit: 3,
    });
  });

  it("a manifest asked for by digest that comes changed", async () => {
    registry.push("changed/manifest", "1", honest);
    registry.addFault({
      match: new RegExp(`GET /v2/changed/manifest/manifests/${honest.manifest.digest}`),
      kind: "corrupt",
    });
    const child = await stage.scan(`pull://${registry.host}/changed/manifest@${honest.manifest.digest}`);
    expectRefusal(child, { code: "DIGEST_MISMATCH", exit: 3, says: [honest.manifest.digest] });
  });

  it("a layer that is damaged on its way, with the right length", async () => {
    const reference = registry.push("changed/layer", "1", honest);
    registry.addFault({ match: /GET \/v2\/changed\/layer\/blobs\/.*/, kind: "corrupt" });
    expectRefusal(await stage.scan(`pull://${reference}`), { code: "DIGEST_MISMATCH", exit: 3 });
  });

  it("a saved image whose configuration is not what its name promises", async () => {
    const lying = { ...honest, config: { ...honest.config, bytes: corrupted(honest.config.bytes, 40) } };
    const path = stage.save("saved-config.tar", dockerArchiveOf([lying]));
    expectRefusal(await stage.scan(path), { code: "DIGEST_MISMATCH", exit: 3, says: ["configuration"] });
  });

  it("a saved image whose layer is not what its configuration says", async () => {
    const layers = honest.layers.map((layer, index) =>
      index === 1 ? { ...layer, tar: tarOf([{ path: "x" }]) } : layer,
    );
    const path = stage.save("saved-layer.tar", dockerArchiveOf([{ ...honest, layers }]));
    expectRefusal(await stage.scan(path), { code: "DIFF_ID_MISMATCH", exit: 3, says: ["layer 2 of 2"] });
  });

  it.each([
    ["no JSON", "DOCUMENT_INVALID", "{", "not a JSON list"],
    ["null", "DOCUMENT_INVALID", "null", "not a JSON list"],
    ["an empty list", "DOCUMENT_INVALID", "[]", "lists no image"],
    ["a list of numbers for names", "DOCUMENT_INVALID", '[{"Config":1,"Layers":[2]}]', "names no configuration"],
    ["its own configuration", "NOT_AN_IMAGE", '[{"Config":"manifest.json","Layers":[]}]', "not a container image"],
    ["nested 100,000 deep", "DOCUMENT_INVALID", "[".repeat(100_000), "not a JSON list"],
    ["of 9 MB", "DOCUMENT_INVALID", `[${" ".repeat(9_000_000)}]`, "9000002 bytes"],
  ])("a manifest.json that is %s: %s", async (...[name, code, body, words]) => {
    const path = stage.save(`${name.replace(/\W+/g, "-")}.tar`, tarOf([{ path: "manifest.json", body }]));
    expectRefusal(await stage.scan(path), { code, exit: 3, says: [words] });
  });

  it("indexes within indexes come to an end", async () => {
    const reference = registry.pushIndex("deep/index", "1", nestedIndexes(8));
    expectRefusal(await stage.scan(`pull://${reference}`), {
      code: "DOCUMENT_INVALID",
      exit: 3,
      says: ["nested too deeply"],
    });
  });
});

/** A blob as long as that layer's, which is not the layer's. */
function sameSize(index: number): Buffer {
  const length = honest.layers[index]?.bytes.length ?? 0;
  const packed = gzipOf(tarOf([{ path: "x" }]));
  // A gzip member may be followed by zeros, which nobody reads but the digest.
  return Buffer.concat([packed, Buffer.alloc(Math.max(0, length - packed.length))]).subarray(0, length);
}

function withLayerSize(difference: number): (manifest: { layers: { size: number }[] }) => unknown {
  return (manifest) => ({
    ...manifest,
    layers: manifest.layers.map((layer) => ({ ...layer, size: layer.size + difference })),
  });
}

function nestedIndexes(depth: number): { index: TestImage["manifest"]; images: TestImage[] } {
  let index = indexOf([honest]);
  const images = [honest];
  for (let level = 1; level < depth; level++) {
    const wrapped: TestImage = { ...honest, manifest: index };
    images.push(wrapped);
    index = indexOf([wrapped]);
  }
  return { index, images };
}
