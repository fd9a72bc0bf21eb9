import { type TarEntry, tarOf } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { pathsOf, readTar } from "../testing/read-tar.ts";

/** A header of GNU's format with these characters where its times are. */
const gnu = (times: string) => (block: Buffer) => {
  block.write("ustar  \0", 257, "latin1");
  block.write(times, 345, "latin1");
};
const file = (path: string, more: Partial<TarEntry> = {}): TarEntry => ({ path, body: "x", ...more });
const extended = (typeFlag: "x" | "g" | "L" | "K", body: string): TarEntry => ({ path: "header", typeFlag, body });

/** What Go's archive/tar gives container engines, where a reader that is more or less generous sees other files. */
describe("TarReader sees the files that engines unpack", () => {
  it.each<[string, readonly TarEntry[], readonly string[]]>([
    [
      "a folder of the old kind has no data, whatever its size",
      [{ path: "a/", typeFlag: "\0", size: 1024 }, file("b")],
      ["a", "b"],
    ],
    [
      "no folder by its pax path, no data",
      [{ path: "a", typeFlag: "\0", size: 1024, pax: { path: "c/" } }, file("b")],
      ["c", "b"],
    ],
    ["a prefix where GNU has times", [file("status", { header: gnu("var/lib/dpkg") })], ["var/lib/dpkg/status"]],
    ["a prefix in the second time", [file("b", { header: gnu(`00000000000\0no-time`) })], ["00000000000/b"]],
    ["a time that is none but for what is behind it", [file("b", { header: gnu("7 8") })], ["7 8/b"]],
    ["times", [file("b", { header: gnu("14371573330\x0014371573330\0") })], ["b"]],
    ["times among blanks", [file("b", { header: gnu("  7 \0") })], ["b"]],
    ["times in base 256", [file("b", { header: gnu("\x80\0\0\0\0\0\0\0\x66\0\0\0") })], ["b"]],
    ["times before 1970 in base 256", [file("b", { header: gnu("\xff".repeat(12)) })], ["b"]],
    ["no ASCII, and no times", [file("b", { header: gnu("\xe4\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80") })], ["b"]],
    [
      "a global header takes back what was announced",
      [extended("x", "14 path=other\n"), extended("g", "13 comment=x\n"), file("b")],
      ["b"],
    ],
    ["a pax path taken back by an empty one", [extended("x", "14 path=other\n8 path=\n"), file("b")], ["b"]],
    ["a pax size taken back by an empty one", [extended("x", "9 size=9\n8 size=\n"), file("b"), file("c")], ["b", "c"]],
    ["a sparse name without a version", [file("b", { pax: { "GNU.sparse.name": "other" } })], ["b"]],
    [
      "a sparse name of a version that nobody knows",
      [file("b", { pax: { "GNU.sparse.major": "2", "GNU.sparse.name": "other" } })],
      ["b"],
    ],
    ["a long name of nothing", [extended("L", "\0"), file("b")], ["b"]],
    [
      "files in a folder named like bookkeeping",
      [file(".wh..wh.a/b"), file("c/.wh.a/b")],
      [".wh..wh.a/b", "c/.wh.a/b"],
    ],
  ])("%s", (_, entries, expected) => {
    const seen = readTar(tarOf(entries));
    expect(pathsOf(seen)).toEqual(expected);
    expect(seen.problems.filter(({ level }) => level !== "note")).toEqual([]);
  });

  it("a sparse name before a long one", () => {
    const sparse = { "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "sparse" };
    const seen = readTar(tarOf([extended("L", "long\0"), file("b", { pax: sparse })]));
    expect(seen.problems).toMatchObject([{ code: "sparse-file", path: "sparse" }]);
  });
});
