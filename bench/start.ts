/**
 * `node bench/start.ts [ROUNDS]`: `bin/plimsoll --help` against the bare Node it runs on. Fails above 1.6x, and when
 * help loads SQLite or any part of zod.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
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

/** What help really loaded: built-in modules and our chunks, the latter looked up in the bundler's own listing. */
function heavyModules(): string[] {
  const probe = `process.on("exit", () => console.error("LOADED " + JSON.stringify(process.moduleLoadList)));
    import { registerHooks } from "node:module";
    registerHooks({ load(url, context, next) { console.error("CHUNK " + url); return next(url, context); } });`;
  const run = spawnSync(
    nodePath,
    ["--import", `data:text/javascript,${encodeURIComponent(probe)}`, join(root, "dist/cli/main.mjs"), "--help"],
    { encoding: "utf8" },
  );
  const chunks = [...run.stderr.matchAll(/^CHUNK (.*)$/gm)].map((match) => basename(match[1] ?? ""));
  if (!run.stderr.includes("LOADED ") || !chunks.includes("cli.mjs")) fail("the probe saw nothing load");
  const builtin = /sqlite/i.test(/^LOADED (.*)$/m.exec(run.stderr)?.[1] ?? "") ? ["node:sqlite"] : [];
  return [...builtin, ...chunks.filter((chunk) => holdsZod(chunk))];
}

function holdsZod(chunk: string): boolean {
  const meta = JSON.parse(readFileSync(join(root, "dist", "meta.json"), "utf8")) as {
    outputs: Record<string, { inputs: Record<string, unknown> }>;
  };
  const output = Object.entries(meta.outputs).find(([path]) => basename(path) === chunk)?.[1];
  return Object.keys(output?.inputs ?? {}).some((input) => input.includes("node_modules/zod/"));
}

function fail(why: string): never {
  console.error(`FAILED: ${why}`);
  process.exit(1);
}
