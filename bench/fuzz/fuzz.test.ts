import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chanceOf } from "./chance.ts";
import { mutatePages, mutateTar, mutateZip } from "./mutate-binary.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import { mutateJson } from "./mutate-json.ts";
import { mutateLines } from "./mutate-lines.ts";
import { mutateXml } from "./mutate-xml.ts";
import { runSlice } from "./run-slice.ts";
import { targets } from "./targets.ts";

it("gives every target a name, and so minutes, of its own", () => {
  const names = targets.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

it("finds a crash that chance alone would not find: coverage leads there", { timeout: 60_000 }, () => {
  const script = join(import.meta.dirname, "planted", "find-planted.ts");
  const child = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", script], { encoding: "utf8" });
  expect(child.stdout, child.stderr).toBe('["7b9c31e4 TypeError: planted"]\n');
});

it("tells of a slice whose thread died, and credits it no minutes", { timeout: 60_000 }, async () => {
  const state = mkdtempSync(join(tmpdir(), "plimsoll-slice-"));
  const plan = { target: "no-such-parser", root: join(import.meta.dirname, "../.."), state, seed: 1, forMs: 1_000 };
  const { executions, cpuMs, end, findings } = await runSlice(plan);
  rmSync(state, { recursive: true });
  expect({ executions, cpuMs, end }).toEqual({ executions: 0, cpuMs: 0, end: null });
  expect(findings.map(({ what, error }) => `${what}: ${error.split("\n")[0]}`)).toEqual([
    "died: Error: no such target: no-such-parser",
  ]);
});

describe.each([mutateBytes, mutateLines, mutateJson, mutateXml, mutateTar, mutateZip, mutatePages])(
  "$name",
  (mutate) => {
    const inputs = ["", "a", '{"a":[1,"b",{}]}', '<a b="c"><d/>text</a>\n', "x".repeat(5000)].map((text) =>
      Buffer.from(text),
    );

    it("changes any input, the same way for the same seed, and leaves the input as it was", () => {
      for (const input of inputs) {
        for (const other of inputs) {
          const before = Buffer.from(input);
          const run = (seed: number): Buffer => mutate(input, { chance: chanceOf(seed), other });
          for (let seed = 0; seed < 60; seed++) expect(run(seed).equals(run(seed))).toBe(true);
          expect(input.equals(before)).toBe(true);
        }
      }
    });
  },
);
