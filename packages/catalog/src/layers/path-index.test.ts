import { describe, expect, it } from "vitest";
import { pathIndex } from "./path-index.ts";
import { resolvePath } from "./paths.ts";

describe("an index of paths", () => {
  it("knows what lies below a folder, through setting twice and deleting", () => {
    const index = pathIndex<number>();
    index.set("a/b/c", 1);
    index.set("a/b/c", 2);
    index.set("a/bc", 3);
    expect([
      index.size,
      index.get("a/b/c"),
      index.hasBelow("a/b"),
      index.hasBelow("a/b/c"),
      index.hasBelow(""),
    ]).toEqual([2, 2, true, false, true]);
    expect(index.below(new Set(["a/b"]))).toEqual(["a/b/c"]);
    expect(index.below(new Set([""]))).toEqual(["a/b/c", "a/bc"]);
    expect([index.delete("a/b/c"), index.delete("a/b/c"), index.hasBelow("a/b"), index.hasBelow("a")]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe("following symlinks in folders", () => {
  const symlinks = new Map([
    ["lib", "usr/lib"],
    ["usr/lib/up", "../../etc"],
    ["abs", "/usr"],
    ["out", "../../../../etc"],
    ["loop", "loop2"],
    ["loop2", "loop"],
    ["grow", "grow/grow"],
  ]);

  it.each([
    ["etc/passwd", "etc/passwd"],
    ["lib", "lib"],
    ["lib/apk/db/installed", "usr/lib/apk/db/installed"],
    ["lib/up/x", "etc/x"],
    ["abs/lib/x", "usr/lib/x"],
    ["out/x", "etc/x"],
    ["loop/x", "loop/x"],
    ["grow/x", "grow/x"],
  ])("%s → %s", (path, resolved) => {
    expect(resolvePath(path, symlinks)).toBe(resolved);
  });
});
