/**
 * Builds what users start: one esbuild bundle per app under `dist/`, with a chunk for each lazily imported part, and
 * the assets of all packages beside it (`packages/P/src/assets.ts` reaches them by `../assets/`, in both places).
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { build, type OutputFile, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "..");
const bundleFolder = join(root, "dist", "cli");
const dayMs = 86_400_000;

/** The first file Node sees. The cache lies in a folder only the owner writes to, never in a shared temporary one. */
const starter = `import { enableCompileCache } from "node:module";
enableCompileCache(import.meta.dirname + "/../cache");
await import("./cli.mjs");
`;

/** commander wants `node:child_process` for executable sub-commands, which we have none of; loading it costs 5 ms. */
const lazyChildProcess: Plugin = {
  name: "lazy-child-process",
  setup(pluginBuild) {
    pluginBuild.onLoad({ filter: /[/\\]commander[/\\]lib[/\\]command\.js$/ }, ({ path }) => {
      const eager = "import childProcess from 'node:child_process';";
      const source = readFileSync(path, "utf8");
      if (!source.includes(eager)) throw new Error("commander has changed: look at lazyChildProcess again");
      const lazy = `const childProcess = { spawn: (...given) => process.getBuiltinModule("node:child_process").spawn(...given) };`;
      return { contents: source.replace(eager, lazy), loader: "js" };
    });
  },
};

await main().catch((error: unknown) => {
  // esbuild's message names file and line of each error; a stack through its inside would only hide them.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const files = await bundle();
  mkdirSync(bundleFolder, { recursive: true });
  for (const file of files) writeWhole(file.path, file.contents);
  copyAssets();
  rmSync(join(root, "dist", "cache"), { recursive: true, force: true });
  writeWhole(join(bundleFolder, "main.mjs"), starter);
  removeOldChunks(new Set(["main.mjs", ...files.map(({ path }) => basename(path))]));
  warmCache();
}

async function bundle(): Promise<readonly OutputFile[]> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: entryPoints(),
    outdir: bundleFolder,
    outExtension: { ".js": ".mjs" },
    entryNames: "[name]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node24",
    legalComments: "external",
    metafile: true,
    write: false,
    logLevel: "silent",
    plugins: [lazyChildProcess],
    // CommonJS dependencies require built-in modules only; everything else is in the bundle.
    banner: { js: "const require=process.getBuiltinModule;" },
  });
  writeWhole(join(root, "dist", "meta.json"), JSON.stringify(result.metafile));
  return result.outputFiles;
}

/** The command line, and each worker: a thread starts from a file of its own. */
function entryPoints(): Record<string, string> {
  const entries: Record<string, string> = { cli: "apps/cli/src/main.ts" };
  for (const worker of globSync("{packages,apps}/*/src/**/*-worker.ts", { cwd: root }).sort()) {
    const name = basename(worker, ".ts");
    if (entries[name] !== undefined) throw new Error(`two workers are called ${name}: ${entries[name]} and ${worker}`);
    entries[name] = worker;
  }
  return entries;
}

function copyAssets(): void {
  const taken = new Map<string, string>();
  for (const source of globSync("packages/*/assets/*", { cwd: root }).sort()) {
    const name = basename(source);
    const other = taken.get(name);
    if (other !== undefined) throw new Error(`two packages have assets called ${name}: ${other} and ${source}`);
    taken.set(name, source);
    cpSync(join(root, source), join(root, "dist", "assets", name), { recursive: true });
  }
}

/** A program that runs meanwhile never sees half a file. */
function writeWhole(path: string, contents: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, contents);
  renameSync(`${path}.new`, path);
}

/** Chunks of earlier builds stay for a day: a program that still runs may load them late. */
function removeOldChunks(current: ReadonlySet<string>): void {
  for (const name of readdirSync(bundleFolder)) {
    const path = join(bundleFolder, name);
    if (!current.has(name) && Date.now() - statSync(path).mtimeMs > dayMs) rmSync(path);
  }
}

/** Fills the compile cache, so that even a checkout that becomes read-only now starts fast: with help, and with a scan of next to nothing. */
function warmCache(): void {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-warm-"));
  try {
    const scan = ["scan", `dir:${folder}`, "--skip-get-database", "--allow-incomplete", "--output", "json=/dev/null"];
    for (const args of [["--help"], scan]) {
      const { status, stderr } = spawnSync(process.execPath, [join(bundleFolder, "main.mjs"), ...args], {
        encoding: "utf8",
        env: { ...process.env, NODE_OPTIONS: "", XDG_CACHE_HOME: folder },
      });
      if (status !== 0) throw new Error(`the bundle does not work: ${args[0]}: ${stderr}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
