import { readFileSync } from "node:fs";
import { zstdDecompressSync } from "node:zlib";
import { PlimsollError } from "@plimsoll/kit";
import { sharedData } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { readSbomText } from "./read-sbom-text.ts";

const realSboms = sharedData("pkgdb", "sboms-cyclonedx-spdx.tar.zst");

describe.skipIf(realSboms === null)("real SBOMs of other tools (need the shared package data)", () => {
  const documents = realSboms === null ? [] : filesOf(zstdDecompressSync(readFileSync(realSboms)));

  it("are read without a surprise, most packages of each", async () => {
    let read = 0;
    for (const [name, text] of documents) {
      try {
        const { packages } = await readSbomText(text);
        read += 1;
        for (const pkg of packages) expect(pkg.name, name).not.toBe("");
      } catch (error) {
        expect(error, name).toBeInstanceOf(PlimsollError);
      }
    }
    expect(read).toBeGreaterThan(150);
  });

  it("give the packages of Trivy's two formats of one image alike", async () => {
    const said = async (end: string): Promise<string[]> => {
      const text = documents.find(([name]) => name.endsWith(end))?.[1] ?? "";
      return (await readSbomText(text)).packages.map(({ name, version, arch }) => `${name} ${version} ${arch}`);
    };
    expect(await said("centos-7-spdx.json")).toEqual(await said("centos-7-cyclonedx.json"));
  });
});

/** Regular JSON and XML files of a tar archive. */
function filesOf(tar: Buffer): [string, string][] {
  const files: [string, string][] = [];
  for (let at = 0; at + 512 <= tar.length; ) {
    const name = tar.toString("utf8", at, at + 100).replace(/\0.*$/s, "");
    if (name === "") break;
    const size = Number.parseInt(tar.toString("latin1", at + 124, at + 136), 8);
    if (/\.(json|xml)$/.test(name)) files.push([name, tar.toString("utf8", at + 512, at + 512 + size)]);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
