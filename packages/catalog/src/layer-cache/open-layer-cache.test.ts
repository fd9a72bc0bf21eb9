import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Log, silentLog } from "@plimsoll/kit";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clearLayerCache, type LayerCacheOptions, openLayerCache } from "./open-layer-cache.ts";

let home = "";
let folder = "";
let time = Date.parse("2026-01-01T00:00:00Z");
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "plimsoll-layers-"));
  folder = join(home, "deep", "layers");
  time = Date.parse("2026-01-01T00:00:00Z");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const opened = (more: Partial<LayerCacheOptions> = {}) =>
  openLayerCache({ folder, revision: "1", now: () => time, log: silentLog, ...more });
const bytes = Buffer.from("what a layer holds");
const keepOne = (key = "key", value: Uint8Array = bytes): void => opened().keep(new Map([[key, value]]));
const entries = (): string[] => readdirSync(folder).filter((name) => name.length === 64);
const onlyEntry = (): string => join(folder, entries()[0] ?? "");

function logged(): { readonly log: Log; readonly lines: unknown[] } {
  const lines: unknown[] = [];
  return { log: { ...silentLog, debug: (message, fields) => void lines.push([message, fields?.why]) }, lines };
}

describe("openLayerCache", () => {
  it("gives what was kept, to the same program, and makes files for the user alone", () => {
    expect(opened().get("key")).toBeNull();
    keepOne();
    expect(opened().get("key")).toEqual(bytes);
    expect(opened().get("other")).toBeNull();
    expect(opened({ revision: "2" }).get("key")).toBeNull();
    expect(lstatSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(lstatSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it.each<[string, (path: string) => void]>([
    ["empty", (path) => truncateSync(path, 0)],
    ["cut", (path) => truncateSync(path, readFileSync(path).length - 1)],
    ["longer", (path) => writeFileSync(path, "x", { flag: "a" })],
    ["of another format", (path) => writeFileSync(path, "x".repeat(200))],
    ["huge", (path) => truncateSync(path, 2 ** 40)],
    ["another's", (path) => moveOther(path)],
    ["a link", (path) => link(path)],
    ["a pipe", (path) => pipe(path)],
  ])("takes a file that is %s for none, and removes it", (_, damage) => {
    keepOne();
    const path = onlyEntry();
    damage(path);
    const { log, lines } = logged();
    expect(opened({ log }).get("key")).toBeNull();
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
    expect(lines).toEqual([]);
    keepOne();
    expect(opened().get("key")).toEqual(bytes);
  });

  it("takes a flipped bit for a missing file, wherever it is", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(7), (at, bit) => {
        keepOne();
        const whole = readFileSync(onlyEntry());
        whole[at % whole.length] = (whole[at % whole.length] ?? 0) ^ (1 << bit);
        writeFileSync(onlyEntry(), whole);
        expect(opened().get("key")).toBeNull();
      }),
    );
  });

  it("a folder in an entry's place costs that entry only", () => {
    keepOne();
    const path = onlyEntry();
    rmSync(path);
    mkdirSync(path);
    writeFileSync(join(path, "mine"), "");
    expect(opened().get("key")).toBeNull();
    keepOne("other");
    expect(opened().get("other")).toEqual(bytes);
    expect(existsSync(join(path, "mine"))).toBe(true);
  });

  it.each<[string, () => void]>([
    ["others may write to it", () => makeFolder(0o777)],
    ["its group may write to it", () => makeFolder(0o770)],
    ["it is a link", () => linkFolder()],
    ["it is a file", () => fileAtFolder()],
    ["it lies below a file", () => fileAboveFolder()],
  ])("is not used when %s: one line, no failure", (_, prepare) => {
    prepare();
    const { log, lines } = logged();
    const cache = opened({ log });
    for (let times = 0; times < 3; times++) {
      cache.keep(new Map([["key", bytes]]));
      expect(cache.get("key")).toBeNull();
    }
    expect(lines.length).toBeLessThanOrEqual(1);
    expect(readdirSync(home, { recursive: true }).filter((name) => String(name).length > 60)).toEqual([]);
  });

  it.skipIf(process.getuid?.() !== 0)("is not used when another user owns it (skipped unless root)", () => {
    keepOne();
    execFileSync("chown", ["65534", folder]);
    expect(opened().get("key")).toBeNull();
  });
});

describe("the bound", () => {
  const large = (seed: number): Buffer => Buffer.alloc(40_000, seed);
  const held = (): number => entries().reduce((sum, name) => sum + lstatSync(join(folder, name)).size, 0);

  it("holds whatever comes, and what was used last stays", () => {
    const limit = 1_000_000;
    const cache = opened({ bytes: limit });
    for (let index = 0; index < 100; index++) {
      time += 3_600_001 / 60;
      cache.keep(new Map([[`key ${index}`, large(index)]]));
      // The file system's clock is not the test's.
      for (const name of entries()) stamp(name);
      expect(cache.get("key 0"), String(index)).not.toBeNull();
      expect(held()).toBeLessThan(limit);
    }
    expect(cache.get("key 99")).toEqual(large(99));
    expect(cache.get("key 1")).toBeNull();
    expect(entries().length).toBeGreaterThan(15);
  });

  const stamped = new Set<string>();
  function stamp(name: string): void {
    if (stamped.has(name)) return;
    stamped.add(name);
    utimesSync(join(folder, name), time / 1000, time / 1000);
  }

  it("sweeps parts of killed writers after an hour, and nothing of anybody else", () => {
    keepOne();
    const part = `.${"a".repeat(24)}.part`;
    for (const name of [part, "notes.txt", ".hidden.part"]) writeFileSync(join(folder, name), "x");
    const age = (ms: number): void => utimesSync(join(folder, part), (time - ms) / 1000, (time - ms) / 1000);
    for (const [minutes, isLeft] of [
      [59, true],
      [61, false],
    ] as const) {
      age(minutes * 60_000);
      rmSync(join(folder, "swept"));
      keepOne();
      expect(existsSync(join(folder, part))).toBe(isLeft);
    }
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(["notes.txt", ".hidden.part"]));
  });

  it("survives a damaged mark", () => {
    for (const damage of ["", "yesterday", "9".repeat(13), "\0".repeat(50)]) {
      keepOne();
      writeFileSync(join(folder, "swept"), damage);
      keepOne("other");
      expect(readFileSync(join(folder, "swept"), "latin1")).toMatch(/^\d{13}\n\.*$/);
      expect(opened().get("other")).toEqual(bytes);
    }
  });

  it("leaves out what alone is larger than a file may be", () => {
    opened().keep(new Map([["key", Buffer.alloc(33 * 2 ** 20)]]));
    expect(entries()).toEqual([]);
  });
});

describe("clearLayerCache", () => {
  it("removes its own files, and the folder when nothing else is in it", () => {
    keepOne();
    clearLayerCache(folder);
    expect(existsSync(folder)).toBe(false);
    clearLayerCache(folder);
  });

  it("leaves what it did not make, and follows no link", () => {
    keepOne();
    const mine = join(home, "mine");
    writeFileSync(mine, "mine");
    writeFileSync(join(folder, "notes.txt"), "mine");
    mkdirSync(join(folder, "f".repeat(64)));
    symlinkSync(mine, join(folder, "e".repeat(64)));
    clearLayerCache(folder);
    expect(readdirSync(folder).sort()).toEqual(["f".repeat(64), "notes.txt"]);
    expect(readFileSync(mine, "utf8")).toBe("mine");
    const link = join(home, "link");
    keepOne();
    symlinkSync(folder, link);
    clearLayerCache(link);
    expect(opened().get("key")).toEqual(bytes);
  });
});

function moveOther(path: string): void {
  rmSync(path);
  keepOne("other", Buffer.from("something else"));
  renameSync(onlyEntry(), path);
}

function link(path: string): void {
  renameSync(path, join(home, "elsewhere"));
  symlinkSync(join(home, "elsewhere"), path);
}

function pipe(path: string): void {
  rmSync(path);
  execFileSync("mkfifo", [path]);
}

function makeFolder(mode: number): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, mode);
}

function linkFolder(): void {
  mkdirSync(join(home, "target"), { mode: 0o700 });
  mkdirSync(join(home, "deep"));
  symlinkSync(join(home, "target"), folder);
}

function fileAtFolder(): void {
  mkdirSync(join(home, "deep"));
  writeFileSync(folder, "");
}

function fileAboveFolder(): void {
  writeFileSync(join(home, "deep"), "");
}
