import { gzipSync, zstdCompressSync } from "node:zlib";
import { defaultLimits } from "@plimsoll/kit";
import { dockerArchiveOf, ociArchiveOf } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { file, image, tagged } from "../testing/read-archive.ts";
import { recorder } from "../testing/recorder.ts";
import { openStdin, type StandardInput, stdinSelection } from "./open-stdin.ts";

const docker = dockerArchiveOf([tagged]);
const several = dockerArchiveOf([tagged, { ...image, tags: ["other:1"] }]);

function piped(bytes: Uint8Array, more: Partial<StandardInput> = {}): StandardInput {
  return { path: "/nothing", isTerminal: false, bytes: () => chunks(bytes), ...more };
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

function open(stdin: StandardInput | null, selection: string | null = null) {
  const wish = { platform: { os: "linux", architecture: "amd64" }, isExplicit: false };
  return openStdin(selection, { kind: "any", stdin, wish, limits: defaultLimits });
}

async function idOf(stdin: StandardInput | null, selection: string | null = null): Promise<string> {
  await using opened = await open(stdin, selection);
  return (await opened.readLayers(() => recorder())).image.imageId;
}

describe("openStdin", () => {
  it.each([
    ["a docker archive, its manifest last", docker],
    ["packed with gzip", gzipSync(docker)],
    ["packed with zstd", zstdCompressSync(docker)],
    ["an OCI archive", ociArchiveOf([{ ...image, tag: "1" }])],
  ])("reads %s", async (_, bytes) => {
    expect(await idOf(piped(bytes))).toBe(image.imageId);
  });

  it("chooses by tag", async () => {
    expect(await idOf(piped(several), "example.org/app:1.0")).toBe(image.imageId);
    await expect(idOf(piped(docker), "nothing:1")).rejects.toMatchObject({ code: "NOT_IN_ARCHIVE" });
  });

  it("reads a file that is redirected like any file, as often as it is asked", async () => {
    const bytes = () => {
      throw new Error("not as a stream");
    };
    await using opened = await open(piped(docker, { path: file(docker), bytes }));
    for (const _ of [1, 2]) expect((await opened.readLayers(() => recorder())).image.imageId).toBe(image.imageId);
  });

  it("shows a pipe once: a second pass sees nothing and changes nothing", async () => {
    await using opened = await open(piped(docker));
    const first = await opened.readLayers(() => recorder());
    let started = 0;
    const second = await opened.readLayers(() => {
      started++;
      return recorder();
    });
    expect([second, started]).toEqual([first, 0]);
  });

  it.each<[string, StandardInput | null]>([
    ["a terminal", piped(docker, { isTerminal: true })],
    ["no standard input", null],
    ["nothing", piped(Buffer.alloc(0))],
  ])("says that %s is no archive", async (_, stdin) => {
    await expect(idOf(stdin)).rejects.toMatchObject({ code: "STDIN_EMPTY", exit: 2 });
  });

  it.each([
    ["something else", Buffer.from("<html>".repeat(1000)), /^TAR_CORRUPT$/],
    ["half of one", docker.subarray(0, docker.length / 2), /^(?:TAR_TRUNCATED|NOT_AN_ARCHIVE)$/],
    ["half of a packed one", gzipSync(docker).subarray(0, 300), /^COMPRESSION_TRUNCATED$/],
  ])("says that it is %s", async (_, bytes, code) => {
    await expect(idOf(piped(bytes))).rejects.toMatchObject({ code: expect.stringMatching(code) });
  });
});

describe("stdinSelection", () => {
  it.each([
    ["-", { selection: null }],
    ["-:app:1", { selection: "app:1" }],
    ["/dev/stdin", { selection: null }],
    ["/proc/self/fd/0:1", { selection: "1" }],
    ["./-", null],
    ["-x", null],
    ["", null],
  ])("%j", (name, expected) => {
    expect(stdinSelection(name)).toEqual(expected);
  });
});
