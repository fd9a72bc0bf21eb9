/**
 * `node bench/start.ts [ROUNDS]`: `bin/plimsoll --help` against the bare Node it runs on. Fails above 1.6x, and when
 * help loads SQLite, any part of zod or the rest of the program.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { measure, table } from "./measure.ts";

const root = join(import.meta.dirname, "..");
const launcher = join(root, "bin", "plimsoll");
const ceiling = 1.6;

spawnSync(launcher, ["--version"], { stdio: "inherit" }); // builds if needed
const node = readFileSync(join(root, "dist", "stamp"), "utf8").trim();
const nodePath = node.startsWith("/") ? node : join(root, node);
const rows = await measure(
  [
    { name: "bare node", argv: [nodePath, "-e", "0"] },
    { name: "plimsoll --help", argv: [launcher, "--help"] },
  ],
  Number(process.argv[2] ?? 45),
);
console.log(table(rows, "bare node"));
const [bare, help] = rows;
const ratio = (help?.minMs ?? Number.NaN) / (bare?.minMs ?? Number.NaN);
console.log(`ratio of the fastest runs: ${ratio.toFixed(2)} (ceiling ${ceiling})`);
const heavy = heavyModules();
if (heavy.length > 0) fail(`--help loads ${heavy.join(", ")}`);
if (!(ratio <= ceiling)) fail(`--help is too slow`);

/** What help really loaded: built-in modules, and files of ours other than the main script. */
function heavyModules(): string[] {
  const probe = `const fs = require("node:fs"), read = fs.readFileSync;
    fs.readFileSync = (path, ...more) => (console.error("READ " + path), read(path, ...more));
    process.on("exit", () => console.error("LOADED " + JSON.stringify(process.moduleLoadList)));`;
  const preload = join(mkdtempSync(join(tmpdir(), "plimsoll-probe-")), "probe.cjs");
  writeFileSync(preload, probe);
  const run = spawnSync(nodePath, ["--require", preload, join(root, "dist/cli/main.cjs"), "--help"], {
    encoding: "utf8",
  });
  rmSync(dirname(preload), { recursive: true });
  const read = [...run.stderr.matchAll(/^READ (.*)$/gm)].map((match) => basename(match[1] ?? ""));
  if (!run.stderr.includes("LOADED ") || !read.some((name) => /^main-.*\.cjs$/.test(name)))
    fail("the probe saw nothing load");
  const builtin = /sqlite/i.test(/^LOADED (.*)$/m.exec(run.stderr)?.[1] ?? "") ? ["node:sqlite"] : [];
  return [...builtin, ...read.filter((name) => !name.startsWith("main")), ...(holdsZod("main") ? ["zod"] : [])];
}

function holdsZod(script: string): boolean {
  const meta = JSON.parse(readFileSync(join(root, "dist", `${script}.meta.json`), "utf8")) as {
    inputs: Record<string, unknown>;
  };
  return Object.keys(meta.inputs).some((input) => input.includes("node_modules/zod/"));
}

function fail(why: string): never {
  console.error(`FAILED: ${why}`);
  process.exit(1);
}
