import { execFileSync, spawn } from "node:child_process";
import { mkdtempDisposableSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { namesIn, readPlain, readSettings } from "./settings-file.ts";

describe("files of settings", () => {
  it("are read whole, and of what never ends no more than one byte beyond the limit", async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), "plimsoll-settings-"));
    const path = join(folder.path, "config.json");
    writeFileSync(path, "{}");
    expect((await readSettings(path, 100)).toString()).toBe("{}");
    expect(readPlain(path, 1).toString()).toBe("{}");
    expect(await readSettings("/dev/zero", 100)).toHaveLength(101);
    expect(await readSettings("/dev/null", 100)).toHaveLength(0);
    await expect(readSettings(join(folder.path, "none"), 100)).rejects.toThrow("ENOENT");
    await expect(readSettings(folder.path, 100)).rejects.toThrow("EISDIR");
    expect(namesIn(folder.path)).toEqual(["config.json"]);
    expect(namesIn(path)).toBe(null);
  });

  it("come whole out of a pipe whose writer is slow, as of `--registry-auth-file <(command)`", async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), "plimsoll-settings-"));
    const path = join(folder.path, "pipe");
    execFileSync("mkfifo", [path]);
    spawn("sh", ["-c", `sleep 0.2; { printf '{"a":'; sleep 0.2; printf '1}'; } > "$0"`, path], { stdio: "ignore" });
    expect((await readSettings(path, 100)).toString()).toBe('{"a":1}');
  });

  it("are not waited for where only plain ones belong", () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), "plimsoll-settings-"));
    const path = join(folder.path, "pipe");
    execFileSync("mkfifo", [path]);
    expect(readPlain(path, 100)).toHaveLength(0);
  });
});
