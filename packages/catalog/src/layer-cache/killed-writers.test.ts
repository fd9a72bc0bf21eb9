import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { silentLog } from "@plimsoll/kit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openLayerCache } from "./open-layer-cache.ts";

let folder = "";
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "plimsoll-killed-")), "layers");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const bound = 8 * 2 ** 20;

/** A process that keeps entries of a fifth of a megabyte, each filled with one byte, for ever. */
function writer(): ChildProcess {
  const code = `
    import { openLayerCache } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, "open-layer-cache.ts")).href)};
    const log = { debug: (message, fields) => console.log(message, fields.why), info() {}, warn() {} };
    const cache = openLayerCache({ folder: ${JSON.stringify(folder)}, revision: "1", bytes: ${bound}, now: Date.now, log });
    for (let turn = 0; ; turn++) {
      cache.keep(new Map([0, 1, 2].map((step) => ["key " + (turn * 3 + step) % 100, Buffer.alloc(200_000 + turn % 7, turn)])));
      cache.get("key " + turn % 100);
    }`;
  return spawn(process.execPath, ["--input-type=module", "--eval", code], { stdio: ["ignore", "pipe", "inherit"] });
}

/** How many of the entries can be read, each of which must be whole. */
function readable(): number {
  const cache = openLayerCache({ folder, revision: "1", bytes: bound, now: Date.now, log: silentLog });
  const found = Array.from({ length: 100 }, (_, index) => cache.get(`key ${index}`)).filter((bytes) => bytes !== null);
  for (const bytes of found) expect(Buffer.alloc(bytes.length, bytes[0]).equals(bytes)).toBe(true);
  return found.length;
}

it("processes that write, read and sweep at once, and are killed at any moment, harm nothing", {
  timeout: 60_000,
}, async () => {
  const said: string[] = [];
  for (let round = 0; round < 4; round++) {
    const children = [writer(), writer(), writer()];
    for (const child of children) child.stdout?.on("data", (chunk: Buffer) => void said.push(chunk.toString()));
    while (!existsSync(join(folder, "swept"))) await wait(10);
    await wait(150 + round * 37);
    expect(readable()).toBeGreaterThan(0);
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(children.map((child) => once(child, "close")));
    expect(readable()).toBeGreaterThan(0);
  }
  // No writer met a failure.
  expect(said).toEqual([]);
  const cache = openLayerCache({
    folder,
    revision: "1",
    bytes: bound,
    now: () => Date.now() + 3_700_000,
    log: silentLog,
  });
  cache.keep(new Map([["last", Buffer.from("x")]]));
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  expect(readdirSync(folder).length * 200_000).toBeLessThan(bound * 1.1);
});
