import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits } from "@plimsoll/kit";
import type { DiffId } from "@plimsoll/model";
import { dockerArchiveOf, imageOf, ociArchiveOf, type TestImage, tarOf } from "@plimsoll/testkit";
import { afterAll, describe, expect, it } from "vitest";
import type { ImageRead, StartLayer } from "../entry.ts";
import { platformOf } from "../image/platform.ts";
import { recorder } from "../testing/recorder.ts";
import { openArchive } from "./open-archive.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-known-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const image = imageOf([[{ path: "a", body: "1" }], [{ path: "b", body: "x".repeat(5000) }]]);
const sizes = new Map(image.layers.map(({ diffId, tar }) => [String(diffId), tar.length]));

/** A docker archive of the layers as they travel, under names that tell nothing. */
function namelessArchive({ config, layers }: TestImage): Buffer {
  const manifest = [{ Config: "config.json", RepoTags: [], Layers: layers.map((_, index) => `${index}/layer.tar`) }];
  return tarOf([
    { path: "config.json", body: config.bytes },
    ...layers.map(({ bytes }, index) => ({ path: `${index}/layer.tar`, body: bytes })),
    { path: "manifest.json", body: JSON.stringify(manifest) },
  ]);
}

let files = 0;
const opened = (bytes: Uint8Array) => {
  files += 1;
  const path = join(folder, `${files}.tar`);
  writeFileSync(path, bytes);
  const wish = { platform: platformOf("linux", "x64"), isExplicit: false };
  return { path, image: openArchive(path, { kind: "any", wish, limits: defaultLimits }) };
};

async function read(bytes: Uint8Array, start: StartLayer): Promise<ImageRead> {
  await using source = await opened(bytes).image;
  const result = await source.readLayers(start);
  await result.verified;
  return result;
}

const known: StartLayer = (hint) => (hint === null ? recorder() : { size: sizes.get(hint) ?? 0 });

describe("known layers of an archive", () => {
  it.each([
    ["docker archive", dockerArchiveOf([image]), 2],
    ["OCI archive", ociArchiveOf([image]), 2],
    ["docker archive of compressed layers without a digest", namelessArchive(image), 0],
  ] as const)("are not read, and the image is told alike: %s", async (_, bytes, expected) => {
    const hints: (DiffId | null)[] = [];
    const warm = await read(bytes, (hint) => {
      hints.push(hint);
      return known(hint);
    });
    const cold = await read(bytes, () => recorder());
    expect(warm.image).toEqual(cold.image);
    expect(hints.filter((hint) => hint !== null)).toHaveLength(expected);
  });

  it("must be there, and as long as they are known to be", async () => {
    const saved = dockerArchiveOf([image]);
    await expect(read(saved, (hint) => hint && { size: 1 })).rejects.toMatchObject({ code: "SIZE_MISMATCH" });
    const manifest = [{ Config: "config.json", RepoTags: [], Layers: ["0/layer.tar", "1/layer.tar"] }];
    const missing = tarOf([
      { path: "config.json", body: image.config.bytes },
      { path: "manifest.json", body: JSON.stringify(manifest) },
    ]);
    await expect(read(missing, known)).rejects.toMatchObject({ code: "DOCUMENT_INVALID" });
  });

  it("are said beforehand, lowest first", async () => {
    await using source = await opened(ociArchiveOf([image])).image;
    expect(source.diffIds).toEqual(image.layers.map(({ diffId }) => diffId));
  });
});

describe("an archive that is written to while it is open", () => {
  it("says so", async () => {
    const { path, image: opening } = opened(dockerArchiveOf([image]));
    await using source = await opening;
    expect(await source.isUnchanged()).toBe(true);
    appendFileSync(path, "x");
    expect(await source.isUnchanged()).toBe(false);
  });
});
