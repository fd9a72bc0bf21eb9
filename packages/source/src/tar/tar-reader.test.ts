import { opaqueOf, type TarEntry, tarOf, whiteoutOf } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { pathsOf, readTar } from "../testing/read-tar.ts";

const long = `${"folder/".repeat(30)}file`;

describe("TarReader", () => {
  it.each([1, 7, 511, 512, 513, 4096, 1 << 20])("gives the same for chunks of %i bytes", (chunk) => {
    const tar = tarOf([
      { path: "etc/", type: "directory" },
      { path: "etc/a", body: "hello", mode: 0o640 },
      { path: long, body: Buffer.alloc(20_000, 7) },
      { path: `${long}2`, body: "g", longNames: "gnu" },
      { path: "empty", body: "" },
      { path: "link", type: "symlink", linkname: "../../etc/a" },
      { path: "hard", type: "hardlink", linkname: "./etc//a" },
      { path: "null", type: "character" },
    ]);
    const seen = readTar(tar, { chunk });
    expect(seen.entries).toEqual([
      { path: "etc", type: "directory", size: 0, mode: 0o755 },
      { path: "etc/a", type: "file", size: 5, mode: 0o640 },
      { path: long, type: "file", size: 20_000, mode: 0o644 },
      { path: `${long}2`, type: "file", size: 1, mode: 0o644 },
      { path: "empty", type: "file", size: 0, mode: 0o644 },
      { path: "link", type: "symlink", size: 0, mode: 0o644, linkTarget: "../../etc/a" },
      { path: "hard", type: "hardlink", size: 0, mode: 0o644, linkTarget: "etc/a" },
      { path: "null", type: "other", size: 0, mode: 0o644 },
    ]);
    expect(seen.bodies.get("etc/a")?.toString()).toBe("hello");
    expect(seen.bodies.get(long)).toEqual(Buffer.alloc(20_000, 7));
    expect(seen.bodies.get("empty")).toEqual(Buffer.alloc(0));
    expect(seen.problems).toEqual([]);
  });

  it.each([1, 512, 100_000])("shows the head and reads the rest only when claimed, chunks of %i bytes", (chunk) => {
    const body = Buffer.from(Array.from({ length: 20_000 }, (_, index) => index % 251));
    const tar = tarOf([
      { path: "yes", body },
      { path: "no", body },
      { path: "yes-small", body: "ab" },
      { path: "after", body: "x" },
    ]);
    const seen = readTar(tar, { chunk, wish: () => "head", claims: (entry) => entry.path.startsWith("yes") });
    expect(seen.heads.get("no")).toEqual(body.subarray(0, 8192));
    expect([...seen.bodies.keys()]).toEqual(["yes", "yes-small"]);
    expect(seen.bodies.get("yes")).toEqual(body);
    expect(seen.bodies.get("yes-small")?.toString()).toBe("ab");
  });

  it.each([
    ["leading slash", "/etc/passwd", "etc/passwd"],
    ["leading ./", "./etc/passwd", "etc/passwd"],
    ["double slash", "etc//passwd", "etc/passwd"],
    ["inner ./", "etc/./passwd", "etc/passwd"],
    ["hidden file", "root/.bashrc", "root/.bashrc"],
    ["backslash", "a\\..\\b", "a\\..\\b"],
    ["three dots", "a/.../b", "a/.../b"],
    ["invalid UTF-8", Buffer.from([0x61, 0xff]), "a\ufffd"],
  ])("normalises %s", (_, stored, path) => {
    expect(pathsOf(readTar(tarOf([{ path: stored, body: "x" }])))).toEqual([path]);
  });

  it("reads whiteouts and opaque folders, and passes over aufs bookkeeping, not over what lies in it", () => {
    const seen = readTar(
      tarOf([
        whiteoutOf("usr/lib/gone"),
        opaqueOf("opt/app"),
        { path: ".wh..wh..opq" },
        { path: ".wh..wh.plnk/1.2", body: "x" },
        { path: "usr/.wh..wh.orph" },
        { path: "keep.wh.txt", body: "x" },
      ]),
    );
    expect(seen.whiteouts).toEqual([
      { path: "usr/lib/gone", opaque: false },
      { path: "opt/app", opaque: true },
      { path: "", opaque: true },
    ]);
    expect(pathsOf(seen)).toEqual([".wh..wh.plnk/1.2", "keep.wh.txt"]);
  });

  it("passes over the root folder", () => {
    const seen = readTar(
      tarOf([
        { path: "./", type: "directory" },
        { path: "/", type: "directory" },
      ]),
    );
    expect([seen.entries, seen.problems]).toEqual([[], []]);
  });

  it("takes no data behind links and folders, whatever their size says", () => {
    const tar = tarOf([
      { path: "dir", type: "directory", size: 4096 },
      { path: "a", body: "x" },
      { path: "b", type: "hardlink", linkname: "a", size: 1 },
      { path: "c", body: "y" },
    ]);
    expect(pathsOf(readTar(tar))).toEqual(["dir", "a", "b", "c"]);
  });

  it.each(["numbers in base-256", "a v7 folder", "ustar prefix"])("reads %s", (what) => {
    const table: Record<string, [TarEntry, object]> = {
      "numbers in base-256": [
        { path: "a", body: "xyz", base256: true },
        { path: "a", size: 3 },
      ],
      "a v7 folder": [
        { path: "old/", typeFlag: "\0", body: "" },
        { path: "old", type: "directory" },
      ],
      "ustar prefix": [
        { path: "name", body: "x", header: (block) => void block.write("some/prefix", 345) },
        { path: "some/prefix/name" },
      ],
    };
    const row = table[what];
    if (row === undefined) throw new Error(what);
    expect(readTar(tarOf([row[0]])).entries[0]).toMatchObject(row[1]);
  });

  it.each<[string, Record<string, string>, object]>([
    ["path", { path: "other" }, { path: "other", size: 4 }],
    ["empty path (withdraws nothing)", { path: "" }, { path: "name" }],
    ["size", { size: "3" }, { path: "name", size: 3 }],
    ["unknown keys and xattrs", { "SCHILY.xattr.user.x": "a=b\n1" }, { path: "name" }],
  ])("obeys pax %s", (_, pax, expected) => {
    const seen = readTar(
      tarOf([
        { path: "name", body: "abcd", pax },
        { path: "next", body: "x" },
      ]),
    );
    expect(seen.entries[0]).toMatchObject(expected);
    expect(pathsOf(seen)).toContain("next");
  });

  it("lets a GNU long name win over a pax path, as engines do", () => {
    const name = "g".repeat(150);
    const seen = readTar(tarOf([{ path: name, body: "x", longNames: "gnu", pax: { path: "pax" } }]));
    expect(pathsOf(seen)).toEqual([name]);
  });

  it("accepts an archive without an end mark and an empty one", () => {
    expect(pathsOf(readTar(tarOf([{ path: "a", body: "x" }], { end: false })))).toEqual(["a"]);
    expect(readTar(Buffer.alloc(0)).entries).toEqual([]);
    expect(readTar(Buffer.alloc(10_240)).problems).toEqual([]);
  });
});
