/**
 * Runs every check of the house and then all tests, and ends with one line, `N passed, N failed, N skipped`. Each check
 * counts as one test. With `--checks-only` the tests stay out. In CI a skipped test fails the run, except for what
 * needs `../shared/data` where that folder is absent.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readTally, type Tally } from "./tally.ts";

const root = join(import.meta.dirname, "..");
const reportPath = join(root, "dist", "test-report.json");
const tool = (name: string): string => join(root, "node_modules", ".bin", name);

const checks: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: "format and lint", command: [tool("biome"), "ci", "--diagnostic-level=warn", "."] },
  { name: "types", command: [tool("tsc"), "--noEmit", "-p", "."] },
  { name: "types of the pages", command: [tool("tsc"), "--noEmit", "-p", "apps/web"] },
  { name: "floors", command: [process.execPath, "scripts/check-floors.ts"] },
  { name: "nothing unused", command: [tool("knip"), "--no-progress", "--no-config-hints"] },
];

const results = checks.map(({ name, command }) => ({ name, passed: run(name, command) }));
const tests = process.argv.includes("--checks-only") ? null : runTests();
report(tests);

function run(name: string, [command = "", ...args]: readonly string[]): boolean {
  console.log(`\n== ${name}`);
  return spawnSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] }).status === 0;
}

function runTests(): Tally {
  mkdirSync(join(root, "dist"), { recursive: true });
  rmSync(reportPath, { force: true });
  const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${reportPath}`];
  const clean = run("tests", [tool("vitest"), ...args]);
  if (!existsSync(reportPath)) return { passed: 0, failed: 1, skipped: [] };
  const tally = readTally(readFileSync(reportPath, "utf8"));
  // vitest can fail without a failing test: an error nobody awaited, a worker that died.
  return clean || tally.failed > 0 ? tally : { ...tally, failed: 1 };
}

function report(tally: Tally | null): void {
  const failedChecks = results.filter(({ passed }) => !passed);
  const skipped = tally?.skipped ?? [];
  const failed = failedChecks.length + (tally?.failed ?? 0);
  console.log();
  for (const { name } of failedChecks) console.log(`failed: ${name}`);
  for (const name of skipped) console.log(`skipped: ${name}`);
  const unexcused = process.env.CI === "true" ? skipped.filter((name) => !isExcused(name)) : [];
  for (const name of unexcused) console.log(`failed: must not be skipped in CI: ${name}`);
  const passed = results.length - failedChecks.length + (tally?.passed ?? 0);
  console.log(`${passed} passed, ${failed + unexcused.length} failed, ${skipped.length - unexcused.length} skipped`);
  process.exitCode = failed + unexcused.length > 0 ? 1 : 0;
}

function isExcused(name: string): boolean {
  return !existsSync(join(root, "..", "shared", "data")) && /shared/.test(name);
}
