import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits, type Limits, PlimsollError } from "@plimsoll/kit";
import { opaqueOf, type TarEntry, tarOf, truncated, whiteoutOf } from "@plimsoll/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Recorder, type RecorderWishes, recorder } from "../testing/recorder.ts";
import { TarReader } from "./tar-reader.ts";

type Reading = RecorderWishes & { readonly limits?: Partial<Limits>; readonly chunk?: number };

function read(tar: Buffer, { limits, chunk = tar.length || 1, ...wishes }: Reading = {}): Recorder {
  const visitor = recorder(wishes);
  const reader = new TarReader(visitor, { limits: { ...defaultLimits, ...limits } });
  const scratch = Buffer.alloc(chunk);
  for (let at = 0; at < tar.length; at += chunk) {
    // The same memory every time: the reader must not keep views of it.
    const length = tar.copy(scratch, 0, at, at + chunk);
    reader.push(scratch.subarray(0, length));
  }
  reader.finish();
  return visitor;
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof PlimsollError) return error.code;
    throw error;
  }
  return "none";
}

function pathsOf(seen: Recorder): string[] {
  return seen.entries.map((entry) => entry.path);
}

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
    const seen = read(tar, { chunk });
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
    const seen = read(tar, { chunk, wish: () => "head", claims: (entry) => entry.path.startsWith("yes") });
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
    expect(pathsOf(read(tarOf([{ path: stored, body: "x" }])))).toEqual([path]);
  });

  it("reads whiteouts and opaque folders, and passes over aufs bookkeeping", () => {
    const seen = read(
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
    expect(pathsOf(seen)).toEqual(["keep.wh.txt"]);
  });

  it("passes over the root folder", () => {
    const seen = read(
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
    expect(pathsOf(read(tar))).toEqual(["dir", "a", "b", "c"]);
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
    expect(read(tarOf([row[0]])).entries[0]).toMatchObject(row[1]);
  });

  it.each<[string, Record<string, string>, object]>([
    ["path", { path: "other" }, { path: "other", size: 4 }],
    ["empty path (withdraws nothing)", { path: "" }, { path: "name" }],
    ["size", { size: "3" }, { path: "name", size: 3 }],
    ["unknown keys and xattrs", { "SCHILY.xattr.user.x": "a=b\n1" }, { path: "name" }],
  ])("obeys pax %s", (_, pax, expected) => {
    const seen = read(
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
    const seen = read(tarOf([{ path: name, body: "x", longNames: "gnu", pax: { path: "pax" } }]));
    expect(pathsOf(seen)).toEqual([name]);
  });

  it("accepts an archive without an end mark and an empty one", () => {
    expect(pathsOf(read(tarOf([{ path: "a", body: "x" }], { end: false })))).toEqual(["a"]);
    expect(read(Buffer.alloc(0)).entries).toEqual([]);
    expect(read(Buffer.alloc(10_240)).problems).toEqual([]);
  });
});

describe("TarReader with hostile archives", () => {
  const one = tarOf([{ path: "a", body: Buffer.alloc(700, 1) }]);

  it.each([
    ["half a header", truncated(one, 300)],
    ["half a body", truncated(one, 900)],
    ["no padding", truncated(one, 512 + 700)],
    ["a pax header without an entry", tarOf([{ path: "x", pax: { path: "y" }, body: "" }]).subarray(0, 1024)],
  ])("truncated: %s", (_, tar) => {
    expect(codeOf(() => read(tar))).toBe("TAR_TRUNCATED");
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
    expect(codeOf(() => read(tar))).toBe("TAR_CORRUPT");
  });

  it("lying size: an entry of 8 EiB, and one larger than the layer may be", () => {
    expect(codeOf(() => read(tarOf([{ path: "a", size: 2n ** 62n }])))).toBe("TAR_CORRUPT");
    expect(codeOf(() => read(tarOf([{ path: "a", size: 2n ** 40n }])))).toBe("LAYER_TOO_LARGE");
    expect(codeOf(() => read(tarOf([{ path: "a", pax: { size: "9007199254740991" } }])))).toBe("LAYER_TOO_LARGE");
  });

  it("layer size: at the limit and one byte beyond", () => {
    expect(codeOf(() => read(one, { limits: { layerBytes: one.length } }))).toBe("none");
    expect(codeOf(() => read(one, { limits: { layerBytes: one.length - 1 } }))).toBe("LAYER_TOO_LARGE");
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
    const seen = read(tarOf([entry, { path: "next", body: "x" }]));
    expect(pathsOf(seen)).toEqual(["next"]);
    expect(seen.whiteouts).toEqual([]);
    expect(seen.problems).toMatchObject([{ level: "incomplete", code: "unsafe-path" }]);
  });

  it("path length: at the limit and one beyond", () => {
    const limits = { pathLength: 150 };
    expect(read(tarOf([{ path: "p".repeat(150), body: "x" }]), { limits }).problems).toEqual([]);
    const seen = read(
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
      const seen = read(tar, { limits: { fileBytes: 100 }, wish: () => wish, claims: () => true });
      expect([...seen.bodies.keys()]).toEqual(["a", "c"]);
      expect(seen.problems).toMatchObject([{ level: "incomplete", code: "file-too-large", path: "b" }]);
    }
    expect(read(tar, { limits: { fileBytes: 100 }, wish: () => "ignore" }).problems).toEqual([]);
  });

  it("entry flood: at the limit and one beyond; the stream is still read to its end", () => {
    const tar = tarOf(Array.from({ length: 5 }, (_, index) => ({ path: `f${index}`, body: "x" })));
    expect(read(tar, { limits: { layerEntries: 5 } }).problems).toEqual([]);
    const seen = read(tar, { limits: { layerEntries: 4 } });
    expect(pathsOf(seen)).toHaveLength(4);
    expect(seen.problems).toMatchObject([{ level: "incomplete", code: "too-many-entries" }]);
  });

  it("problem flood: a hundred are told, the rest are counted", () => {
    const seen = read(tarOf(Array.from({ length: 250 }, () => ({ path: "../x", body: "" }))));
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
    const seen = read(
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
    const seen = read(tarOf([global, { path: "a", body: "x" }, { path: "b", body: "y" }]));
    expect(pathsOf(seen)).toEqual(["a", "b"]);
    expect(seen.problems).toMatchObject([{ level: "incomplete", code: "global-header" }]);
    const comment = { path: "pax_global_header", typeFlag: "g", body: "16 comment=abcd\n" } as const;
    expect(read(tarOf([comment, { path: "a", body: "x" }])).problems).toEqual([]);
  });

  it("bytes behind the end are not entries and are noted", () => {
    const seen = read(Buffer.concat([one, one]));
    expect(pathsOf(seen)).toEqual(["a"]);
    expect(seen.problems).toMatchObject([{ level: "note", code: "trailing-bytes" }]);
  });
});

function paxBytes(body: string): Buffer {
  return tarOf([
    { path: "p", typeFlag: "x", body },
    { path: "a", body: "" },
  ]);
}

const folder = mkdtempSync(join(tmpdir(), "plimsoll-tar-"));

describe("TarReader beside GNU tar", () => {
  const names = fc.uniqueArray(
    fc
      .oneof(
        fc.stringMatching(/^[a-z .\\*'"$&;é✓-]{1,60}$/u),
        fc.stringMatching(/^[a-z]{1,20}$/).map((name) => name.repeat(8)),
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
      )
      .filter(isFileName),
    { minLength: 1, maxLength: 12 },
  );

  it.each(["gnu", "pax", "ustar", "v7", "oldgnu"])("lists and reads what tar --format=%s wrote", (format) => {
    fc.assert(
      fc.property(names, fc.nat(3000), (fileNames, size) => {
        rmSync(folder, { recursive: true, force: true });
        const deep = join(folder, "tree", "d".repeat(60), "e".repeat(format === "v7" ? 1 : 60));
        mkdirSync(deep, { recursive: true });
        fileNames.forEach((name, index) => {
          writeFileSync(join(deep, name), Buffer.alloc(index === 0 ? size : index, index));
        });
        symlinkSync("../target of a link", join(folder, "tree", "link"));
        const made = spawnSync("tar", [`--format=${format}`, "--sort=name", "-cf", "-", "tree"], {
          cwd: folder,
          maxBuffer: 1 << 26,
        });
        const listed = spawnSync("tar", ["--quoting-style=literal", "--null", "-tf", "-"], { input: made.stdout });
        const seen = read(made.stdout, { chunk: 1000 });
        // Names longer than the format can hold are left out by tar itself, with a warning.
        const lines = new Set(listed.stdout.toString().split("\n").filter(Boolean));
        const ours = new Set(
          seen.entries.flatMap((entry) => (entry.type === "directory" ? `${entry.path}/` : entry.path)),
        );
        expect(ours).toEqual(lines);
        for (const entry of seen.entries.filter(({ type }) => type === "file")) {
          const index = fileNames.findIndex((name) => entry.path.endsWith(`/${name}`));
          expect(seen.bodies.get(entry.path)).toEqual(Buffer.alloc(index === 0 ? size : index, index));
        }
      }),
      { numRuns: 12 },
    );
    rmSync(folder, { recursive: true, force: true });
  });

  it("knows a real sparse file of every sparse format", () => {
    mkdirSync(folder, { recursive: true });
    spawnSync("truncate", ["-s", "3M", "holes"], { cwd: folder });
    spawnSync(
      "sh",
      [
        "-c",
        "for i in $(seq 1 60); do printf x | dd of=holes bs=1 seek=$((i*40000)) conv=notrunc status=none; done; echo y > next",
      ],
      { cwd: folder },
    );
    for (const format of [
      ["--format=gnu"],
      ["--format=pax", "--sparse-version=0.0"],
      ["--format=pax", "--sparse-version=0.1"],
      ["--format=pax", "--sparse-version=1.0"],
    ]) {
      const made = spawnSync("tar", [...format, "-S", "-cf", "-", "holes", "next"], {
        cwd: folder,
        maxBuffer: 1 << 26,
      });
      const seen = read(made.stdout);
      expect(
        seen.entries.map(({ path, size }) => [path, size]),
        format.join(" "),
      ).toEqual([
        ["holes", 3 << 20],
        ["next", 2],
      ]);
      expect(seen.problems.map(({ code }) => code)).toEqual(["sparse-file"]);
      expect(seen.bodies.get("next")?.toString()).toBe("y\n");
    }
    rmSync(folder, { recursive: true, force: true });
  });
});

function isFileName(name: string): boolean {
  return Buffer.byteLength(name) < 250 && !/[/\0\n]|^\.\.?$|^\.wh\./u.test(name) && name.isWellFormed();
}
