import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync, zstdCompressSync } from "node:zlib";
import { descriptorOf, imageOf, jsonBlob, sha256Of, startTestRegistry, type TestImage, tarOf } from "@plimsoll/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decompressed } from "../stream/decompress.ts";
import { pull } from "../testing/pull.ts";
import type { RecorderWishes } from "../testing/recorder.ts";

type Layer = { readonly bytes: Buffer; readonly annotations: Readonly<Record<string, string>> };
type Row = Record<string, unknown>;

const stargzName = "containerd.io/snapshot/stargz/toc.digest";
const zstdPrefix = "io.github.containers.zstd-chunked.";

function fixture(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, "testdata", name));
}

function stargz(name: string): Layer {
  const bytes = fixture(name);
  return { bytes, annotations: { [stargzName]: sha256Of(jsonOf(stargzToc(bytes))) } };
}

function stargzStart(bytes: Buffer): number {
  return Number.parseInt(bytes.subarray(-35, -19).toString("latin1"), 16);
}

/** The tar entry of the table, as its bytes. */
function stargzToc(bytes: Buffer): Buffer {
  return gunzipSync(bytes.subarray(stargzStart(bytes), -51));
}

function jsonOf(tar: Buffer): Buffer {
  return tar.subarray(512, 512 + Number.parseInt(tar.subarray(124, 135).toString("latin1"), 8));
}

const zstd: Layer = {
  bytes: fixture("zstd-chunked.tar.zst"),
  annotations: {
    "io.containers.zstd-chunked.manifest-checksum":
      "sha256:6c38407e0317a32e6dfcbb345d49cb055e37c9a726bab5fb7c91e1cbc41ec796",
    "io.containers.zstd-chunked.manifest-position": "15997:822:4294:1",
  },
};
const layers = {
  estargz: stargz("estargz.tar.gz"),
  "estargz, several files in a member": stargz("estargz-min-chunk.tar.gz"),
  "zstd:chunked": zstd,
};

/** The same layer with another table of contents, that the manifest vouches for. */
async function retold(layer: Layer, change: (rows: Row[]) => unknown): Promise<Layer> {
  if (layer !== zstd) {
    const rows = (JSON.parse(jsonOf(stargzToc(layer.bytes)).toString()) as { entries: Row[] }).entries;
    const json = Buffer.from(JSON.stringify({ version: 1, entries: change(rows) }));
    const data = layer.bytes.subarray(0, stargzStart(layer.bytes));
    const table = gzipSync(tarOf([{ path: "stargz.index.json", body: json }]));
    return {
      bytes: Buffer.concat([data, table, layer.bytes.subarray(-51)]),
      annotations: { [stargzName]: sha256Of(json) },
    };
  }
  const data = layer.bytes.subarray(0, 15997);
  const toc: Uint8Array[] = [];
  for await (const chunk of decompressed(once(layer.bytes.subarray(15997, 16819)))) toc.push(Buffer.from(chunk));
  const rows = (JSON.parse(Buffer.concat(toc).toString()) as { entries: Row[] }).entries;
  const json = Buffer.from(JSON.stringify({ version: 1, entries: change(rows) }));
  const table = zstdCompressSync(json);
  return {
    bytes: Buffer.concat([data, table]),
    annotations: {
      [`${zstdPrefix}manifest-checksum`]: sha256Of(table),
      [`${zstdPrefix}manifest-position`]: `${data.length}:${table.length}:${json.length}:1`,
    },
  };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function tarOfLayer(bytes: Buffer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of decompressed(once(bytes))) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** An image of the one layer, as it travels, with annotations in its manifest. */
async function imageWith({ bytes, annotations }: Layer, tar?: Buffer): Promise<TestImage> {
  const whole = tar ?? (await tarOfLayer(bytes));
  const built = imageOf([whole]);
  const layer = { ...built.layers[0], tar: whole, diffId: sha256Of(whole), bytes, digest: sha256Of(bytes) };
  const media = { ...layer, mediaType: "application/vnd.oci.image.layer.v1.tar+gzip" };
  const manifest = {
    schemaVersion: 2,
    mediaType: built.manifest.mediaType,
    config: descriptorOf(built.config),
    layers: [{ ...descriptorOf(media), annotations }],
  };
  return { ...built, layers: [media], manifest: jsonBlob(manifest, built.manifest.mediaType) };
}

const wanted = /etc\/os-release|installed|package\.json|app\/link|zeros/;
const all: RecorderWishes = { wish: (entry) => (wanted.test(entry.path) ? "body" : "ignore") };

async function read(layer: Layer, how: Parameters<typeof pull>[1] = {}, wishes: RecorderWishes = all) {
  await using registry = await startTestRegistry();
  const reference = registry.push("app", "1", await imageWith(layer));
  const log: string[] = [];
  const { layers: seen } = await pull(reference, { ...how, log }, wishes);
  const [only] = seen.values();
  if (only === undefined) throw new Error("no layer was read");
  const blobs = registry.requests.filter(({ path }) => path.includes(sha256Of(layer.bytes)));
  return { seen: only, log: log.join("\n"), ranges: blobs.map(({ range }) => range) };
}

const ours = (path: string): boolean => !/stargz\.index\.json|landmark/.test(path);

describe.each(Object.entries(layers))("%s", (_, layer) => {
  it("gives by its table what the whole layer gives, and says that nothing vouches for the table", async () => {
    const whole = await read(layer);
    const partly = await read(layer, { partialReads: true });
    const shown = ({ seen }: typeof whole) => ({
      entries: seen.entries.filter(({ path }) => ours(path)),
      bodies: Object.fromEntries([...seen.bodies].sort()),
      whiteouts: seen.whiteouts,
    });
    expect(shown(partly)).toEqual(shown(whole));
    expect(partly.seen.bodies.size).toBe(5);
    expect(partly.seen.problems).toMatchObject([{ level: "incomplete", code: "partial-read" }]);
    expect(partly.seen.ends).toMatchObject([{ isPartial: true, digest: sha256Of(layer.bytes) }]);
    expect(partly.ranges).not.toContain(null);
    expect(whole.ranges).toEqual([null]);
    expect(whole.seen.ends[0]).not.toHaveProperty("isPartial");
  });

  it("fetches nothing but the table when nothing is wanted", async () => {
    const { ranges, seen } = await read(layer, { partialReads: true }, { wish: () => "ignore" });
    expect(ranges.length).toBeLessThanOrEqual(2);
    expect(seen.bodies.size).toBe(0);
  });

  it("gives heads, and whole bodies of those that are claimed", async () => {
    const wishes: RecorderWishes = { wish: () => "head", claims: (entry) => entry.path.endsWith("link") };
    const { seen } = await read(layer, { partialReads: true }, wishes);
    const whole = await read(layer, {}, wishes);
    expect(Object.fromEntries([...seen.heads].filter(([path]) => ours(path)).sort())).toEqual(
      Object.fromEntries([...whole.seen.heads].filter(([path]) => ours(path)).sort()),
    );
    expect([...seen.bodies.keys()]).toEqual(["app/link"]);
    expect(seen.bodies.get("app/link")).toEqual(whole.seen.bodies.get("app/link"));
  });

  it("is read whole where the registry gives no parts", async () => {
    await using registry = await startTestRegistry({ ranges: false });
    const reference = registry.push("app", "1", await imageWith(layer));
    const { layers: seen } = await pull(reference, { partialReads: true });
    expect([...seen.values()][0]?.ends[0]).not.toHaveProperty("isPartial");
  });

  it("is read whole when the table is not the one that the manifest names", async () => {
    const other = sha256Of("other");
    const annotations = Object.fromEntries(
      Object.entries(layer.annotations).map(([name, value]) => [name, value.startsWith("sha256:") ? other : value]),
    );
    const { seen, log } = await read({ ...layer, annotations }, { partialReads: true });
    expect(seen.ends[0]).not.toHaveProperty("isPartial");
    expect(log).toContain("it is not the one that the manifest names");
  });

  const unusable: readonly (readonly [string, (rows: Row[]) => unknown])[] = [
    ["is no list", () => 5],
    ["has an entry without type", (rows) => [{ name: "x" }, ...rows]],
    ["places a piece behind the data", (rows) => rows.map((row) => (row.offset ? { ...row, offset: 2 ** 40 } : row))],
    ["has a file without digests", (rows) => rows.map(({ digest, chunkDigest, ...row }) => row)],
    ["has a negative size", (rows) => rows.map((row) => (row.size ? { ...row, size: -1 } : row))],
    [
      "has more bytes than pieces",
      (rows) =>
        rows.map((row) =>
          row.size ? { ...row, size: Number(row.size) + 1, chunkSize: row.chunkSize ?? row.size } : row,
        ),
    ],
  ];
  it.each(unusable)("whose table %s is read whole", async (...[, change]) => {
    const lying = await retold(layer, change);
    const tar = await tarOfLayer(layer.bytes);
    await using registry = await startTestRegistry();
    const image = await imageWith(lying, layer === zstd ? tar : await tarOfLayer(lying.bytes));
    const pulled = pull(registry.push("app", "1", image), { partialReads: true }).then(
      ({ layers: seen }) => [...seen.values()][0]?.ends[0],
      // The whole of it is no layer either: what matters is that it was read as one.
      (error: { code: string }) => error.code,
    );
    expect(await pulled).not.toMatchObject({ isPartial: true });
    expect(
      registry.requests.filter(({ path, range }) => path.includes(sha256Of(lying.bytes)) && range === null),
    ).toHaveLength(1);
  });

  it("whose piece is not what the table says is refused", async () => {
    const lying = await retold(layer, (rows) =>
      rows.map((row) =>
        String(row.name).endsWith("os-release") ? { ...row, digest: sha256Of("x"), chunkDigest: sha256Of("x") } : row,
      ),
    );
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", await imageWith(lying, Buffer.alloc(1024)));
    await expect(pull(reference, { partialReads: true }, all)).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });

  it("names unsafe paths as problems, and the last entry of a name wins", async () => {
    const lying = await retold(layer, (rows) => {
      const release = rows.find((row) => String(row.name).endsWith("os-release")) ?? {};
      return [{ ...release, name: "../../etc/shadow" }, { ...release, name: "usr/share/zeros" }, ...rows];
    });
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", await imageWith(lying, Buffer.alloc(1024)));
    const [seen] = (await pull(reference, { partialReads: true }, all)).layers.values();
    expect(seen?.problems.map(({ code }) => code)).toEqual(["unsafe-path", "partial-read"]);
    expect(seen?.bodies.get("usr/share/zeros")).toEqual(Buffer.alloc(20_000));
  });

  it("any change of the table ends in a result or an error of ours", async () => {
    const value = fc.oneof(fc.constant(undefined), fc.integer(), fc.string(), fc.jsonValue());
    const key = fc.constantFrom(
      "offset",
      "endOffset",
      "chunkSize",
      "chunkOffset",
      "size",
      "innerOffset",
      "type",
      "name",
      "chunkDigest",
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(15), key, value, async (index, name, changed) => {
        const lying = await retold(layer, (rows) =>
          rows.map((row, at) => (at === index ? { ...row, [name]: changed } : row)),
        );
        await using registry = await startTestRegistry();
        const reference = registry.push("app", "1", await imageWith(lying, Buffer.alloc(1024)));
        await pull(reference, { partialReads: true }, all).catch((error: unknown) => {
          expect(error).toMatchObject({ name: "PlimsollError" });
        });
      }),
      { numRuns: 40 },
    );
  });
});
