import { defaultLimits } from "@plimsoll/kit";
import type { Sbom } from "@plimsoll/model";
import type { OpenedImage } from "@plimsoll/source";
import { beforeEach, describe, expect, it } from "vitest";
import { type AnalyzeOptions, analyze } from "./analyze.ts";
import type { Cataloger } from "./cataloger.ts";
import { catalogers } from "./catalogers.ts";
import type { LayerCache } from "./layer-cache/layer-cache.ts";
import { type FakeImageOptions, fakeDiffId, fakeImage } from "./testing/fake-source.ts";
import { codes, dpkg, type Layers, npm, stays } from "./testing/scan.ts";

/** A cache in memory that counts. */
function memoryCache(): LayerCache & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    get: (key) => kept.get(key) ?? null,
    keep: (entries) => {
      for (const [key, bytes] of entries) kept.set(key, bytes);
    },
  };
}

let cache = memoryCache();
beforeEach(() => {
  cache = memoryCache();
});

/** Analyzes with the cache; also says which layers were read. */
async function scanned(
  layers: Layers,
  options: Partial<AnalyzeOptions> & FakeImageOptions = {},
): Promise<{ readonly sbom: Sbom; readonly read: readonly number[] }> {
  const image = fakeImage(layers, options);
  const read: number[] = [];
  const watched: OpenedImage = {
    ...image,
    readLayers: (start, more) => {
      let index = -1;
      return image.readLayers((hint) => {
        index += 1;
        const started = start(hint);
        if (started !== null && !("size" in started)) read.push(index);
        return started;
      }, more);
    },
  };
  return { sbom: await analyze(watched, { limits: defaultLimits, cache, ...options }), read };
}

const layers: Layers = [
  [dpkg("a=1", "b=1"), npm("app", "x", "1"), { path: "lib", symlink: "usr/lib" }],
  [
    { path: "store/ab", body: '{"name":"y","version":"2"}' },
    { path: "b/node_modules/y/package.json", hardlink: "store/ab" },
  ],
  [{ whiteout: "app/node_modules/x" }, { opaque: "usr/share" }, { path: "x.jar", body: "not a zip" }],
];

describe("known layers", () => {
  it.each([{}, { noHints: true }])("are not read again, and the answer is the same (%o)", async (options) => {
    const without = await analyze(fakeImage(layers), { limits: defaultLimits });
    const cold = await scanned(layers, options);
    const warm = await scanned(layers, options);
    expect(cold.sbom).toEqual(without);
    expect(JSON.stringify(warm.sbom)).toBe(JSON.stringify(without));
    expect(cold.read).toHaveLength(options.noHints === true ? 6 : 4);
    // Without hints the source has to be read; its hard links have not.
    expect(warm.read).toHaveLength(options.noHints === true ? 6 : 0);
  });

  it("serve another image that stands on them", async () => {
    await scanned(layers.slice(0, 2));
    const { sbom, read } = await scanned(layers);
    expect(read).toEqual([2]);
    expect(sbom).toEqual(await analyze(fakeImage(layers), { limits: defaultLimits }));
  });

  it("are those of the same catalogers, their versions and limits only", async () => {
    await scanned(layers);
    const [first, ...rest] = catalogers;
    const newer = [{ ...first, version: 99 } as Cataloger, ...rest];
    for (const options of [{ catalogers: rest }, { catalogers: newer }, { limits: { ...defaultLimits, fileBytes: 5 } }])
      expect((await scanned(layers, options)).read.length).toBeGreaterThan(2);
    expect((await scanned(layers)).read).toEqual([]);
  });

  it("may be damaged: then they are read", async () => {
    const { sbom } = await scanned(layers);
    for (const [key, bytes] of cache.kept) cache.kept.set(key, bytes.subarray(0, bytes.length - 1));
    expect(await scanned(layers)).toEqual({ sbom, read: [0, 1, 2, 1] });
  });
});

describe("what is not kept", () => {
  it.each<readonly [string, FakeImageOptions, number]>([
    ["a layer whose digest turns out to lie", { lies: true }, 0],
    ["what somebody wrote to while it was read", { changes: true }, 0],
    ["a layer that broke off, and its image", { broken: [1] }, 2],
    ["a layer whose hard links a pipe did not show, and its image", { once: true, noHints: true }, 2],
    ["a layer of which only a part was read, and its image", { partial: [1] }, 2],
  ])("%s", async (_, options, entries) => {
    await scanned(layers, options).catch((error: Error) => expect(error.message).toBe("DIFF_ID_MISMATCH"));
    expect(cache.kept.size).toBe(entries);
    const { sbom } = await scanned(layers);
    expect(sbom).toEqual(await analyze(fakeImage(layers), { limits: defaultLimits }));
  });

  it("a layer on which a cataloger failed: it may have lacked memory", async () => {
    let fails = true;
    const moody: Cataloger = {
      name: "moody-cataloger",
      version: 1,
      tags: ["language"],
      select: ({ path }) => (path === "x.jar" ? "body" : "ignore"),
      parse: () => {
        if (fails) throw new RangeError("no memory");
        return { packages: [{ ecosystem: "npm", name: "moody", version: "1", kind: "installed" }] };
      },
    };
    expect(codes((await scanned(layers, { catalogers: [moody] })).sbom)).toContain("incomplete cataloger-failed");
    expect(cache.kept.size).toBe(2);
    fails = false;
    const { sbom, read } = await scanned(layers, { catalogers: [moody] });
    expect(read).toEqual([2]);
    expect(stays(sbom)).toEqual(["moody@1 2-"]);
  });

  it("an image without layers", async () => {
    await scanned([]);
    expect(cache.kept.size).toBe(0);
  });
});

it("a layer is told by its diffID, whatever the image", async () => {
  const poisoned = fakeImage([[dpkg("evil=1")]], { lies: true });
  await expect(analyze(poisoned, { limits: defaultLimits, cache })).rejects.toThrow("DIFF_ID_MISMATCH");
  const { sbom } = await scanned([[dpkg("good=1")]]);
  expect(sbom.packages.map(({ name, introducedIn }) => [name, introducedIn])).toEqual([["good", fakeDiffId(0)]]);
});
