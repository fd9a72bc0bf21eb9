import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smallArchive, smallImage } from "./small-image.ts";

/** The two scripts of the bundle. */
export interface ScriptNames {
  readonly main: string;
  readonly rest: string;
}

/**
 * The first file Node sees. It runs the program as scripts with V8's code cache beside them, which holds the functions
 * that a scan uses: Node's own compile cache keeps none but the outermost, and compiling the rest anew at every start
 * takes 10 ms. `main` is what help and version need; the rest is asked for by name.
 */
export const starter = (names: ScriptNames, keeps: boolean): string => `"use strict";
const { readFileSync, writeFileSync } = require("node:fs");
const { Script } = require("node:vm");
const run = (name) => {
  const filename = __dirname + "/" + name;
  let cachedData;
  // Without one the script is compiled anew: slower, and the same.
  try { cachedData = readFileSync(filename + ".cache"); } catch { cachedData = undefined; }
  const source = "(function(exports,require,module,fileUrl){" + readFileSync(filename, "latin1") + "\\n})";
  const script = new Script(source, { filename, ...(cachedData && { cachedData }) });
  ${keeps ? 'process.on("exit", () => writeFileSync(filename + ".cache", script.createCachedData()));' : ""}
  const module = { exports: {} };
  const fileUrl = require("node:url").pathToFileURL(filename).href;
  script.runInThisContext()(module.exports, (id) => id.startsWith("late:") ? late(id.slice(5)) : require(id), module, fileUrl);
  return module.exports;
};
let rest;
const late = (id) => (rest ??= run("${names.rest}"))[id]();
run("${names.main}");
`;

/**
 * Makes the code caches of the scripts in `folder`, so that even a checkout that becomes read-only now starts fast: by scans
 * of a small image from an archive and from a registry, unknown and known, each of which keeps what the ones before it
 * compiled. Throws when a scan does not work.
 */
export async function warmUp(folder: string, names: ScriptNames): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "plimsoll-warm-"));
  const program = join(folder, "warm.cjs");
  const registry = await serve(smallImage().documents);
  try {
    writeFileSync(program, starter(names, true));
    const archive = join(scratch, "image.tar");
    writeFileSync(archive, smallArchive());
    for (const source of [`file://${archive}`, `pull://127.0.0.1:${registry.port}/small:1`]) {
      for (const first of [["--clearcache"], []]) await scan(program, [source, ...first], scratch);
    }
  } finally {
    registry.close();
    rmSync(program, { force: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** 1: the image has vulnerable packages, so that judging them is kept too. */
async function scan(program: string, args: readonly string[], scratch: string): Promise<void> {
  const all = [program, "scan", ...args, "--skip-get-database", "--allow-incomplete", "--output", "json=/dev/null"];
  // Nothing of the caller's: a proxy or a registry's settings would be asked about an image that lies here.
  const env = {
    PATH: process.env.PATH,
    HOME: scratch,
    XDG_CACHE_HOME: scratch,
    CONTAINERS_REGISTRIES_CONF: "/dev/null",
  };
  const child = spawn(process.execPath, all, { env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (bytes: Buffer) => {
    said += bytes;
  });
  const status = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (status !== 0 && status !== 1) throw new Error(`the bundle does not work: ${said}`);
}

interface Served {
  readonly port: number;
  close(): void;
}

/** A registry on this machine that holds one image. */
async function serve(documents: ReadonlyMap<string, Buffer>): Promise<Served> {
  const server = createServer(({ url = "" }, response) => {
    const found = documents.get(url.split("/").at(-1) ?? "");
    if (url !== "/v2/" && found === undefined) response.statusCode = 404;
    response.setHeader("content-type", "application/vnd.oci.image.manifest.v1+json").end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { port, close: () => void server.close() };
}
