import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const home = fs.mkdtempSync(join(tmpdir(), "plimsoll launcher-"));
fs.chmodSync(home, 0o755);
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** An npm that must not be called: what a small checkout needs is already there. */
const tools = join(home, "tools");
put(join(tools, "npm"), "#!/bin/sh\necho 'npm was called' >&2\nexit 9\n", 0o755);
const searchPath = [tools, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);

const program = `
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { assetText } from "@plimsoll/room";
const { PLIMSOLL_COMPAT } = process.env;
// As the reference does when it is told neither a platform nor to do without.
if (PLIMSOLL_COMPAT === "sysdig" && process.argv[2] === "scan") process.exit(2);
const worker = new Worker(new URL("./small-worker.mjs", import.meta.url));
worker.on("message", (from) => {
  console.log(JSON.stringify({ args: process.argv.slice(2), compat: PLIMSOLL_COMPAT ?? null, asset: assetText(), from }));
});`;

const arch = process.arch === "arm64" ? "arm64" : "x64";
let checkout: string;
let counter = 0;

beforeEach(() => {
  checkout = join(home, `it's a "small" $HOME checkout ${counter++}`);
  makeCheckout(checkout);
});
afterEach(() => fs.rmSync(checkout, { recursive: true, force: true }));

describe("bin/plimsoll", () => {
  it("builds at the first start, then only starts", () => {
    const first = start("bin/plimsoll", ["--help"]);
    expect(first).toMatchObject({
      code: 0,
      output: { args: ["--help"], compat: null, asset: "knowledge", from: "worker" },
    });
    expect(first.stderr).toMatch(/building/);
    expect(start("bin/plimsoll", [])).toMatchObject({ code: 0, stderr: "" });
  });

  it("builds when its first start is by the reference's name", () => {
    expect(start("bin/sysdig-cli-scanner", [])).toMatchObject({ code: 0, output: { compat: "sysdig" } });
  });

  it("hands arguments over as they are", () => {
    const args = ["scan", "", "a b", `"q" 'r'`, "$(id)", "line\nbreak", "*", "--", "-x"];
    expect(start("bin/plimsoll", args).output?.args).toEqual(args);
  });

  it("is found through chains of links and from PATH, and knows the reference's name", () => {
    fs.symlinkSync(join(checkout, "bin", "plimsoll"), join(checkout, "absolute link"));
    fs.symlinkSync("absolute link", join(checkout, "relative link"));
    fs.symlinkSync("bin/sysdig-cli-scanner", join(checkout, "scanner"));
    expect(start("relative link", []).output?.compat).toBe(null);
    expect(start("bin/sysdig-cli-scanner", []).output?.compat).toBe("sysdig");
    expect(start("scanner", []).output?.compat).toBe("sysdig");
    const path = `${join(checkout, "bin")}${delimiter}${searchPath}`;
    const byName = spawnSync("plimsoll", [], { env: { PATH: path }, encoding: "utf8" });
    expect(byName).toMatchObject({ status: 0, stderr: "" });
    const inPlace = spawnSync("sh", ["plimsoll"], { cwd: join(checkout, "bin"), env: { PATH: searchPath } });
    expect(inPlace.status).toBe(0);
  });

  it.each([
    "packages/room/assets/words/word.txt",
    "packages/room/assets/words/another.txt",
    "packages/room/src/index.ts",
    "packages/room/src/small-worker.ts",
    "packages/room/package.json",
    "apps/cli/src/main.ts",
    "scripts/warm-up.ts",
    "package-lock.json",
    "runtime/package-lock.json",
  ])("builds again after a change of %s", (path) => {
    start("bin/plimsoll", []);
    for (const list of ["node_modules", "runtime/node_modules"]) {
      fs.utimesSync(join(checkout, list, ".package-lock.json"), new Date("2100-01-01"), new Date("2100-01-01"));
    }
    fs.appendFileSync(join(checkout, path), "\n");
    expect(start("bin/plimsoll", [])).toMatchObject({ code: 0, stderr: expect.stringMatching(/building/) });
    expect(start("bin/plimsoll", [])).toMatchObject({ code: 0, stderr: "" });
  });

  it("knows the news of what it is made of, and runs where it was moved to", () => {
    start("bin/plimsoll", []);
    put(join(checkout, "packages/room/assets/words/word.txt"), "news");
    expect(start("bin/plimsoll", []).output?.asset).toBe("news");
    const moved = `${checkout} moved`;
    fs.renameSync(checkout, moved);
    checkout = moved;
    expect(start("bin/plimsoll", [])).toMatchObject({ code: 0, stderr: "" });
  });

  it("asks for the command line only about what that is made of, for the server about everything", () => {
    start("bin/plimsoll", []);
    put(join(checkout, "packages/other/src/index.ts"), "export {};");
    put(join(checkout, "packages/room/src/words.test.ts"), "export {};");
    fs.rmSync(join(checkout, "packages/room/src/spare.ts"));
    expect(start("bin/plimsoll", [])).toMatchObject({ code: 0, stderr: "" });
    expect(start("bin/plimsoll", ["server"]).stderr).toMatch(/building/);
  });

  it("is copied without its sources, and says what such a copy lacks", () => {
    const copy = join(home, `copy ${counter}`);
    const release = () =>
      spawnSync("sh", [join(checkout, "scripts/release.sh"), copy], { env: { PATH: searchPath }, encoding: "utf8" });
    put(join(checkout, `runtime/node_modules/node-linux-${arch}/LICENSE`), "terms");
    for (const file of ["LICENSE", "NOTICE"]) put(join(checkout, file), "terms");
    expect(release()).toMatchObject({ status: 0, stderr: expect.stringContaining(`${copy}/bin/plimsoll`) });
    expect(release()).toMatchObject({ status: 3, stderr: expect.stringContaining("is not empty") });
    fs.renameSync(checkout, `${checkout} away`);
    checkout = copy;
    const started = start("bin/sysdig-cli-scanner", ["x"], { PATH: "/usr/bin:/bin" });
    expect(started).toMatchObject({ code: 0, stderr: "", output: { args: ["x"], compat: "sysdig", from: "worker" } });
    expect(start("bin/plimsoll", ["server"])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("in a checkout"),
    });
  });

  it("runs although a file's time lies ahead", () => {
    const path = join(checkout, "packages/room/src/index.ts");
    fs.utimesSync(path, new Date("2100-01-01"), new Date("2100-01-01"));
    expect(start("bin/plimsoll", [])).toMatchObject({ code: 0, output: { asset: "knowledge" } });
  });

  it("builds once for several first starts at the same moment", async () => {
    const started = Array.from({ length: 4 }, () =>
      spawn(join(checkout, "bin/plimsoll"), [], { env: { PATH: searchPath }, stdio: ["ignore", "pipe", "pipe"] }),
    );
    const ended = await Promise.all(started.map(endOf));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(ended.filter(({ stderr }) => stderr.includes("building"))).toHaveLength(1);
    expect(fs.existsSync(join(checkout, "dist/setup.lock"))).toBe(false);
  });

  it("takes over the lock of a start that was killed", () => {
    const gone = spawnSync("true").pid;
    put(join(checkout, "dist/setup.lock"), `${gone}\n`);
    expect(start("bin/plimsoll", []).code).toBe(0);
    expect(fs.readdirSync(join(checkout, "dist")).filter((name) => name.includes("lock"))).toEqual([]);
  });

  it("says why it cannot build, with exit code 3, and tries again next time", () => {
    const main = join(checkout, "apps/cli/src/main.ts");
    const good = fs.readFileSync(main);
    fs.writeFileSync(main, "const = 1;");
    const broken = start("bin/plimsoll", []);
    expect(broken.code).toBe(3);
    expect(broken.stderr).toMatch(/main\.ts[\s\S]*plimsoll: the build failed/);
    fs.writeFileSync(main, good);
    expect(start("bin/plimsoll", []).code).toBe(0);
  });

  it("says what is needed when Node or npm are missing", () => {
    const bare = join(checkout, "bare tools");
    for (const tool of ["sh", "find", "uname", "mkdir", "cat", "rm", "date", "tail"]) link(tool, bare);
    fs.rmSync(join(checkout, "runtime/node_modules"), { recursive: true });
    const none = start("bin/plimsoll", [], { PATH: bare });
    expect(none).toMatchObject({ code: 3, stderr: expect.stringMatching(/Node\.js >= 20 and npm are needed once/) });
    fs.symlinkSync(process.execPath, join(bare, "node"));
    const noNpm = start("bin/plimsoll", [], { PATH: bare });
    expect(noNpm).toMatchObject({ code: 3, stderr: expect.stringMatching(/npm is needed once/) });
    expect(fs.existsSync(join(checkout, "dist/setup.lock"))).toBe(false);
  });

  it("shows what npm said when it fails", () => {
    fs.rmSync(join(checkout, "node_modules/.package-lock.json"));
    const result = start("bin/plimsoll", []);
    expect(result).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/npm was called\n.*could not be installed/),
    });
  });

  it("runs in a read-only checkout that is set up, and names one that is not", () => {
    const asNobody = () => {
      const drop = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
      const [command = "", ...args] = [...drop, join(checkout, "bin/plimsoll")];
      return spawnSync(command, args, { env: { PATH: searchPath }, encoding: "utf8" });
    };
    const lock = (mode: string) => execFileSync("chmod", ["-R", mode, checkout]);
    lock("a-w,a+rX");
    const refused = asNobody();
    expect(refused.status).toBe(3);
    expect(refused.stderr).toContain(`${fs.realpathSync(checkout)} has to be built`);
    lock("u+w");
    start("bin/plimsoll", []);
    lock("a-w,a+rX");
    expect(asNobody()).toMatchObject({ status: 0, stderr: "" });
    lock("u+w");
  });
});

/** A checkout with the real launcher and build, one small package and one small app. */
function makeCheckout(folder: string): void {
  for (const path of [
    "bin/plimsoll",
    "bin/sysdig-cli-scanner",
    "scripts/setup.sh",
    "scripts/build.ts",
    "scripts/build-server.ts",
    "scripts/build-web.ts",
    "scripts/lean-imports.ts",
    "scripts/licences.ts",
    "scripts/release.sh",
    "scripts/small-image.ts",
    "scripts/warm-up.ts",
    "runtime/package-lock.json",
  ]) {
    fs.cpSync(join(root, path), join(folder, path), { verbatimSymlinks: true });
  }
  put(join(folder, "package.json"), `{"type":"module"}`);
  put(join(folder, "package-lock.json"), "{}");
  put(join(folder, "apps/cli/src/main.ts"), program);
  put(join(folder, "apps/cli/package.json"), `{"type":"module"}`);
  put(
    join(folder, "packages/room/package.json"),
    `{"name":"@plimsoll/room","type":"module","exports":"./src/index.ts"}`,
  );
  put(
    join(folder, "packages/room/src/index.ts"),
    `import { readFileSync } from "node:fs";
    export const assetText = (): string => readFileSync(new URL("../assets/words/word.txt", import.meta.url), "utf8");`,
  );
  put(join(folder, "packages/room/src/spare.ts"), "export {};");
  put(
    join(folder, "packages/room/src/small-worker.ts"),
    `import { parentPort } from "node:worker_threads"; parentPort?.postMessage("worker");`,
  );
  put(join(folder, "packages/room/assets/words/word.txt"), "knowledge");
  for (const name of ["esbuild", "@esbuild"]) link(join(root, "node_modules", name), join(folder, "node_modules"));
  fs.mkdirSync(join(folder, "node_modules/@plimsoll"));
  fs.symlinkSync("../../packages/room", join(folder, "node_modules/@plimsoll/room"));
  const node = join(folder, `runtime/node_modules/node-linux-${arch}/bin/node`);
  fs.mkdirSync(dirname(node), { recursive: true });
  fs.copyFileSync(sharedNode(), node, fs.constants.COPYFILE_FICLONE);
  for (const path of ["node_modules", "runtime/node_modules"]) put(join(folder, path, ".package-lock.json"), "{}");
}

/** A Node that any user may execute, wherever the real one lies. */
function sharedNode(): string {
  const path = join(home, "node");
  if (!fs.existsSync(path)) fs.copyFileSync(process.execPath, path);
  return path;
}

function start(path: string, args: readonly string[], env: Record<string, string> = { PATH: searchPath }) {
  const { status, stdout, stderr } = spawnSync(join(checkout, path), args, { env, encoding: "utf8" });
  const output =
    stdout === "" ? null : (JSON.parse(stdout) as { args: string[]; compat: string | null; asset: string });
  return { code: status, stderr, output };
}

function endOf(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  let stderr = "";
  child.stderr?.on("data", (data) => {
    stderr += data;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stderr })));
}

function put(path: string, text: string, mode = 0o644): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(path, text, { mode });
}

function link(tool: string, folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  const target = tool.includes("/")
    ? tool
    : execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim();
  fs.symlinkSync(target, join(folder, tool.split("/").at(-1) ?? tool));
}
