import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { starterFolder } from "../assets.ts";
import { buildStarter } from "./build-starter.ts";
import { openStarter, unpackStarter } from "./open-starter.ts";
import { noteFile, packedFile, readNote } from "./starter-note.ts";

const now = Date.parse("2025-03-01T00:00:00Z");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "starter-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A tiny starter made of the fixtures; URL of its folder. */
async function tiny(): Promise<URL> {
  const from = join(folder, "feeds");
  mkdirSync(from);
  for (const [feed, name] of [
    ["ghsa", "range.json"],
    ["debian-oval", "bookworm.xml"],
    ["ubuntu-oval", "jammy.xml"],
  ] as const) {
    const content = readFileSync(join(import.meta.dirname, "..", "feeds", feed, "testdata", name));
    writeFileSync(join(from, name), content);
  }
  await buildStarter(from, join(folder, "starter"), now);
  return pathToFileURL(`${join(folder, "starter")}/`);
}

describe("the starter knowledge", () => {
  it("is made of redistributable feeds only, without prose, and says what they are", async () => {
    const starter = await tiny();
    expect(readdirSync(starter).sort()).toEqual(["STARTER.md", noteFile, packedFile]);
    using knowledge = await openStarter(join(folder, "cache"), starter);
    expect(knowledge.status).toMatchObject({ starter: true, revision: "20250301000000" });
    expect(knowledge.status.feeds.map(({ id }) => id)).toEqual(["debian-oval", "ghsa"]);
    expect(knowledge.affected("npm", "left-padder")[0]?.advisory).not.toHaveProperty("title");
    expect(readFileSync(join(folder, "starter", "STARTER.md"), "utf8")).toContain("CC-BY-4.0");
  });

  it("is unpacked once, and again when the copy is not whole", async () => {
    const starter = await tiny();
    const cache = join(folder, "deep", "cache");
    const path = await unpackStarter(cache, starter);
    const { ino } = statSync(path);
    expect(await unpackStarter(cache, starter)).toBe(path);
    expect(statSync(path).ino).toBe(ino);
    writeFileSync(path, "cut");
    await Promise.all([unpackStarter(cache, starter), unpackStarter(cache, starter)]);
    using knowledge = await openStarter(cache, starter);
    expect(knowledge.coverage("npm")).toHaveLength(1);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it.each<[string, (path: string) => void]>([
    ["its note is missing", (path) => rmSync(join(path, noteFile))],
    ["its note is something else", (path) => writeFileSync(join(path, noteFile), "[]")],
    ["its database is missing", (path) => rmSync(join(path, packedFile))],
    [
      "its database is cut",
      (path) => writeFileSync(join(path, packedFile), readFileSync(join(path, packedFile)).subarray(0, 99)),
    ],
    [
      "its database is another",
      (path) => {
        const note = readNote(readFileSync(join(path, noteFile), "utf8"));
        writeFileSync(join(path, noteFile), JSON.stringify({ ...note, sha256: "0".repeat(64) }));
      },
    ],
  ])("is refused when %s, and nothing is left behind", async (_, harm) => {
    const starter = await tiny();
    harm(join(folder, "starter"));
    const cache = join(folder, "cache");
    mkdirSync(cache);
    await expect(openStarter(cache, starter)).rejects.toMatchObject({ code: "STARTER_DAMAGED", exit: 3 });
    expect(readdirSync(cache)).toEqual([]);
  });
});

describe("the starter knowledge in this repository", () => {
  it("is small, and knows every kind of thing", async () => {
    expect(statSync(new URL(packedFile, starterFolder)).size).toBeLessThan(12_000_000);
    using knowledge = await openStarter(folder);
    expect(knowledge.status.starter).toBe(true);
    for (const ecosystem of [
      "npm",
      "maven",
      "pypi",
      "golang",
      "gem",
      "cargo",
      "nuget",
      "composer",
      "alpine:3.18",
      "debian:12",
      "almalinux:9",
    ]) {
      expect(knowledge.coverage(ecosystem), ecosystem).not.toEqual([]);
    }
    const log4shell = knowledge.facts(knowledge.group("GHSA-jfh8-c2jp-5v3q"));
    expect(log4shell.kev).toMatchObject({ vulnerability: "CVE-2021-44228", ransomware: true });
    expect(log4shell.epss?.score).toBeGreaterThan(0.9);
    expect(log4shell.exploits).not.toEqual([]);
  });
});
