/**
 * `node bench/scan.ts IMAGE.tar [IMAGE.tar …] [--rounds N] [--db FILE]`: our whole scan (extraction, match, policy,
 * report) against each peer found on the PATH doing extraction alone (trivy and syft writing an SBOM), pair by pair in
 * one run, from the local archive and from a docker-registry started here. Needs skopeo and docker-registry.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Command, measure, table } from "./measure.ts";

const root = join(import.meta.dirname, "..");
const launcher = join(root, "bin", "plimsoll");
const port = 5987;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "3" }, db: { type: "string" } },
});
if (positionals.length === 0) throw new Error("name at least one `docker save` archive");
const work = mkdtempSync(join(tmpdir(), "plimsoll-bench-"));
const registry = startRegistry();
try {
  console.log(`peers: ${["trivy", "syft"].map(versionOf).join(", ")}`);
  await wait(1000);
  for (const archive of positionals) await benchOne(archive);
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
  for (const [label, ours, theirs] of [
    ["local archive", `file://${archive}`, { trivy: ["--input", archive], syft: [`docker-archive:${archive}`] }],
    ["local registry", `pull://${pushed}`, { trivy: [pushed], syft: [`registry:${pushed}`] }],
  ] as const) {
    const rows = await measure([...oursOf(ours), ...peersOf(theirs)], Number(values.rounds));
    console.log(`${label}\n\n${table(rows, "trivy (SBOM only)")}\n`);
  }
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

/** A verdict of any kind counts as work done: 0, 1 or, for the old starter knowledge, 3 with a report. */
function oursOf(target: string): Command[] {
  const cache = join(work, "ours");
  const report = join(work, "report.json");
  const db = values.db === undefined ? [] : ["--dbpath", values.db];
  const argv = [launcher, "scan", target, "--skip-get-database", "--allow-incomplete", "--no-progress", ...db] as const;
  return [
    {
      name: "plimsoll scan (all of it)",
      argv: [...argv, "--output", `json-file=${report}`],
      env: { XDG_CACHE_HOME: cache },
      accepts: [0, 1],
    },
  ];
}

function peersOf(target: { readonly trivy: readonly string[]; readonly syft: readonly string[] }): Command[] {
  const cache = join(work, "trivy");
  const forget = () => rmSync(cache, { recursive: true, force: true });
  const offline = [
    "--format",
    "cyclonedx",
    "--offline-scan",
    "--quiet",
    "--cache-dir",
    cache,
    "-o",
    join(work, "t.json"),
  ];
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
      : [trivy, { ...trivy, name: "trivy (warm cache)", prepare: () => undefined }]),
    ...(versionOf("syft").includes("absent") ? [] : [syft]),
  ];
}

function versionOf(peer: string): string {
  const run = spawnSync(peer, ["--version"], { encoding: "utf8" });
  return run.status === 0 ? `${peer} ${run.stdout.split("\n")[0]?.replace(/^.*?:?\s(?=\S+$)/, "")}` : `${peer} absent`;
}

function startRegistry() {
  mkdirSync(join(work, "registry"));
  const config = join(work, "registry.yml");
  const storage = `storage: {filesystem: {rootdirectory: ${join(work, "registry")}}}`;
  writeFileSync(config, `version: 0.1\nlog: {level: error}\n${storage}\nhttp: {addr: "127.0.0.1:${port}"}\n`);
  return spawn("docker-registry", ["serve", config], { stdio: "ignore" });
}
