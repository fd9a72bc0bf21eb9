/**
 * Builds what users start: one esbuild bundle per app under `dist/`, with a chunk for each lazily imported part, and
 * the assets of all packages beside it (`packages/P/src/assets.ts` reaches them by `../assets/`, in both places).
 */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { type BuildOptions, type BuildResult, build, type Plugin } from "esbuild";
import { buildServer } from "./build-server.ts";
import { buildWeb } from "./build-web.ts";
import { leanImports } from "./lean-imports.ts";
import { licencesOf } from "./licences.ts";
import { starter, warmUp } from "./warm-up.ts";

const root = join(import.meta.dirname, "..");
const bundleFolder = join(root, "dist", "cli");
const dayMs = 86_400_000;

/** Dependencies that a scan of an image needs not at all, together as large as the rest of the program. */
const rarelyNeeded = ["ae-cvss-calculator", "saxes", "seek-bzip", "smol-toml", "yaml"];

const rareDependencies: Plugin = {
  name: "rare-dependencies",
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^(?:${rarelyNeeded.join("|")})$`) }, ({ path }) => ({
      path: `./${path}.cjs`,
      external: true,
    }));
  },
};

const common = {
  absWorkingDir: root,
  outdir: bundleFolder,
  bundle: true,
  minify: true,
  platform: "node",
  target: "node24",
  legalComments: "external",
  metafile: true,
  write: false,
  logLevel: "silent",
} as const satisfies BuildOptions;

await main().catch((error: unknown) => {
  // esbuild's message names file and line of each error; a stack through its inside would only hide them.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const late = new Set<string>();
  const main = await script("main", { entryPoints: [join(root, "apps/cli/src/main.ts")] }, lateImports(late));
  const rows = [...late]
    .sort()
    .map((path) => `${JSON.stringify(lateId(path))}: () => require(${JSON.stringify(path)})`);
  const stdin = { contents: `module.exports = { ${rows.join(", ")} };`, resolveDir: root };
  const rest = await script("rest", { stdin });
  const threads = await workers();
  const rare = await dependencies();
  const bundled = [main, rest, threads, rare].flatMap(({ inputs }) => inputs);
  const licences = { name: "LICENSES.txt", contents: licencesOf(bundled, root) };
  const others = [...threads.files, ...rare.files, licences];
  for (const file of [main, rest, ...others]) writeWhole(join(bundleFolder, file.name), file.contents);
  const server = await buildServer(root, { readers: readersRevision(), judges: judgesRevision() });
  for (const [path, contents] of server) writeWhole(join(root, "dist", path), contents);
  if (server.size > 0) {
    for (const { name, contents } of threads.files) writeWhole(join(root, "dist", "server", name), contents);
  }
  await buildWeb(root);
  copyAssets();
  const names = { main: main.name, rest: rest.name };
  await warmUp(bundleFolder, names);
  writeWhole(join(bundleFolder, "main.cjs"), starter(names, false));
  writeWhole(join(bundleFolder, "made-of.sh"), newerThanStamp(bundled));
  const scripts = [main, rest].flatMap(({ name }) => [name, `${name}.cache`]);
  const parts = ["main.cjs", ...scripts, ...others.map(({ name }) => name)].filter((name) =>
    existsSync(join(bundleFolder, name)),
  );
  writeWhole(join(bundleFolder, "parts"), `${parts.join("\n")}\n`); // scripts/release.sh takes these along
  removeOld(new Set([...parts, "parts", "made-of.sh"]));
}

interface BuiltFile {
  readonly name: string;
  readonly contents: string;
}

interface BuiltScript extends BuiltFile {
  /** Source files. */
  readonly inputs: readonly string[];
}

/**
 * For the launcher: whether one of the files that make the command line what it is, or a folder that lists some, is newer
 * than the stamp. The shell's own test takes half the time of a `find`, which has to be started first.
 */
function newerThanStamp(inputs: readonly string[]): string {
  const sources = inputs.filter((path) => /^(?:packages|apps)\/(?!.*node_modules)/.test(path));
  const rooms = new Set(sources.map((path) => path.split("/", 2).join("/")));
  const beside = [...rooms].flatMap((room) => [`${room}/package.json`, `${room}/assets`, `${room}/assets/**`]);
  const lists = ["package-lock.json", "runtime/package-lock.json", "scripts", "scripts/*"];
  const others = globSync([...beside, ...lists], { cwd: root, exclude: ["**/*.test.ts"] });
  const tests = [...new Set([...sources, ...others])]
    .sort()
    .map((path) => `[ "$root"/${shellWord(path)} -nt "$stamp" ]`);
  return `stamp=$root/dist/stamp\n${tests.join(" ||\n")}\n`;
}

function shellWord(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

interface BuiltFiles {
  readonly files: readonly BuiltFile[];
  /** Source files. */
  readonly inputs: readonly string[];
}

/** One script, named after what is in it: a code cache never meets another script than its own. */
async function script(name: string, input: BuildOptions, ...plugins: readonly Plugin[]): Promise<BuiltScript> {
  const { outputFiles, metafile } = await build({
    ...common,
    ...input,
    format: "cjs",
    define: {
      "import.meta.url": "fileUrl",
      PLIMSOLL_REVISION: JSON.stringify(readersRevision()),
      PLIMSOLL_JUDGES: JSON.stringify(judgesRevision()),
    },
    supported: { "dynamic-import": false }, // becomes a late require
    plugins: [...plugins, rareDependencies, leanImports(root)],
    metafile: true,
    write: false,
  });
  writeWhole(join(root, "dist", `${name}.meta.json`), JSON.stringify(metafile));
  const contents = ascii(outputFiles.find(({ path }) => path.endsWith(".js"))?.text ?? "");
  const legal = outputFiles.find(({ path }) => path.endsWith(".LEGAL.txt"));
  if (legal !== undefined) writeWhole(join(bundleFolder, `${name}.LEGAL.txt`), legal.contents);
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 12);
  return { name: `${name}-${hash}.cjs`, contents, inputs: Object.keys(metafile.inputs) };
}

/** One byte a character: V8 keeps a script with any other letter at two. Only regular expressions still have some. */
function ascii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** What the main script imports late lies in the rest; `late` collects it. */
function lateImports(late: Set<string>): Plugin {
  return {
    name: "late-imports",
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        if (kind !== "dynamic-import") return null;
        const target = join(resolveDir, path);
        late.add(target);
        return { path: `late:${lateId(target)}`, external: true };
      });
    },
  };
}

function lateId(path: string): string {
  return relative(root, path);
}

async function dependencies(): Promise<BuiltFiles> {
  const entryPoints = Object.fromEntries(rarelyNeeded.filter(isInstalled).map((name) => [name, name]));
  return builtFiles(await build({ ...common, entryPoints, format: "cjs", outExtension: { ".js": ".cjs" } }));
}

/** The launcher's test builds a smaller house. */
function isInstalled(name: string): boolean {
  return existsSync(join(root, "node_modules", name));
}

/** A thread starts from a file of its own. */
async function workers(): Promise<BuiltFiles> {
  const entryPoints: Record<string, string> = {};
  for (const worker of globSync("{packages,apps}/*/src/**/*-worker.ts", { cwd: root }).sort()) {
    const name = basename(worker, ".ts");
    if (entryPoints[name] !== undefined) {
      throw new Error(`two workers are called ${name}: ${entryPoints[name]} and ${worker}`);
    }
    entryPoints[name] = worker;
  }
  const plugins = [leanImports(root)];
  const define = { PLIMSOLL_REVISION: JSON.stringify(readersRevision()) };
  const shape = { format: "esm", outExtension: { ".js": ".mjs" } } as const;
  return builtFiles(await build({ ...common, ...shape, entryPoints, define, plugins }));
}

function builtFiles({ outputFiles = [], metafile }: BuildResult<{ metafile: true }>): BuiltFiles {
  const files = outputFiles.map(({ path, text }) => ({ name: basename(path), contents: text }));
  return { files, inputs: Object.keys(metafile.inputs) };
}

/** Names the code that makes facts of layers, by its content: the layer cache of another one is not used (docs/decisions/0013). */
function readersRevision(): string {
  return revisionOf("packages/{model,kit,source,catalog}/{src,assets}/**/*");
}

/** Names the code that judges packages: what another one judged is judged anew, by a server and by the next scan. */
function judgesRevision(): string {
  return revisionOf("packages/{model,versions,vulndb,evaluate}/src/**/*");
}

function revisionOf(pattern: string): string {
  const hash = createHash("sha256");
  const sources = globSync(pattern, { cwd: root, exclude: ["**/testing", "**/testdata", "**/*.test.ts"] });
  for (const path of ["package-lock.json", ...sources.sort()]) {
    const file = join(root, path);
    if (existsSync(file) && statSync(file).isFile()) hash.update(`${path}\0`).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 32);
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

/** Files of earlier builds stay for a day: a program that still runs may load them late. */
function removeOld(current: ReadonlySet<string>): void {
  for (const name of readdirSync(bundleFolder)) {
    const path = join(bundleFolder, name);
    if (!current.has(name) && !name.endsWith(".LEGAL.txt") && Date.now() - statSync(path).mtimeMs > dayMs) rmSync(path);
  }
}
