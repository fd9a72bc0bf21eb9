import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readTally } from "./tally.ts";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "plimsoll-tally-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("readTally", () => {
  it("counts a real report of vitest, with a file that does not load and one whose set-up fails", () => {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const head = `import { beforeAll, expect, it } from "vitest";`;
    writeFileSync(
      join(folder, "mixed.test.ts"),
      `${head} it("a", () => {}); it("b", () => expect(1).toBe(2)); it.skip("c: no engine", () => {});`,
    );
    writeFileSync(join(folder, "broken.test.ts"), `import "./absent.ts";`);
    writeFileSync(join(folder, "empty.test.ts"), "");
    writeFileSync(
      join(folder, "set-up.test.ts"),
      `${head} beforeAll(() => { throw new Error("no"); }); it("d", () => {});`,
    );
    const report = join(folder, "report.json");
    spawnSync(join(root, "node_modules", ".bin", "vitest"), [
      "run",
      "--root",
      folder,
      "--reporter=json",
      `--outputFile.json=${report}`,
    ]);
    const tally = readTally(readFileSync(report, "utf8"));
    expect({ ...tally, skipped: tally.skipped.filter((name) => name.startsWith("c")) }).toEqual({
      passed: 1,
      failed: 4,
      skipped: ["c: no engine"],
    });
  });
});
