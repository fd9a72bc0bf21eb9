import { zstdCompressSync } from "node:zlib";
import { defaultLimits } from "@plimsoll/kit";
import type { DiffId, Sbom } from "@plimsoll/model";
import { sortProblems } from "@plimsoll/model";
import type { OpenedImage } from "@plimsoll/source";
import { describe, expect, it } from "vitest";
import { analyze } from "./analyze.ts";
import {
  catalogerVersions,
  isOneChain,
  joinLayers,
  packContents,
  readContentsDocument,
  readLayerDocument,
  shapingOf,
} from "./layer-documents.ts";
import { readLayersApart } from "./layers-apart.ts";
import { type FakeImageOptions, fakeDiffId, fakeImage } from "./testing/fake-source.ts";
import { dpkg, type Layers, npm } from "./testing/scan.ts";

const limits = { limits: defaultLimits };
const layers: Layers = [
  [dpkg("a=1", "b=1"), npm("app", "x", "1"), { path: "lib", symlink: "usr/lib" }],
  [
    { path: "store/ab", body: '{"name":"y","version":"2"}' },
    { path: "b/node_modules/y/package.json", hardlink: "store/ab" },
  ],
  [{ whiteout: "app/node_modules/x" }, { path: "x.jar", body: "not a zip" }],
];

type Known = ReadonlyMap<DiffId, { readonly size: number }>;

async function apart(options: FakeImageOptions = {}, elsewhere: Known = new Map()) {
  return readLayersApart(fakeImage(layers, options), elsewhere, limits);
}

async function documents() {
  return (await apart())?.documents ?? new Map<DiffId, Uint8Array>();
}

/** As a server joins them. */
function together(image: NonNullable<Awaited<ReturnType<typeof apart>>>, known: ReadonlyMap<DiffId, Uint8Array>): Sbom {
  const source = { kind: "image", transport: "docker-archive", name: "test" } as const;
  const contents = joinLayers(
    image.image.layers.flatMap(({ diffId }) => {
      const document = diffId === null ? null : readLayerDocument(known.get(diffId) ?? new Uint8Array());
      return diffId === null || document === null ? [] : [{ diffId, facts: document.facts }];
    }),
  );
  const problems = sortProblems([...image.problems, ...contents.problems]);
  const { distro, packages } = contents;
  return {
    schemaVersion: 1,
    source,
    image: image.image,
    distro,
    packages,
    problems,
    catalogers: catalogerVersions(),
  };
}

describe("layers read apart", () => {
  it.each([0, 1, 2, 3])(
    "joined again they are the whole image, byte for byte, with %i of them known elsewhere",
    async (n) => {
      const whole = await analyze(fakeImage(layers), limits);
      const all = await documents();
      const elsewhere = new Map([...all].slice(0, n).map(([diffId]) => [diffId, { size: 0 }]));
      const read = await apart({}, elsewhere);
      expect(read?.documents.size).toBe(layers.length - n);
      if (read !== null) expect(JSON.stringify(together(read, all))).toBe(JSON.stringify(whole));
    },
  );

  it("does not read what is known elsewhere", async () => {
    const image = fakeImage(layers);
    let read = 0;
    const watched: OpenedImage = {
      ...image,
      readLayers: (start, more) =>
        image.readLayers((hint) => {
          const started = start(hint);
          if (started !== null && !("size" in started)) read += 1;
          return started;
        }, more),
    };
    const elsewhere = new Map([0, 1, 2].map((index) => [fakeDiffId(index), { size: 0 }]));
    await readLayersApart(watched, elsewhere, limits);
    expect(read).toBe(0);
  });

  it.each<readonly [string, FakeImageOptions]>([
    ["that broke off", { broken: [1] }],
    ["read in part", { partial: [2] }],
    ["that a pipe shows once", { once: true }],
    ["that somebody writes to", { changes: true }],
    ["whose diffIDs nobody knows before", { noHints: true }],
  ])("of an image with a layer %s: none", async (_, options) => {
    expect(await apart(options)).toBeNull();
  });

  it("whose digests lie: an error", async () => {
    await expect(apart({ lies: true })).rejects.toThrow("DIFF_ID_MISMATCH");
  });
});

describe("a layer document", () => {
  it("is told apart by all it says", async () => {
    const [first, second] = [...(await documents()).values()].map(readLayerDocument);
    expect(first?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(first?.sha256).not.toBe(second?.sha256);
  });

  it.each([
    ["no zstd", Buffer.from("{}")],
    ["no JSON", zstdCompressSync("[")],
    ["another shape", zstdCompressSync('{"size":1,"facts":{}}')],
    ["a bottomless one", zstdCompressSync("[".repeat(2 ** 20))],
    ["one that unfolds without end", zstdCompressSync(Buffer.alloc(2 ** 27, 32))],
  ])("%s is none", (_, bytes) => {
    expect(readLayerDocument(bytes)).toBeNull();
  });
});

it("contents are kept and read back", async () => {
  const { distro, packages, problems } = await analyze(fakeImage(layers), limits);
  const bytes = packContents({ distro, packages, problems });
  expect(bytes === null ? null : readContentsDocument(bytes)).toEqual({ distro, packages, problems });
  expect(readContentsDocument(Buffer.from("x"))).toBeNull();
});

it("another program has another shaping", () => {
  expect(shapingOf("a")).toMatch(/^[0-9a-f]{64}$/);
  expect(shapingOf("a")).not.toBe(shapingOf("b"));
});

it("chainIDs are those of the diffIDs", async () => {
  const { image } = await analyze(fakeImage(layers), limits);
  const rows = image?.layers ?? [];
  expect(isOneChain(rows)).toBe(true);
  expect(isOneChain(rows.map((row, index) => (index === 1 ? { ...row, chainId: row.diffId } : row)))).toBe(false);
  expect(isOneChain(rows.map((row, index) => (index === 1 ? { ...row, diffId: null } : row)))).toBe(false);
});
