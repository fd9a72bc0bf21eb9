import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits, type Limits } from "@plimsoll/kit";
import { opaqueOf, type TarEntry, whiteoutOf } from "@plimsoll/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { recorder } from "../testing/recorder.ts";
import { type StoreChanges, segment, writeStore } from "../testing/store.ts";
import { openFromStorage } from "./open-storage.ts";

const base = mkdtempSync(join(tmpdir(), "plimsoll-store-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let count = 0;

const layers: readonly (readonly TarEntry[])[] = [
  [
    { path: "etc/os-release", body: "ID=alpine\n" },
    { path: "opt/old", body: "x".repeat(3000) },
    { path: "empty", body: "" },
  ],
  [whiteoutOf("etc/os-release"), opaqueOf("opt"), { path: "opt/new", body: "hello" }],
];
const lowest = "0".padStart(64, "a");

function store(changes: StoreChanges = {}, content = layers) {
  const root = join(base, `store-${++count}`);
  const image = writeStore(root, content, changes);
  return { root, image, diff: join(root, "overlay", lowest, "diff"), at: (path: string) => join(root, path) };
}

async function read(roots: readonly string[], name = "app:1", limits: Partial<Limits> = {}) {
  await using opened = await openFromStorage(name, {
    roots,
    words: { engine: "podman image store", list: "podman images" },
    transport: "podman",
    limits: { ...defaultLimits, ...limits },
    wish: { platform: { os: "linux", architecture: "amd64" }, isExplicit: false },
  });
  const seen: ReturnType<typeof recorder>[] = [];
  const result = await opened.readLayers(() => {
    const visitor = recorder();
    seen.push(visitor);
    return visitor;
  });
  return { ...result, seen };
}

const failure = (error: unknown): unknown => error;

describe("openFromStorage", () => {
  it("puts layers together from tar-split and files, whiteouts included, and checks their diffIDs", async () => {
    const { root, image } = store();
    const { image: found, seen, problems } = await read([root]);
    expect(found).toMatchObject({ imageId: image.imageId, digest: image.manifest.digest });
    expect(found.layers.map(({ diffId }) => diffId)).toEqual(image.layers.map(({ diffId }) => diffId));
    expect(found.layers.map(({ size }) => size)).toEqual(image.layers.map(({ tar }) => tar.length));
    expect(problems).toEqual([]);
    const upper = seen.find(({ ends }) => ends[0]?.diffId === found.layers[1]?.diffId);
    expect(upper?.whiteouts).toEqual([
      { path: "etc/os-release", opaque: false },
      { path: "opt", opaque: true },
    ]);
    expect(upper?.bodies.get("opt/new")?.toString()).toBe("hello");
  });

  it("follows a link to a folder within the layer", async () => {
    const { root, diff } = store({}, [[{ path: "lib/a", body: "1" }]]);
    mkdirSync(join(diff, "usr"));
    renameSync(join(diff, "lib"), join(diff, "usr", "lib"));
    symlinkSync("/usr/lib", join(diff, "lib"));
    expect((await read([root])).seen[0]?.bodies.get("lib/a")?.toString()).toBe("1");
  });

  it("reads files whose names are no UTF-8", async () => {
    const raw = Buffer.from("caf\xe9", "latin1");
    const entry = { path: raw, body: "hello" };
    const named = (line: string): string =>
      line.replace(/"name":"[^"]*","size"/, `"name_raw":"${raw.toString("base64")}","size"`);
    const { root, diff } = store({ split: (all) => all.map(named) }, [[entry]]);
    renameSync(join(diff, raw.toString()), Buffer.concat([Buffer.from(`${diff}/`), raw]));
    expect((await read([root])).seen[0]?.bodies.size).toBe(1);
  });

  it.each(["localhost/app:1", "app:1", "ID", "SHORT", "sha256:ID", "localhost/app@DIGEST", "app@DIGEST"])(
    "finds it as %s",
    async (pattern) => {
      const { root, image } = store();
      const id = image.imageId.slice(7);
      const name = pattern.replace("DIGEST", image.manifest.digest).replace("SHORT", id.slice(0, 6)).replace("ID", id);
      expect((await read([root], name)).image.imageId).toBe(image.imageId);
    },
  );

  it("finds a short name under any registry, unless several end so", async () => {
    const one = store({ names: ["quay.io/team/app:1"] });
    expect((await read([one.root], "team/app:1")).image.imageId).toBe(one.image.imageId);
    const two = store({ names: ["ghcr.io/team/app:1"] }, [[{ path: "b", body: "2" }]]);
    const error = await read([one.root, two.root], "team/app:1").catch(failure);
    expect(error).toMatchObject({
      code: "AMBIGUOUS_NAME",
      exit: 2,
      message: expect.stringContaining("quay.io/team/app:1"),
    });
  });

  it("says that an id's beginning is that of several images", async () => {
    const byStart = new Map<string, string>();
    for (let body = 0; ; body++) {
      const { root, image } = store({}, [[{ path: "a", body: String(body) }]]);
      const start = image.imageId.slice(7, 9);
      const twin = byStart.get(start);
      byStart.set(start, root);
      if (twin === undefined) continue;
      await expect(read([twin, root], start)).rejects.toMatchObject({ code: "AMBIGUOUS_NAME", exit: 2 });
      expect((await read([twin, root], image.imageId.slice(7, 20))).image.imageId).toBe(image.imageId);
      return;
    }
  });

  it("reads an image whose lower layers lie in an additional store", async () => {
    const [whole, lower] = [store(), store({ names: [] })];
    const table = whole.at("overlay-layers/layers.json");
    writeFileSync(table, JSON.stringify([{ id: "1".padStart(64, "a"), parent: lowest }]));
    rmSync(whole.at(`overlay-layers/${lowest}.tar-split.gz`));
    rmSync(whole.at(`overlay/${lowest}`), { recursive: true });
    expect((await read([whole.root, lower.root])).image.layers).toHaveLength(2);
  });
});

describe("a hostile or damaged store", () => {
  it.each<[string, StoreChanges, string]>([
    ["an image id that leaves the store", { images: ([one]) => [{ ...one, id: "../../../../etc" }] }, "STORE_INVALID"],
    ["a layer id that leaves the store", { images: ([one]) => [{ ...one, layer: "../../x" }] }, "STORE_INVALID"],
    [
      "a parent that leaves the store",
      { layers: (all) => all.map((one) => ({ ...one, parent: "/etc" })) },
      "STORE_INVALID",
    ],
    [
      "layers that are their own parents",
      { layers: (all) => all.map((one) => ({ ...one, parent: one.id })) },
      "TOO_MANY_LAYERS",
    ],
    ["a layer that is not listed", { layers: ([, top]) => [top] }, "STORE_INVALID"],
    ["a list that is no list", { images: () => ({ a: 1 }) }, "NO_SUCH_IMAGE"],
    ["layers that are no list", { layers: () => 7 }, "STORE_INVALID"],
    [
      "a file beyond its layer",
      { split: (all) => [JSON.stringify({ type: 1, name: "../../../../../etc/passwd", size: 9 }), ...all] },
      "STORE_LAYER_UNREADABLE",
    ],
    ["a file of a negative size", { split: () => ['{"type":1,"name":"a","size":-1}'] }, "STORE_LAYER_UNREADABLE"],
    [
      "a file of an absurd size",
      { split: (all) => all.map((line) => line.replace('"size":3000', '"size":9007199254740991')) },
      "STORE_LAYER_UNREADABLE",
    ],
    ["a tar-split of something else", { split: () => ["<html>"] }, "STORE_LAYER_UNREADABLE"],
    ["a tar-split that was cut", { split: (all) => all.slice(0, 4) }, "DIFF_ID_MISMATCH|TAR_TRUNCATED"],
    ["other headers", { split: (all) => [segment(Buffer.alloc(512, 1)), ...all] }, "TAR_CORRUPT"],
  ])("%s", async (_, changes, codes) => {
    const error = await read([store(changes).root]).catch(failure);
    expect(error).toMatchObject({ code: expect.stringMatching(new RegExp(`^(?:${codes})$`)) });
  });

  it.each<[string, (place: ReturnType<typeof store>) => void, string]>([
    [
      "a file changed after it was unpacked",
      ({ diff }) => writeFileSync(join(diff, "opt/old"), "y".repeat(3000)),
      "DIFF_ID_MISMATCH",
    ],
    ["a file that became shorter", ({ diff }) => truncateSync(join(diff, "opt/old"), 2999), "STORE_LAYER_UNREADABLE"],
    ["a file that is gone", ({ diff }) => unlinkSync(join(diff, "opt/old")), "STORE_LAYER_UNREADABLE"],
    ["a link in a file's place", (place) => relink(place, "opt/old", "/etc/hostname"), "STORE_LAYER_UNREADABLE"],
    ["a link in a folder's place", (place) => relink(place, "etc", "/etc"), "STORE_LAYER_UNREADABLE"],
    ["a link that runs in circles", (place) => relink(place, "etc", "etc"), "STORE_LAYER_UNREADABLE"],
    [
      "a link in the place of the layer",
      ({ root, diff }) => replaceBy(diff, () => symlinkSync(root, diff)),
      "STORE_LAYER_UNREADABLE",
    ],
    [
      "a link in the place of the list",
      ({ at }) => relinkAt(at("overlay-images/images.json"), "/etc/passwd"),
      "STORE_INVALID",
    ],
    ["a list of a terabyte", ({ at }) => truncateSync(at("overlay-images/images.json"), 2 ** 40), "STORE_INVALID"],
    ["a list that is no JSON", ({ at }) => writeFileSync(at("overlay-images/images.json"), "["), "STORE_INVALID"],
    ["no tar-split", ({ at }) => unlinkSync(at(`overlay-layers/${lowest}.tar-split.gz`)), "STORE_LAYER_UNREADABLE"],
    [
      "a folder for a tar-split",
      ({ at }) => replaceBy(at(`overlay-layers/${lowest}.tar-split.gz`), mkdirSync),
      "STORE_LAYER_UNREADABLE",
    ],
    ["no list of layers", ({ at }) => unlinkSync(at("overlay-layers/layers.json")), "STORE_INVALID"],
    [
      "no manifest",
      ({ at, image }) => unlinkSync(at(`overlay-images/${image.imageId.slice(7)}/manifest`)),
      "STORE_INVALID",
    ],
    [
      "another configuration",
      ({ at, image }) =>
        writeFileSync(
          at(`overlay-images/${image.imageId.slice(7)}/=${Buffer.from(image.imageId).toString("base64")}`),
          "{}",
        ),
      "DIGEST_MISMATCH",
    ],
  ])("%s", async (_, change, code) => {
    const place = store();
    change(place);
    expect(await read([place.root]).catch(failure)).toMatchObject({ code });
  });

  it("never waits on a pipe in a file's place", async () => {
    const { root, diff } = store();
    replaceBy(join(diff, "opt/old"), (path) => execFileSync("mkfifo", [path]));
    expect(await read([root]).catch(failure)).toMatchObject({ code: "STORE_LAYER_UNREADABLE" });
  });

  it("a layer beyond the limit ends at the limit", async () => {
    const { root } = store({}, [[{ path: "big", body: Buffer.alloc(3000) }]]);
    expect((await read([root], "app:1", { layerBytes: 4608 })).image.layers).toHaveLength(1);
    expect(await read([root], "app:1", { layerBytes: 4607 }).catch(failure)).toMatchObject({ code: "LAYER_TOO_LARGE" });
  });

  it("says that this user may not read it", async () => {
    const { root, at } = store();
    chmodSync(at("overlay-images"), 0);
    chmodSync(base, 0o755);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    const outcome = await read([root])
      .catch(failure)
      .finally(() => {
        if (isRoot) process.seteuid?.(0);
      });
    chmodSync(at("overlay-images"), 0o755);
    expect(outcome).toMatchObject({ code: "ENGINE_DENIED", exit: 3 });
  });
});

function replaceBy(path: string, make: (path: string) => unknown): void {
  rmSync(path, { recursive: true });
  make(path);
}

function relinkAt(path: string, target: string): void {
  replaceBy(path, () => symlinkSync(target, path));
}

function relink({ diff }: { readonly diff: string }, name: string, target: string): void {
  relinkAt(join(diff, name), target);
}
