/**
 * `node bench/scan.ts IMAGE.tar [IMAGE.tar …] [--rounds N] [--db FOLDER] [--trivy-cache FOLDER] [--report]`: our whole
 * scan (extraction, match, policy, report) against each peer found on the PATH doing extraction alone (trivy and syft
 * writing an SBOM; osv-scanner, which cannot do that alone, is only shown), pair by pair in one run, from the local
 * archive and from a docker-registry started here, with no layer known and with all of them known. Ours is started as the
 * peers are, built and without sources (scripts/release.sh); what a checkout takes, which compares itself with its sources
 * first, is shown beside. Fails when a ceiling below is passed, unless only a report is wanted. Needs skopeo and
 * docker-registry. Trivy reads jars only with its Java index: `--trivy-cache` names a cache folder that holds one
 * (`java-db/`). `bench/images.sh` makes the images.
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Command, measure, pairRatio, type Row, table } from "./measure.ts";

const root = join(import.meta.dirname, "..");
const checkout = join(root, "bin", "plimsoll");
const port = 5987;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    db: { type: "string" },
    "trivy-cache": { type: "string" },
    report: { type: "boolean", default: false },
  },
});

/** Ours against the faster peer's extraction, pair by pair; peak memory in bytes, and against the leaner peer's. */
interface Ceilings {
  readonly time: number;
  readonly memory: number;
  readonly memoryRatio: number;
}

/** An image up to this size is a small one. */
const smallBytes = 200e6;
const ceilings = {
  small: { time: 0.8, memory: 100e6, memoryRatio: 1 },
  archive: { time: 0.45, memory: 200e6, memoryRatio: 0.6 },
  registry: { time: 0.8, memory: 200e6, memoryRatio: 0.6 },
} as const satisfies Readonly<Record<string, Ceilings>>;
const ours = "plimsoll scan (all of it)";
const asCheckout = "plimsoll scan (from a checkout)";
const known = { ours: "plimsoll scan (layers known)", trivy: "trivy (warm cache)" } as const;
const osv = "osv-scanner (offline)";
/** Known layers: against Trivy's, both with all they keep. */
const knownCeiling = 1;
const failures: string[] = [];

if (positionals.length === 0) throw new Error("name at least one `docker save` archive");
const work = mkdtempSync(join(tmpdir(), "plimsoll-bench-"));
const launcher = release();
const registry = startRegistry();
try {
  console.log(`peers: ${["trivy", "syft", "osv-scanner"].map(versionOf).join(", ")}`);
  await wait(1000);
  for (const archive of positionals) await benchOne(archive);
  for (const failure of failures) console.error(`FAILED: ${failure}`);
  if (failures.length > 0 && !values.report) process.exitCode = 1;
} finally {
  registry.kill();
  rmSync(work, { recursive: true, force: true });
}

async function benchOne(archive: string): Promise<void> {
  const name = basename(archive, ".tar").toLowerCase();
  const pushed = `127.0.0.1:${port}/${name}:bench`;
  const copy = ["copy", "-q", "--dest-tls-verify=false", `docker-archive:${archive}`, `docker://${pushed}`];
  const copied = spawnSync("skopeo", copy, { encoding: "utf8" });
  if (copied.status !== 0) throw new Error(`skopeo: ${copied.stderr}`);
  const bytes = statSync(archive).size;
  const shape = shapeOf(archive);
  console.log(
    `\n### ${name}: ${(bytes / 1e6).toFixed(0)} MB archive, ${shape.layers} layers, ${shape.packages} packages\n`,
  );
  if (shape.packages === 0) throw new Error("the load is not real: no packages found");
  for (const [place, target, theirs] of [
    ["archive", `file://${archive}`, { trivy: ["--input", archive], syft: [`docker-archive:${archive}`] }],
    ["registry", `pull://${pushed}`, { trivy: [pushed], syft: [`registry:${pushed}`] }],
  ] as const) {
    const beside = place === "archive" ? osvOf(archive) : [];
    const commands = [...oursOf(target), ...peersOf(theirs), ...beside];
    const inputs = [place === "archive" ? archive : join(work, "registry")];
    const rows = await measure(commands, Number(values.rounds), inputs);
    console.log(`local ${place}\n\n${table(rows, "trivy (SBOM only)")}\n`);
    judge(`${name}, local ${place}`, rows, ceilings[bytes <= smallBytes ? "small" : place]);
  }
}

/** Without a peer only the memory is judged. */
function judge(label: string, rows: readonly Row[], ceiling: Ceilings): void {
  const own = rows.find(({ name }) => name === ours);
  const peers = rows.filter(({ name }) => name.endsWith("(SBOM only)"));
  if (own === undefined) throw new Error("we were not measured");
  const ratios = {
    time: pairRatio(own, peers),
    memory: own.peakBytes,
    memoryRatio: own.peakBytes / Math.min(...peers.map(({ peakBytes }) => peakBytes)),
  };
  for (const key of ["time", "memory", "memoryRatio"] as const) {
    if (ratios[key] > ceiling[key]) failures.push(`${label}: ${key} ${ratios[key].toPrecision(3)} > ${ceiling[key]}`);
  }
  const [mine, theirs] = [known.ours, known.trivy].map((wanted) => rows.find(({ name }) => name === wanted));
  const knownRatio = mine !== undefined && theirs !== undefined ? pairRatio(mine, [theirs]) : Number.NaN;
  if (knownRatio > knownCeiling) {
    failures.push(`${label}: layers known ${knownRatio.toPrecision(3)} > ${knownCeiling}`);
  }
  console.log(`layers known: ${knownRatio.toFixed(2)} of trivy with a warm cache`);
  const fastest = own.minMs / Math.min(...peers.map(({ minMs }) => minMs));
  console.log(
    `time ${ratios.time.toFixed(2)} of the faster peer (${fastest.toFixed(2)} by the fastest runs), memory ${ratios.memoryRatio.toFixed(2)} of the leaner\n`,
  );
}

function shapeOf(archive: string): { layers: number; packages: number } {
  const out = join(work, "sbom.json");
  const run = spawnSync(launcher, ["sbom", `file://${archive}`, "--output", `plimsoll-json=${out}`], {
    encoding: "utf8",
  });
  const sbom = JSON.parse(spawnSync("cat", [out], { encoding: "utf8", maxBuffer: 1e9 }).stdout || run.stdout) as {
    image: { layers: { diffId: string | null }[] };
    packages: unknown[];
  };
  return { layers: sbom.image.layers.filter((layer) => layer.diffId !== null).length, packages: sbom.packages.length };
}

/** A verdict counts as work done: 0 or 1. */
function oursOf(target: string): Command[] {
  const cache = join(work, "ours");
  const report = join(work, "report.json");
  const db = values.db === undefined ? [] : ["--dbpath", values.db];
  const scan = ["scan", target, "--skip-get-database", "--allow-incomplete", "--no-progress", ...db] as const;
  const args = [...scan, "--output", `json-file=${report}`] as const;
  const cold: Command = {
    name: ours,
    argv: [launcher, ...args],
    env: { XDG_CACHE_HOME: cache },
    accepts: [0, 1],
    prepare: () => rmSync(join(cache, "plimsoll", "layers"), { recursive: true, force: true }),
  };
  // Runs after the cold one of each round, which left it what it knows.
  const again: Command = { ...cold, name: known.ours, prepare: () => undefined };
  return [cold, again, { ...cold, name: asCheckout, argv: [checkout, ...args] }];
}

function peersOf(target: { readonly trivy: readonly string[]; readonly syft: readonly string[] }): Command[] {
  const cache = trivyCache();
  const forget = () => rmSync(join(cache, "fanal"), { recursive: true, force: true });
  const quietly = ["--offline-scan", "--skip-java-db-update", "--quiet", "--cache-dir", cache];
  const offline = [...quietly, "--format", "cyclonedx", "-o", join(work, "t.json")];
  const trivy: Command = {
    name: "trivy (SBOM only)",
    argv: ["trivy", "image", ...offline, ...target.trivy],
    prepare: forget,
  };
  const syft: Command = {
    name: "syft (SBOM only)",
    argv: ["syft", "scan", ...target.syft, "-q", "-o", `cyclonedx-json=${join(work, "s.json")}`],
    env: { SYFT_CHECK_FOR_APP_UPDATE: "false", SYFT_REGISTRY_INSECURE_USE_HTTP: "true" },
  };
  return [
    ...(versionOf("trivy").includes("absent")
      ? []
      : [trivy, { ...trivy, name: known.trivy, prepare: () => undefined }]),
    ...(versionOf("syft").includes("absent") ? [] : [syft]),
  ];
}

/** Without the network, by the database it downloaded before; it ends with 127 when it has none. */
function osvOf(archive: string): Command[] {
  if (versionOf("osv-scanner").includes("absent")) return [];
  const out = ["--format", "json", "--output", join(work, "o.json")];
  const argv = ["osv-scanner", "scan", "image", "--offline", ...out, "--archive", archive] as const;
  return [{ name: osv, argv, accepts: [0, 1, 127, 128] }];
}

/** A cache of this run's own, with the Java index of the one that was named. */
function trivyCache(): string {
  const cache = join(work, "trivy");
  const given = values["trivy-cache"];
  if (given !== undefined && !existsSync(cache))
    cpSync(join(given, "java-db"), join(cache, "java-db"), { recursive: true });
  return cache;
}

function versionOf(peer: string): string {
  const run = spawnSync(peer, ["--version"], { encoding: "utf8" });
  if (run.status !== 0) return `${peer} absent`;
  const [line = ""] = run.stdout.split("\n");
  return `${peer} ${line.replace(/^(version:|syft|osv-scanner version:)\s+/i, "")}`;
}

/** The scanner without its sources; answers its launcher. */
function release(): string {
  const folder = join(work, "release");
  const made = spawnSync("sh", [join(root, "scripts", "release.sh"), folder], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (made.status !== 0) throw new Error("scripts/release.sh made no copy");
  return join(folder, "bin", "plimsoll");
}

function startRegistry() {
  mkdirSync(join(work, "registry"));
  const config = join(work, "registry.yml");
  const storage = `storage: {filesystem: {rootdirectory: ${join(work, "registry")}}}`;
  writeFileSync(config, `version: 0.1\nlog: {level: error}\n${storage}\nhttp: {addr: "127.0.0.1:${port}"}\n`);
  return spawn("docker-registry", ["serve", config], { stdio: "ignore" });
}
