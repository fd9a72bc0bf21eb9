import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits, type Limits } from "@plimsoll/kit";
import { afterAll, describe, expect, it } from "vitest";
import { type RecorderWishes, recorder } from "../testing/recorder.ts";
import { isKernelFileSystem } from "./kernel-file-systems.ts";
import { openDirectory, openHost } from "./open-tree.ts";

const base = mkdtempSync(join(tmpdir(), "plimsoll-tree-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let count = 0;

function treeOf(files: Readonly<Record<string, string>>): string {
  const root = join(base, `root-${++count}`);
  mkdirSync(root);
  for (const [path, body] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    if (body.startsWith("-> ")) symlinkSync(body.slice(3), join(root, path));
    else writeFileSync(join(root, path), body);
  }
  return root;
}

async function walk(root: string, how: RecorderWishes & { limits?: Partial<Limits> } = {}) {
  const visitor = recorder(how);
  await using tree = openDirectory(root, { ...defaultLimits, ...how.limits });
  const problems = await tree.walk(visitor);
  return { ...visitor, problems, paths: visitor.entries.map((entry) => entry.path) };
}

describe("openDirectory", () => {
  it("walks in sorted order and tells links without following them", async () => {
    const root = treeOf({
      "etc/os-release": "ID=alpine\n",
      b: "2",
      "a/z": "1",
      "a/b": "1",
      out: "-> /etc/passwd",
      "folder-out": "-> /etc",
      circle: "-> .",
      broken: "-> nowhere",
    });
    const seen = await walk(root);
    expect(seen.paths).toEqual([
      "a",
      "a/b",
      "a/z",
      "b",
      "broken",
      "circle",
      "etc",
      "etc/os-release",
      "folder-out",
      "out",
    ]);
    expect(seen.entries.find(({ path }) => path === "out")).toEqual({
      path: "out",
      type: "symlink",
      size: 0,
      mode: 0o777,
      linkTarget: "/etc/passwd",
    });
    expect([...seen.bodies.keys()]).toEqual(["a/b", "a/z", "b", "etc/os-release"]);
    expect(seen.problems).toEqual([]);
  });

  it("tells permission bits of files and folders", async () => {
    const root = treeOf({ "bin/su": "x" });
    chmodSync(join(root, "bin/su"), 0o4711);
    chmodSync(join(root, "bin"), 0o750);
    expect((await walk(root)).entries.map(({ mode }) => mode)).toEqual([0o750, 0o4711]);
  });

  it("shows heads, reads claimed files, ignores the rest", async () => {
    const root = treeOf({ big: "x".repeat(10_000), other: "y".repeat(10_000) });
    const seen = await walk(root, { wish: () => "head", claims: (entry) => entry.path === "big" });
    expect(seen.heads.get("other")).toHaveLength(8192);
    expect([...seen.bodies.keys()]).toEqual(["big"]);
    expect(seen.bodies.get("big")).toHaveLength(10_000);
    expect((await walk(root, { wish: () => "ignore" })).bodies.size).toBe(0);
  });

  it.skipIf(process.platform !== "linux")("passes over what the kernel mounts (known of Linux)", async () => {
    expect(isKernelFileSystem("/proc/self")).toBe(true);
    expect([isKernelFileSystem(base), isKernelFileSystem("/nothing/here")]).toEqual([false, false]);
  });

  it("never opens pipes and devices", async () => {
    const root = treeOf({ a: "1" });
    expect(spawnSync("mkfifo", [join(root, "pipe")]).status).toBe(0);
    const seen = await walk(root);
    expect(seen.entries.find(({ path }) => path === "pipe")?.type).toBe("other");
    expect([...seen.bodies.keys()]).toEqual(["a"]);
  });

  it("limits files and entries, at the limit and one beyond", async () => {
    const root = treeOf({ a: "12345", b: "123456", c: "1" });
    const sized = await walk(root, { limits: { fileBytes: 5 } });
    expect([...sized.bodies.keys()]).toEqual(["a", "c"]);
    expect(sized.problems).toMatchObject([{ level: "incomplete", code: "file-too-large", path: "b" }]);
    expect((await walk(root, { limits: { layerEntries: 3 } })).problems).toEqual([]);
    const cut = await walk(root, { limits: { layerEntries: 2 } });
    expect(cut.paths).toEqual(["a", "b"]);
    expect(cut.problems).toMatchObject([{ level: "incomplete", code: "too-many-entries" }]);
    const huge = treeOf({ sparse: "" });
    truncateSync(join(huge, "sparse"), 2 ** 40);
    expect((await walk(huge)).problems).toMatchObject([{ code: "file-too-large", path: "sparse" }]);
  });

  it("tells unreadable folders and files and reads the rest", async () => {
    const root = treeOf({ "closed/a": "1", b: "2", c: "3" });
    chmodSync(join(root, "closed"), 0);
    chmodSync(join(root, "b"), 0);
    // Root may read all: for this one walk somebody else looks.
    const isRoot = process.getuid?.() === 0;
    chmodSync(base, 0o755);
    if (isRoot) process.seteuid?.(65_534);
    const seen = await walk(root).finally(() => {
      if (isRoot) process.seteuid?.(0);
    });
    expect(seen.problems).toMatchObject([
      { level: "incomplete", code: "file-unreadable", path: "b" },
      { level: "incomplete", code: "folder-unreadable", path: "closed" },
    ]);
    expect([...seen.bodies.keys()]).toEqual(["c"]);
    chmodSync(join(root, "closed"), 0o755);
  });

  it("says that a file or nothing is no folder", async () => {
    const root = treeOf({ a: "1" });
    for (const path of [join(root, "a"), join(root, "nothing")]) {
      await expect(walk(path)).rejects.toMatchObject({ code: "TREE_UNREADABLE", exit: 2 });
    }
  });

  it("passes errors of the visitor on, and can be aborted", async () => {
    const root = treeOf({ a: "1", b: "2" });
    const failing = () => {
      throw new TypeError("mine");
    };
    await expect(walk(root, { wish: failing })).rejects.toThrow("mine");
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(openDirectory(root).walk(recorder(), { signal })).rejects.toThrow("enough");
  });
});

describe("openHost", () => {
  async function host(root: string, additionalDirs: readonly string[] = []) {
    const visitor = recorder();
    const tree = openHost({ root, name: "box", additionalDirs });
    const problems = await tree.walk(visitor);
    return { source: tree.source, problems, paths: visitor.entries.map((entry) => entry.path), bodies: visitor.bodies };
  }

  it("walks the folders of a host and no others", async () => {
    const root = treeOf({
      "etc/os-release": "ID=debian\n",
      "var/lib/dpkg/status": "",
      "lib/apk/db/installed": "",
      "lib/modules/x": "",
      "home/me/secret": "",
      "srv/app/a": "",
      "opt/more/b": "",
    });
    const seen = await host(root, ["/opt/more"]);
    expect(seen.paths).toEqual([
      "etc",
      "etc/os-release",
      "lib/apk/db",
      "lib/apk/db/installed",
      "opt/more",
      "opt/more/b",
      "var/lib/dpkg",
      "var/lib/dpkg/status",
    ]);
    expect(seen.source).toEqual({ kind: "host", transport: "host", name: "box" });
  });

  it("reads merged systems once: /bin and /lib are links", async () => {
    const root = treeOf({ "usr/bin/sh": "x", "usr/lib/apk/db/installed": "y", bin: "-> usr/bin", lib: "-> /usr/lib" });
    const seen = await host(root);
    expect([...seen.bodies.keys()].sort()).toEqual(["usr/bin/sh", "usr/lib/apk/db/installed"]);
    expect(seen.paths.filter((path) => path === "usr/bin/sh")).toHaveLength(1);
    expect(seen.paths).toContain("bin");
  });

  it("a link leaving the root stays within it", async () => {
    const outside = treeOf({ "lib/dpkg/status": "secret" });
    const root = treeOf({ var: `-> ${outside}`, etc: "-> ../../../../etc", usr: "-> usr" });
    const seen = await host(root);
    expect(seen.bodies.size).toBe(0);
    expect(seen.problems).toEqual([]);
  });

  it("refuses folders that are not below the root", () => {
    expect(() => openHost({ name: "x", additionalDirs: ["/a/../../b"] })).toThrow(/not a folder/);
  });
});
