import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { registryGaps } from "./complete-registry.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-registry-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function plant(name: string, files: readonly string[]): string {
  mkdirSync(join(folder, name, "testdata"), { recursive: true });
  const path = join(folder, name, "part.mjs");
  writeFileSync(path, `export const part = { name: ${JSON.stringify(name)} };`);
  for (const file of files) writeFileSync(join(folder, name, file), "");
  return path;
}

async function partOf(path: string): Promise<{ name: string }> {
  return ((await import(pathToFileURL(path).href)) as { part: { name: string } }).part;
}

describe("registryGaps", () => {
  it("finds each kind of gap", async () => {
    const complete = await partOf(plant("complete", ["part.test.ts"]));
    const untested = await partOf(plant("untested", []));
    plant("forgotten", ["part.test.ts"]);
    const bare = await partOf(plant("bare", ["part.test.ts"]));
    rmSync(join(folder, "bare", "testdata"), { recursive: true });
    const place = { folder, file: "part.mjs" };
    expect(await registryGaps([complete, untested, bare, { id: "Made Up" }, { name: "complete" }], place)).toEqual({
      unlisted: ["forgotten"],
      listedOnly: ["Made Up", "complete"],
      badNames: ["Made Up", "complete"],
      withoutTest: ["untested"],
      withoutTestdata: ["bare"],
    });
  });

  it("takes single files as siblings", async () => {
    const flat = join(folder, "flat");
    mkdirSync(flat);
    writeFileSync(join(flat, "one.ts"), `export const one = { name: "one" };`);
    writeFileSync(join(flat, "one.test.ts"), "");
    const { one } = (await import(pathToFileURL(join(flat, "one.ts")).href)) as { one: { name: string } };
    expect(Object.values(await registryGaps([one], { folder: flat })).flat()).toEqual([]);
    expect((await registryGaps([], { folder: flat })).unlisted).toEqual(["one"]);
  });
});
