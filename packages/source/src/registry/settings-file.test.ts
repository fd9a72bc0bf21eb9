import { execFileSync } from "node:child_process";
import { mkdtempDisposableSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { namesIn, readSettings } from "./settings-file.ts";

describe("files of settings", () => {
  it("are read whole, and of what never ends no more than one byte beyond the limit", () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), "plimsoll-settings-"));
    const path = join(folder.path, "config.json");
    writeFileSync(path, "{}");
    expect(readSettings(path, 100).toString()).toBe("{}");
    expect(readSettings("/dev/zero", 100)).toHaveLength(101);
    expect(readSettings("/dev/null", 100)).toHaveLength(0);
    expect(() => readSettings(join(folder.path, "none"), 100)).toThrow("ENOENT");
    expect(() => readSettings(folder.path, 100)).toThrow("EISDIR");
    expect(namesIn(folder.path)).toEqual(["config.json"]);
    expect(namesIn(path)).toBe(null);
  });

  it("are never waited for: a pipe without a writer is empty", () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), "plimsoll-settings-"));
    const path = join(folder.path, "pipe");
    execFileSync("mkfifo", [path]);
    expect(readSettings(path, 100)).toHaveLength(0);
  });
});
