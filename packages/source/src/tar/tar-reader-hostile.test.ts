import { PlimsollError } from "@plimsoll/kit";
import { tarOf, truncated } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { pathsOf, readTar } from "../testing/read-tar.ts";

describe("TarReader with hostile archives", () => {
  const one = tarOf([{ path: "a", body: Buffer.alloc(700, 1) }]);

  it.each([
    ["half a header", truncated(one, 300)],
    ["half a body", truncated(one, 900)],
    ["no padding", truncated(one, 512 + 700)],
    ["a pax header without an entry", tarOf([{ path: "x", pax: { path: "y" }, body: "" }]).subarray(0, 1024)],
  ])("truncated: %s", (_, tar) => {
    expect(codeOf(() => readTar(tar))).toBe("TAR_TRUNCATED");
  });

  it.each<[string, Buffer]>([
    ["wrong checksum", tarOf([{ path: "a", badChecksum: true }])],
    ["negative size", tarOf([{ path: "a", size: -1n }])],
    ["entry behind one zero block", Buffer.concat([Buffer.alloc(512), one])],
    ["pax record longer than its header", paxBytes("99 path=a\n")],
    ["pax record without end", paxBytes("9 path=ab")],
    ["pax record of length 0", paxBytes("0 path=a\n")],
    ["pax record without a key", paxBytes("6 =a\n\n")],
    ["pax size in hex", tarOf([{ path: "a", pax: { size: "0x10" } }])],
    ["pax size negative", tarOf([{ path: "a", pax: { size: "-1" } }])],
    ["pax header of 2 MiB", tarOf([{ path: "p", typeFlag: "x", body: Buffer.alloc(2 << 20) }])],
    ["long name of 2 MiB", tarOf([{ path: "p", typeFlag: "L", body: Buffer.alloc(2 << 20) }])],
    ["random bytes", Buffer.alloc(2048, "quick brown fox")],
  ])("corrupt: %s", (_, tar) => {
    expect(codeOf(() => readTar(tar))).toBe("TAR_CORRUPT");
  });

  it("lying size: an entry of 8 EiB, and one larger than the layer may be", () => {
    expect(codeOf(() => readTar(tarOf([{ path: "a", size: 2n ** 62n }])))).toBe("TAR_CORRUPT");
    expect(codeOf(() => readTar(tarOf([{ path: "a", size: 2n ** 40n }])))).toBe("LAYER_TOO_LARGE");
    expect(codeOf(() => readTar(tarOf([{ path: "a", pax: { size: "9007199254740991" } }])))).toBe("LAYER_TOO_LARGE");
  });

  it("layer size: at the limit and one byte beyond", () => {
    expect(codeOf(() => readTar(one, { limits: { layerBytes: one.length } }))).toBe("none");
    expect(codeOf(() => readTar(one, { limits: { layerBytes: one.length - 1 } }))).toBe("LAYER_TOO_LARGE");
  });

  it.each([
    ["path traversal", { path: "../../etc/passwd" }],
    ["path traversal inside", { path: "a/../../b" }],
    ["NUL in a pax path", { path: "x", pax: { path: "a\0b" } }],
    ["no name", { path: "" }],
    ["whiteout of the parent", { path: "a/.wh..." }],
    ["whiteout of nothing", { path: "a/.wh." }],
    ["hard link leaving the root", { path: "a", type: "hardlink", linkname: "../../etc/shadow" }],
    ["hard link to nothing", { path: "a", type: "hardlink", linkname: "" }],
  ] as const)("unsafe name is left out and told: %s", (_, entry) => {
    const seen = readTar(tarOf([entry, { path: "next", body: "x" }]));
    expect(pathsOf(seen)).toEqual(["next"]);
    expect(seen.whiteouts).toEqual([]);
    expect(seen.problems).toMatchObject([{ level: "incomplete", code: "unsafe-path" }]);
  });

  it("path length: at the limit and one beyond", () => {
    const limits = { pathLength: 150 };
    expect(readTar(tarOf([{ path: "p".repeat(150), body: "x" }]), { limits }).problems).toEqual([]);
    const seen = readTar(
      tarOf([
        { path: "p".repeat(151), body: "x" },
        { path: "next", body: "" },
      ]),
      { limits },
    );
    expect(seen.problems).toMatchObject([{ level: "incomplete", code: "path-too-long" }]);
    expect(pathsOf(seen)).toEqual(["next"]);
  });

  it("file size: at the limit and one byte beyond, whole or claimed by its head", () => {
    const tar = tarOf([
      { path: "a", body: "x".repeat(100) },
      { path: "b", body: "x".repeat(101) },
      { path: "c", body: "y" },
    ]);
    for (const wish of ["body", "head"] as const) {
      const seen = readTar(tar, { limits: { fileBytes: 100 }, wish: () => wish, claims: () => true });
      expect([...seen.bodies.keys()]).toEqual(["a", "c"]);
      expect(seen.problems).toMatchObject([{ level: "incomplete", code: "file-too-large", path: "b" }]);
    }
    expect(readTar(tar, { limits: { fileBytes: 100 }, wish: () => "ignore" }).problems).toEqual([]);
  });

  it("entry flood: at the limit and one beyond; the stream is still read to its end", () => {
    const tar = tarOf(Array.from({ length: 5 }, (_, index) => ({ path: `f${index}`, body: "x" })));
    expect(readTar(tar, { limits: { layerEntries: 5 } }).problems).toEqual([]);
    const seen = readTar(tar, { limits: { layerEntries: 4 } });
    expect(pathsOf(seen)).toHaveLength(4);
    expect(seen.problems).toMatchObject([{ level: "incomplete", code: "too-many-entries" }]);
  });

  it("problem flood: a hundred are told, the rest are counted", () => {
    const seen = readTar(tarOf(Array.from({ length: 250 }, () => ({ path: "../x", body: "" }))));
    expect(seen.problems).toHaveLength(101);
    expect(seen.problems.at(-1)).toMatchObject({ code: "more-problems", message: expect.stringContaining("150") });
  });

  it("sparse files are told, not read wrongly; the entries behind them stand", () => {
    const pax = {
      "GNU.sparse.major": "1",
      "GNU.sparse.minor": "0",
      "GNU.sparse.name": "db",
      "GNU.sparse.realsize": "9999",
    };
    const seen = readTar(
      tarOf([
        { path: "GNUSparseFile.0/db", pax, body: "map" },
        { path: "next", body: "x" },
      ]),
    );
    expect(seen.entries[0]).toEqual({ path: "db", type: "file", size: 9999, mode: 0o644 });
    expect(seen.problems).toMatchObject([{ level: "incomplete", code: "sparse-file", path: "db" }]);
    expect([...seen.bodies.keys()]).toEqual(["next"]);
  });

  it("global pax headers rename nothing (as in engines), and one that tries is told", () => {
    const record = "13 path=evil\n";
    const global = { path: "pax_global_header", typeFlag: "g", body: record } as const;
    const seen = readTar(tarOf([global, { path: "a", body: "x" }, { path: "b", body: "y" }]));
    expect(pathsOf(seen)).toEqual(["a", "b"]);
    expect(seen.problems).toMatchObject([{ level: "incomplete", code: "global-header" }]);
    const comment = { path: "pax_global_header", typeFlag: "g", body: "16 comment=abcd\n" } as const;
    expect(readTar(tarOf([comment, { path: "a", body: "x" }])).problems).toEqual([]);
  });

  it("bytes behind the end are not entries and are noted", () => {
    const seen = readTar(Buffer.concat([one, one]));
    expect(pathsOf(seen)).toEqual(["a"]);
    expect(seen.problems).toMatchObject([{ level: "note", code: "trailing-bytes" }]);
  });
});

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof PlimsollError) return error.code;
    throw error;
  }
  return "none";
}

function paxBytes(body: string): Buffer {
  return tarOf([
    { path: "p", typeFlag: "x", body },
    { path: "a", body: "" },
  ]);
}
