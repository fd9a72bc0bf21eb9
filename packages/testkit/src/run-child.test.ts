import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runChild } from "./run-child.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll scripts "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function script(name: string, code: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, code);
  return path;
}

describe("runChild", () => {
  it("tells output, exit code and what was left behind", async () => {
    const program = script(
      "leaves",
      `
      import { writeFileSync } from "node:fs";
      import { join } from "node:path";
      writeFileSync(join(process.env.TMPDIR, "left.txt"), "x");
      process.stdin.on("data", (data) => process.stdout.write("in:" + data));
      process.stdin.on("end", () => { console.error(process.argv[2]); process.exitCode = 3; });
    `,
    );
    const result = await runChild({ program, args: ["it's"], stdin: "hello" });
    expect(result).toMatchObject({ code: 3, signal: null, stdout: "in:hello", stderr: "it's\n" });
    expect(result.filesLeft).toEqual(["tmp/left.txt"]);
  });

  it("measures peak memory, not memory at the end", async () => {
    const quiet = await runChild({ program: script("quiet", ""), args: [] });
    const greedy = await runChild({
      program: script("greedy", `Buffer.alloc(200e6, 1); process.exit(0);`),
      args: [],
    });
    expect(quiet.peakRssBytes).toBeGreaterThan(10e6);
    expect(greedy.peakRssBytes - quiet.peakRssBytes).toBeGreaterThan(150e6);
  });

  it.skipIf(process.platform !== "linux")("measures the child, not the process that started it", async () => {
    const ballast = Buffer.alloc(300e6, 1);
    const quiet = await runChild({ program: script("small", ""), args: [] });
    expect(quiet.peakRssBytes).toBeLessThan(ballast.length / 2);
  });

  it("kills what does not end and says so", async () => {
    const result = await runChild({
      program: script("hangs", "setInterval(() => {}, 1000)"),
      args: [],
      timeoutMs: 300,
    });
    expect(result).toMatchObject({ code: null, signal: "SIGKILL", peakRssBytes: Number.POSITIVE_INFINITY });
  });

  it("gives the child no environment but its own", async () => {
    const program = script("env", `console.log(Object.keys(process.env).sort().join(" "))`);
    const { stdout } = await runChild({ program, args: [], env: { EXTRA: "1" } });
    expect(stdout.trim()).toBe("EXTRA HOME NODE_OPTIONS PATH TMPDIR XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME");
  });
});
