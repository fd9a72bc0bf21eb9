import { describe, expect, it } from "vitest";
import { sha256Of } from "./bytes.ts";
import { dockerArchiveOf, imageOf, indexOf, ociLayoutOf } from "./image.ts";

const image = imageOf([[{ path: "etc/os-release", body: "ID=alpine\n" }], [{ path: "app", body: "x" }]]);

describe("imageOf", () => {
  it.each(["gzip", "zstd", "none"] as const)("keeps diffIDs whatever the compression: %s", (compression) => {
    const other = imageOf([[{ path: "etc/os-release", body: "ID=alpine\n" }], [{ path: "app", body: "x" }]], {
      compression,
    });
    expect(other.layers.map((layer) => layer.diffId)).toEqual(image.layers.map((layer) => layer.diffId));
    expect(other.imageId).toBe(image.imageId);
    for (const layer of other.layers) expect(layer.digest).toBe(sha256Of(layer.bytes));
  });

  it("names every blob of a layout by its digest", () => {
    const files = ociLayoutOf([{ ...image, tag: "1.0" }]);
    const blobs = [...files].filter(([path]) => path.startsWith("blobs/sha256/"));
    expect(blobs).toHaveLength(4);
    for (const [path, bytes] of blobs) expect(`sha256:${path.slice(13)}`).toBe(sha256Of(bytes));
    expect(files.get("index.json")?.toString()).toContain(image.manifest.digest);
  });

  it("writes the docker archive with shared layers once", () => {
    const once = dockerArchiveOf([{ ...image, tags: ["a:1"] }]);
    const twice = dockerArchiveOf([
      { ...image, tags: ["a:1"] },
      { ...image, tags: ["b:1"] },
    ]);
    expect(twice.length - once.length).toBeLessThanOrEqual(512);
  });

  it("lists platforms in an index", () => {
    const arm = imageOf([[]], { architecture: "arm64", variant: "v8" });
    const index = JSON.parse(indexOf([image, arm]).bytes.toString());
    expect(index.manifests.map((entry: { platform: unknown }) => entry.platform)).toEqual([
      { os: "linux", architecture: "amd64" },
      { os: "linux", architecture: "arm64", variant: "v8" },
    ]);
  });
});
