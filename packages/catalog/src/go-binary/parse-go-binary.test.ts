import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { goBinary } from "./cataloger.ts";
import { mayBeGo } from "./may-be-go.ts";

const testdata = join(import.meta.dirname, "testdata");
const binary = (name: string): Buffer => gunzipSync(readFileSync(join(testdata, `${name}.gz`)));
const facts = (bytes: Uint8Array) => goBinary.parse({ path: "usr/bin/x", bytes });
const words = (bytes: Uint8Array): string[] =>
  (facts(bytes).packages ?? []).map(
    ({ name, version, role }) => `${name}@${version}${role === undefined ? "" : ` ${role}`}`,
  );

const plain = "example.com/plain@ main";

/** A block as Go 1.18 and later write it. */
function inlineBlock(version: string, modules: string): Buffer {
  const mark = Buffer.alloc(16, 0x30);
  const text = modules === "" ? Buffer.alloc(0) : Buffer.concat([mark, Buffer.from(modules), mark]);
  const header = Buffer.alloc(32);
  header.write("\xff Go buildinf:", "latin1");
  header[14] = 8;
  header[15] = 2;
  return Buffer.concat([header, varText(Buffer.from(version)), varText(text)]);
}

function varText(text: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = text.length; ; rest >>= 7) {
    if (rest < 0x80) return Buffer.concat([Buffer.from([...length, rest]), text]);
    length.push((rest & 0x7f) | 0x80);
  }
}

describe("Go binaries", () => {
  it.each([
    ["go1.13-linux-amd64", ["Go@1.13.15 toolchain", plain]],
    ["go1.13-linux-s390x", ["Go@1.13.15 toolchain", plain]],
    ["go1.16-darwin-amd64", ["Go@1.16.15 toolchain", plain]],
    ["go1.16-windows-amd64", ["Go@1.16.15 toolchain", plain]],
    ["go1.17-linux-386", ["Go@1.17.13 toolchain", plain]],
    ["go1.18-linux-amd64", ["Go@1.18.10 toolchain", plain]],
    ["go1.26-darwin-arm64", ["Go@1.26.8 toolchain", plain]],
    ["go1.26-windows-amd64", ["Go@1.26.8 toolchain", plain]],
    [
      "go1.26-replaced",
      ["Go@1.26.8 toolchain", "example.com/deps@ main", "github.com/google/uuid@v1.6.0", "golang.org/x/text@v0.14.0"],
    ],
  ])("%s is recognised by its head and read", (name, expected) => {
    const bytes = binary(name);
    expect(mayBeGo(bytes.subarray(0, 8192), "usr/bin/x")).toBe(true);
    expect(words(bytes)).toEqual(expected);
  });

  it("has a case for every file of testdata", () => {
    expect(readdirSync(testdata).filter((name) => name.endsWith(".gz"))).toHaveLength(9);
  });

  it.each([
    ["a released main module", "go1.22.1", "mod\ta.b/c\tv1.2.3\th1:x=\n", ["Go@1.22.1 toolchain", "a.b/c@v1.2.3 main"]],
    [
      "an experiment in the version",
      "go1.22.1 X:boringcrypto",
      "dep\ta.b/c\tv1.0.0\n",
      ["Go@1.22.1 toolchain", "a.b/c@v1.0.0"],
    ],
    ["a release candidate", "go1.24rc2", "dep\ta.b/c\tv1.0.0\n", ["Go@1.24rc2 toolchain", "a.b/c@v1.0.0"]],
    ["a development version", "devel go1.25-abcdef", "dep\ta.b/c\tv1.0.0\n", ["Go@ toolchain", "a.b/c@v1.0.0"]],
    [
      "a replacement by a module",
      "go1.22.1",
      "dep\ta.b/c\tv1.0.0\n=>\td.e/f\tv2.0.0\th1:x=\n",
      ["Go@1.22.1 toolchain", "d.e/f@v2.0.0"],
    ],
    [
      "a replacement by a folder",
      "go1.22.1",
      "dep\ta.b/c\tv1.0.0\n=>\t./local\t(devel)\n",
      ["Go@1.22.1 toolchain", "a.b/c@"],
    ],
    [
      "a version stamped by the linker",
      "go1.22.1",
      'mod\ta.b/c\t(devel)\nbuild\t-ldflags="-s -w -X a.b/c/cmd.commit=x -X a.b/c/version.Version=1.2.3"\n',
      ["Go@1.22.1 toolchain", "a.b/c@v1.2.3 main"],
    ],
    [
      "a stamp in quotes",
      "go1.22.1",
      "mod\ta.b/c\t(devel)\nbuild\t-ldflags=\"-X 'main.version=v2.0.0-rc.1'\"\n",
      ["Go@1.22.1 toolchain", "a.b/c@v2.0.0-rc.1 main"],
    ],
    [
      "stamps of another module, of no release and of another kind",
      "go1.22.1",
      'mod\ta.b/c\t(devel)\nbuild\t-ldflags="-X d.e/f.Version=1.2.3 -X main.version=v1.2.3-4-gabcdef0 -X main.date=1.2.3"\n',
      ["Go@1.22.1 toolchain", "a.b/c@ main"],
    ],
    [
      "a stamp beside a released version",
      "go1.22.1",
      "mod\ta.b/c\tv1.0.0\th1:x=\nbuild\t-ldflags=-X=main.version=9.9.9\n",
      ["Go@1.22.1 toolchain", "a.b/c@v1.0.0 main"],
    ],
    ["a replacement of nothing", "go1.22.1", "=>\td.e/f\tv2.0.0\n", ["Go@1.22.1 toolchain"]],
  ])("understands %s", (...[, version, modules, expected]) => {
    expect(words(inlineBlock(version, modules))).toEqual(expected);
  });

  it("passes over marks that begin no block, as in programs that read build information", () => {
    const decoy = Buffer.alloc(64);
    decoy.write("\xff Go buildinf:", 3, "latin1");
    decoy.write("\xff Go buildinf:", 32, "latin1");
    expect(words(Buffer.concat([decoy, inlineBlock("go1.22.1", "dep\ta.b/c\tv1.0.0\n")]))).toHaveLength(2);
  });

  it.each([
    ["no module information", inlineBlock("go1.22.1", ""), "go-modules-unknown", "incomplete"],
    [
      "an unreleased dependency",
      inlineBlock("go1.22.1", "dep\ta.b/c\t(devel)\n"),
      "package-version-unknown",
      "warning",
    ],
    ["an unreleased main module", inlineBlock("go1.22.1", "mod\ta.b/c\t(devel)\n"), "package-version-unknown", "note"],
  ])("says when there is %s", (...[, bytes, code, level]) => {
    expect(facts(bytes).problems).toMatchObject([{ code, level }]);
  });

  it("says nothing of Go's own commands, which have no module", () => {
    expect(facts(inlineBlock("go1.22.1", "path\tcmd/gofmt\n")).problems).toEqual([]);
  });

  it("says when a binary Go linked has lost its build information", () => {
    const bytes = binary("go1.26-replaced");
    bytes.fill(0, 8192);
    expect(facts(bytes).problems).toMatchObject([{ code: "go-build-info-missing", level: "incomplete" }]);
  });

  it("wants no .NET assembly, Java class, script or dynamic C program", () => {
    const pe = binary("go1.26-windows-amd64").subarray(0, 4096);
    const cli = pe.readUInt32LE(0x3c) + 24 + 112 + 14 * 8;
    pe.writeUInt32LE(0x2008, cli);
    const javaClass = Buffer.alloc(64);
    javaClass.writeUInt32BE(0xcafebabe);
    javaClass.writeUInt32BE(52, 4);
    const script = Buffer.from("#!/bin/sh\n".padEnd(100, " "));
    const elf = binary("go1.18-linux-amd64").subarray(0, 4096);
    elf.fill(0, 0x200);
    elf.writeUInt32LE(3, 64); // first segment: an interpreter
    for (let at = 64 + 56; at < 64 + 56 * elf.readUInt16LE(56); at += 56) elf.writeUInt32LE(1, at);
    expect([pe, javaClass, script, elf, Buffer.alloc(3)].map((head) => mayBeGo(head, "usr/bin/x"))).toEqual(
      Array(5).fill(false),
    );
  });

  it("wants no C library with an entry point, which a static program of another name may be", () => {
    const elf = binary("go1.18-linux-amd64").subarray(0, 4096);
    elf.fill(0, 0x200);
    elf.writeUInt16LE(3, 16); // position-independent
    for (let at = 64; at < 64 + 56 * elf.readUInt16LE(56); at += 56) elf.writeUInt32LE(1, at);
    elf.writeUInt32LE(2, 64); // first segment: dynamic
    const paths = ["usr/bin/tool", "usr/lib/libx.so", "usr/lib/libx.so.6.0.0", "usr/bin/x.so-tool"];
    expect(paths.map((path) => mayBeGo(elf, path))).toEqual([true, false, false, true]);
  });
});
