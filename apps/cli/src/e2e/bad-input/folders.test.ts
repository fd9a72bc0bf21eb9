import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asNobody, canBeNobody } from "./nobody.ts";
import {
  expectRefusal,
  expectReport,
  namesIn,
  openStage,
  problemsAt,
  type Stage,
  wholeLayers,
  wholePackages,
} from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

/** The files of the whole image in a folder of that name. */
function wholeFolder(name: string): string {
  for (const { path, body } of wholeLayers.flat()) stage.save(join(name, String(path)), body ?? "");
  return join(stage.folder, name);
}

function makeNode(path: string, ...args: readonly string[]): boolean {
  return spawnSync("mknod", [path, ...args]).status === 0;
}

describe.concurrent("a folder", () => {
  it("with a pipe, a socket and a device where databases lie: none is opened", async () => {
    const root = wholeFolder("nodes");
    mkdirSync(join(root, "var/lib/dpkg"), { recursive: true });
    mkdirSync(join(root, "var/lib/rpm"), { recursive: true });
    mkdirSync(join(root, "srv/node_modules/x"), { recursive: true });
    expect(makeNode(join(root, "var/lib/dpkg/status"), "p")).toBe(true);
    makeNode(join(root, "var/lib/rpm/Packages"), "c", "1", "5");
    const server = createServer().listen(join(root, "srv/node_modules/x/package.json"));
    try {
      const result = expectReport(await stage.scan(`dir:${root}`), { exit: 3, wallMs: 15_000 });
      expect(namesIn(result)).toEqual(wholePackages);
      expect(problemsAt(result, "var/lib/dpkg/status")).toMatchObject([{ code: "package-database-no-file" }]);
    } finally {
      server.close();
    }
  });

  it("with links in circles and out of it: none is followed", async () => {
    const root = wholeFolder("links");
    symlinkSync(".", join(root, "circle"));
    symlinkSync("../..", join(root, "app/up"));
    symlinkSync("/etc", join(root, "machine"));
    symlinkSync("b", join(root, "a"));
    symlinkSync("a", join(root, "b"));
    mkdirSync(join(root, "srv/node_modules"), { recursive: true });
    symlinkSync("/etc/passwd", join(root, "srv/node_modules/package.json"));
    const child = await stage.scan(`dir:${root}`);
    expect(namesIn(expectReport(child, { exit: 0 }))).toEqual(wholePackages);
    expect(child.stdout).not.toContain("root:x:0");
  });

  it("nested 300 deep: the rest is reported, the depth is named", async () => {
    const root = wholeFolder("deep");
    mkdirSync(join(root, ...Array.from({ length: 300 }, () => "d")), { recursive: true });
    const result = expectReport(await stage.scan(`dir:${root}`), { exit: 3 });
    expect(namesIn(result)).toEqual(wholePackages);
    expect(problemsAt(result, /^(d\/)+d$/)).toMatchObject([{ code: "path-too-long", level: "incomplete" }]);
  });

  it("with names of control characters, line feeds and bytes that are no UTF-8", async () => {
    const root = wholeFolder("names");
    for (const name of ["\u001b[2J", "a\nb", "-rf", "--output=json"]) mkdirSync(join(root, name));
    mkdirSync(Buffer.concat([Buffer.from(`${root}/bad-`), Buffer.from([0xff, 0xfe])]));
    const child = await stage.scan(`dir:${root}`);
    const result = expectReport(child, { exit: child.code === 3 ? 3 : 0 });
    expect(namesIn(result)).toEqual(wholePackages);
    // Node gives such names in other characters, under which nothing is found: told, never passed over.
    expect(problemsAt(result, /^bad-/)).toMatchObject([
      { code: "file-unreadable", level: "incomplete" },
      { level: "incomplete" },
    ]);
  });

  it.skipIf(!canBeNobody)(
    "with a closed folder and a closed database: named, the rest is reported (skipped: takes root to become another user)",
    async () => {
      const root = wholeFolder("closed");
      stage.save("closed/secret/node_modules/x/package.json", '{"name":"x","version":"1"}');
      chmodSync(join(root, "secret"), 0o700);
      stage.save("closed/var/lib/dpkg/status", "Package: a\nVersion: 1\n\n");
      chmodSync(join(root, "var/lib/dpkg/status"), 0o600);
      const args = ["scan", `dir:${root}`, "-d", stage.db, "-n", "--output", "json"];
      const result = expectReport(await asNobody(stage, args), { exit: 3 });
      expect(namesIn(result)).toEqual(wholePackages);
      expect(problemsAt(result, "secret")).toMatchObject([{ code: "folder-unreadable", level: "incomplete" }]);
      expect(problemsAt(result, "var/lib/dpkg/status")).toMatchObject([
        { code: "file-unreadable", level: "incomplete" },
      ]);
    },
  );

  it.skipIf(!canBeNobody)(
    "that may not be read at all: refused, or reported as incomplete (skipped: takes root to become another user)",
    async () => {
      const root = wholeFolder("shut");
      chmodSync(root, 0o700);
      const args = ["scan", `dir:${root}`, "-d", stage.db, "-n", "--output", "json"];
      const child = await asNobody(stage, args);
      expect(child.code).toBe(3);
      expect(child.stdout + child.stderr).toMatch(/folder-unreadable|TREE_UNREADABLE/);
      expect(readdirSync(root).length).toBeGreaterThan(0);
    },
  );

  it("that is a file: TREE_UNREADABLE", async () => {
    const child = await stage.scan(`dir:${stage.save("a-file", "x")}`);
    expectRefusal(child, { code: "TREE_UNREADABLE", exit: 2, says: ["file://PATH"] });
  });

  it("with a million-byte name in a link", async () => {
    const root = wholeFolder("long-link");
    symlinkSync("x/".repeat(2000), join(root, "long"));
    expect(namesIn(expectReport(await stage.scan(`dir:${root}`), { exit: 0 }))).toEqual(wholePackages);
  });
});
