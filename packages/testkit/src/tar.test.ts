import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { opaqueOf, type TarEntry, tarOf, tarOfFiles, whiteoutOf } from "./tar.ts";

/** GNU tar's own reading of our archive: the builders must not agree only with themselves. */
function listedByTar(archive: Buffer): { names: string[]; stderr: string; code: number | null } {
  const { stdout, stderr, status } = spawnSync("tar", ["-t", "-f", "-", "--quoting-style=literal"], { input: archive });
  return { names: stdout.toString().split("\n").filter(Boolean), stderr: stderr.toString(), code: status };
}

const longPath = `${"folder-with-a-name/".repeat(12)}file.txt`;

describe("tarOf", () => {
  const table: { name: string; entries: TarEntry[]; names: string[] }[] = [
    {
      name: "plain files",
      entries: [
        { path: "a", body: "1" },
        { path: "b/c", body: "22" },
      ],
      names: ["a", "b/c"],
    },
    { name: "an empty archive", entries: [], names: [] },
    { name: "a folder", entries: [{ path: "d/", type: "directory" }], names: ["d/"] },
    { name: "links", entries: [{ path: "s", type: "symlink", linkname: "/etc/passwd" }], names: ["s"] },
    { name: "a long name by pax", entries: [{ path: longPath, body: "x" }], names: [longPath] },
    { name: "a long name by GNU", entries: [{ path: longPath, body: "x", longNames: "gnu" }], names: [longPath] },
    { name: "base-256 numbers", entries: [{ path: "n", body: "abc", base256: true }], names: ["n"] },
    { name: "a pax path", entries: [{ path: "short", pax: { path: "other" } }], names: ["other"] },
    { name: "a traversal", entries: [{ path: "../../etc/x", body: "x" }], names: ["../../etc/x"] },
  ];
  it.each(table)("is read by GNU tar: $name", ({ entries, names }) => {
    const { names: listed, code } = listedByTar(tarOf(entries));
    expect(listed).toEqual(names);
    expect(code).toBe(0);
  });

  it("writes broken archives when asked", () => {
    expect(listedByTar(tarOf([{ path: "a", badChecksum: true }])).code).not.toBe(0);
    expect(listedByTar(tarOf([{ path: "a", body: "x", size: 5000 }], { end: false })).code).not.toBe(0);
  });

  it("gives the same bytes for the same entries", () => {
    expect(tarOfFiles({ a: "1", b: "2" })).toEqual(tarOfFiles({ a: "1", b: "2" }));
  });

  it("names whiteouts as the OCI specification does", () => {
    expect(whiteoutOf("etc/passwd").path).toBe("etc/.wh.passwd");
    expect(whiteoutOf("bin").path).toBe(".wh.bin");
    expect(opaqueOf("usr/lib").path).toBe("usr/lib/.wh..wh..opq");
  });
});
