import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits } from "@plimsoll/kit";
import { afterAll, describe, expect, it } from "vitest";
import { openCrio } from "../crio/open-crio.ts";
import { writeStore } from "../testing/store.ts";
import { type StorageSettings, storeRoots } from "./store-roots.ts";

const base = mkdtempSync(join(tmpdir(), "plimsoll-roots-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let count = 0;

function storeIn(...path: string[]): string {
  const root = join(base, ...path);
  mkdirSync(join(root, "overlay-images"), { recursive: true });
  writeFileSync(join(root, "overlay-images", "images.json"), "[]");
  return root;
}

function conf(...lines: string[]): string {
  const path = join(base, `storage-${++count}.conf`);
  writeFileSync(path, lines.join("\n"));
  return path;
}

function settings(more: Partial<StorageSettings>): StorageSettings {
  const none = { confFiles: [], systemConfFiles: [], dataFolder: join(base, "data"), homeFolder: join(base, "home") };
  return { userId: 0, ...none, ...more };
}

const usual = storeIn("data", "storage");
const own = storeIn("home", "own");
const [first, second] = [storeIn("additional-1"), storeIn("additional-2")];

describe("storeRoots", () => {
  it("is the usual place unless configured", async () => {
    expect(await storeRoots(settings({}))).toEqual([usual]);
    expect(await storeRoots(settings({ confFiles: [join(base, "none.conf")] }))).toEqual([usual]);
    expect(await storeRoots(settings({ confFiles: [conf("not [ toml")] }))).toEqual([usual]);
    expect(await storeRoots(settings({ dataFolder: join(base, "nothing") }))).toEqual([]);
  });

  it("is what the first configuration says, with its additional stores behind", async () => {
    const file = conf(
      "[storage]",
      `graphroot = "${own}" # mine`,
      "[storage.options]",
      `additionalimagestores = [ "${first}",`,
      `  '${second}', "${join(base, "gone")}" ]`,
    );
    expect(await storeRoots(settings({ confFiles: [file, conf("[storage]")] }))).toEqual([own, first, second]);
  });

  it("has the images apart where they are kept apart", async () => {
    const file = conf("[storage]", `graphroot = "${own}"`, `imagestore = "${first}"`);
    expect(await storeRoots(settings({ confFiles: [file] }))).toEqual([own, first]);
  });

  it("follows for another user the machine's rootless path and additional stores", async () => {
    const system = conf(
      "[storage]",
      `graphroot = "${first}"`,
      'rootless_storage_path = "$HOME/own"',
      "[storage.options]",
      `additionalimagestores = ["${second}"]`,
    );
    const user = { userId: 1000, systemConfFiles: [system] };
    expect(await storeRoots(settings(user))).toEqual([own, second]);
    const mine = conf("[storage]", `graphroot = "${usual}"`);
    expect(await storeRoots(settings({ ...user, confFiles: [mine] }))).toEqual([usual, second]);
  });
});

describe("openCrio", () => {
  const wish = { platform: { os: "linux", architecture: "amd64" }, isExplicit: false };
  const open = (confFolder: string | null, storage: StorageSettings | null) =>
    openCrio("app:1", { storage, confFolder, limits: defaultLimits, wish });

  it("reads the store that crio.conf names, a later file before an earlier one", async () => {
    const root = join(base, "crio-store");
    const image = writeStore(root, [[{ path: "a", body: "b" }]]);
    const folder = join(base, "crio");
    mkdirSync(join(folder, "crio.conf.d"), { recursive: true });
    writeFileSync(join(folder, "crio.conf"), '[crio]\nroot = "/nowhere"\n');
    writeFileSync(join(folder, "crio.conf.d", "10-root.conf"), `[crio]\nroot = "${root}"\n`);
    await using opened = await open(folder, settings({}));
    expect(opened.source).toMatchObject({ transport: "crio", name: "app:1" });
    const { image: read } = await opened.readLayers(() => null);
    expect(read.imageId).toBe(image.imageId);
  });

  it("says that it is not here", async () => {
    await expect(open(null, null)).rejects.toMatchObject({ code: "ENGINE_ABSENT" });
    const nowhere = settings({ dataFolder: join(base, "nothing") });
    await expect(open(join(base, "none"), nowhere)).rejects.toMatchObject({ code: "ENGINE_ABSENT" });
  });
});
