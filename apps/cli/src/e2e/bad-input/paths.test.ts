import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { dockerArchiveOf, imageOf, ociLayoutOf, type TarEntry, tarOf } from "@plimsoll/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  archiveWith,
  expectRefusal,
  expectReport,
  namesIn,
  openStage,
  problemsAt,
  type Stage,
  wholeLayers,
  wholePackages,
} from "./stage.ts";

const secret = '{"name":"canary","version":"6.6.6"}';
let stage: Stage;
let canary: string;
let before: string;
beforeAll(async () => {
  stage = await openStage();
  canary = stage.save("outside/node_modules/canary/package.json", secret);
});
afterAll(() => stage?.close());
beforeEach(() => {
  before = stateOutside();
});
/** Whatever an archive holds: nothing outside was written, moved or changed. */
afterEach(() => expect(stateOutside()).toBe(before));

function stateOutside(): string {
  const { mtimeMs, ino, mode } = statSync(canary);
  const names = readdirSync(join(stage.folder, "outside"), { recursive: true });
  return JSON.stringify([readFileSync(canary, "utf8"), mtimeMs, ino, mode, names]);
}

/** A layer that tries to get out: its entries, and what must be said (a code, `null` for nothing). */
type Attempt = readonly [name: string, code: string | null, entries: (canary: string) => TarEntry[]];
const attempts: readonly Attempt[] = [
  ["a name with dots", "unsafe-path", () => [{ path: "../../etc/passwd", body: "owned" }]],
  ["a name with dots in its middle", "unsafe-path", () => [{ path: "a/../../../etc/passwd", body: "owned" }]],
  ["a pax path with dots", "unsafe-path", () => [{ path: "a", pax: { path: "../../../tmp/owned" }, body: "owned" }]],
  ["a GNU long name with dots", "unsafe-path", () => [{ path: `${"../".repeat(60)}etc/passwd`, longNames: "gnu" }]],
  ["a whiteout with dots", "unsafe-path", () => [{ path: "../../.wh.etc" }]],
  ["a whiteout of the folder above", "unsafe-path", () => [{ path: "a/.wh..." }]],
  ["an absolute name", null, (path) => [{ path: join(path, "../owned"), body: "owned" }]],
  [
    "a symlink out and a file through it",
    null,
    (path) => [
      { path: "out", type: "symlink", linkname: join(path, "..") },
      { path: "out/package.json", body: "owned" },
    ],
  ],
  [
    "a symlink up and a file through it",
    null,
    () => [
      { path: "up", type: "symlink", linkname: "../../../../../.." },
      { path: "up/tmp/owned", body: "owned" },
    ],
  ],
  [
    "a symlink in place of a database",
    null,
    (path) => [{ path: "app/node_modules/evil/package.json", type: "symlink", linkname: path }],
  ],
  [
    "a symlink in place of a folder of packages",
    null,
    (path) => [{ path: "srv/node_modules/evil", type: "symlink", linkname: join(path, "..") }],
  ],
  [
    "a symlink that runs in circles",
    null,
    () => [
      { path: "a", type: "symlink", linkname: "b" },
      { path: "b", type: "symlink", linkname: "a" },
      { path: "a/node_modules/x/y", body: "z" },
    ],
  ],
  [
    "a hard link with dots",
    "unsafe-path",
    () => [{ path: "app/node_modules/evil/package.json", type: "hardlink", linkname: "../../../etc/passwd" }],
  ],
  [
    "a hard link to a file of the machine",
    "hard-link-unread",
    (path) => [{ path: "app/node_modules/evil/package.json", type: "hardlink", linkname: path }],
  ],
  [
    "a hard link to itself",
    "hard-link-unread",
    () => [
      { path: "app/node_modules/evil/package.json", type: "hardlink", linkname: "app/node_modules/evil/package.json" },
    ],
  ],
  [
    "a device in place of a database",
    "package-database-no-file",
    () => [{ path: "var/lib/dpkg/status", type: "character" }],
  ],
  ["a pipe in place of a database", "package-database-no-file", () => [{ path: "var/lib/rpm/Packages", type: "fifo" }]],
];

describe.concurrent("a layer that tries to get out", () => {
  it.each(attempts)("%s: %s", async (name, code, entries) => {
    const path = stage.save(`${name.replace(/\W+/g, "-")}.tar`, archiveWith(...entries(canary)));
    const child = await stage.scan(path);
    const result = expectReport(child, { exit: code === null ? 0 : 3 });
    expect(namesIn(result)).toEqual(wholePackages);
    expect(child.stdout).not.toContain("6.6.6");
    const incomplete = (result.problems ?? []).filter(({ level }) => level === "incomplete");
    expect(incomplete.map((problem) => problem.code)).toEqual(code === null ? [] : [code]);
    expect(incomplete.every((problem) => problem.path !== undefined)).toBe(true);
  });

  it("a path that left the root is named as it was written", async () => {
    const path = stage.save("named.tar", archiveWith({ path: "../../etc/passwd", body: "owned" }));
    const result = expectReport(await stage.scan(path), { exit: 3 });
    expect(problemsAt(result, "../../etc/passwd")).toHaveLength(1);
  });
});

describe.concurrent("an archive that names files outside itself", () => {
  const config = JSON.stringify({ rootfs: { type: "layers", diff_ids: [`sha256:${"0".repeat(64)}`] } });

  it.each([
    ["a layer with dots", { Config: "config.json", Layers: ["../outside/node_modules/canary/package.json"] }],
    ["an absolute layer", { Config: "config.json", Layers: ["/etc/passwd"] }],
    ["a configuration with dots", { Config: "../outside/node_modules/canary/package.json", Layers: ["l"] }],
    ["a layer behind a link", { Config: "config.json", Layers: ["link"] }],
    ["a layer behind an absolute link", { Config: "config.json", Layers: ["absolute"] }],
    ["a layer behind a link to itself", { Config: "config.json", Layers: ["circle"] }],
  ])("%s", async (name, manifest) => {
    const archive = tarOf([
      { path: "manifest.json", body: JSON.stringify([manifest]) },
      { path: "config.json", body: config },
      { path: "link", type: "symlink", linkname: "../outside/node_modules/canary/package.json" },
      { path: "absolute", type: "symlink", linkname: canary },
      { path: "circle", type: "symlink", linkname: "circle" },
    ]);
    const child = await stage.scan(stage.save(`${name.replace(/\W+/g, "-")}-archive.tar`, archive));
    expectRefusal(child, { code: "DOCUMENT_INVALID", exit: 3, says: ["missing"] });
  });

  it("a blob of a layout folder that is a link to a file outside is not shown", async () => {
    const image = imageOf(wholeLayers);
    const folder = join(stage.folder, "linked-layout");
    for (const [path, bytes] of ociLayoutOf([image])) {
      if (path.endsWith(image.config.digest.slice(7))) {
        mkdirSync(join(folder, path, ".."), { recursive: true });
        symlinkSync(canary, join(folder, path));
      } else stage.save(join("linked-layout", path), bytes);
    }
    const child = await stage.scan(`oci:${folder}`);
    expectRefusal(child, { code: "DIGEST_MISMATCH", exit: 3 });
    expect(child.stderr).not.toContain("6.6.6");
  });

  it.each([
    ["a folder", "dir", 2, "NOT_AN_ARCHIVE"],
    ["nothing", "nothing-here", 2, "FILE_NOT_FOUND"],
    ["a device", "/dev/zero", 2, "NOT_A_FILE"],
  ] as const)("%s in place of a saved image", async (...[, name, exit, code]) => {
    mkdirSync(join(stage.folder, "dir"), { recursive: true });
    const path = name.startsWith("/") ? name : join(stage.folder, name);
    expectRefusal(await stage.scan(`file://${path}`), { code, exit });
  });

  it("several images, of which none was named", async () => {
    const images = [
      { ...imageOf(wholeLayers), tags: ["a:1"] },
      { ...imageOf([...wholeLayers].reverse()), tags: ["b:1"] },
    ];
    const path = stage.save("several.tar", dockerArchiveOf(images));
    expectRefusal(await stage.scan(path), { code: "AMBIGUOUS_IMAGE", exit: 2, says: ["a:1", "PATH:TAG"] });
    expectRefusal(await stage.scan(`${path}:c:9`), { code: "NOT_IN_ARCHIVE", exit: 2, says: ["b:1"] });
  });
});
