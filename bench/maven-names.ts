/**
 * `node bench/maven-names.ts REPOSITORY [--trivy-cache FOLDER]`: how many jars of a local Maven repository we, Syft and
 * Trivy (as found on the PATH) name as Maven does. The repository's paths are the truth; the tools see the jars alone.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, globSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { readInventory } from "./beside-peers/inventory.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "trivy-cache": { type: "string" } },
});
const [repository] = positionals;
if (repository === undefined) throw new Error("name a local Maven repository (~/.m2/repository)");
const launcher = join(import.meta.dirname, "..", "bin", "plimsoll");
const work = mkdtempSync(join(tmpdir(), "plimsoll-maven-"));
try {
  const groups = copyJars(repository, join(work, "jars"));
  console.log(`${groups.size} artifacts\n\n| | named as Maven does | wrong or missing |\n| --- | --- | --- |`);
  for (const [tool, argv] of tools(join(work, "jars"), join(work, "out.json"))) {
    if (spawnSync(argv[0], argv.slice(1)).status !== 0) continue;
    const named = [...readInventory(join(work, "out.json")).values()].filter(({ type }) => type === "maven");
    const right = new Set(named.map(({ name, version }) => `${name} ${version}`));
    const count = [...groups].filter(([artifact, owners]) => owners.some((group) => right.has(`${group}/${artifact}`)));
    console.log(`| ${tool} | ${count.length} | ${groups.size - count.length} |`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Copies every jar into one folder; `ARTIFACT VERSION` → the groups that have it. */
function copyJars(from: string, to: string): Map<string, string[]> {
  mkdirSync(to);
  const groups = new Map<string, string[]>();
  for (const path of globSync("**/*.jar", { cwd: from })) {
    const folders = path.split("/").slice(0, -1);
    const [artifact, version] = folders.splice(-2);
    if (basename(path) !== `${artifact}-${version}.jar`) continue;
    copyFileSync(join(from, path), join(to, basename(path)));
    const key = `${artifact} ${version}`;
    groups.set(key, [...(groups.get(key) ?? []), folders.join(".")]);
  }
  return groups;
}

function tools(jars: string, out: string): readonly (readonly [string, readonly [string, ...string[]]])[] {
  const cache = values["trivy-cache"] === undefined ? [] : ["--cache-dir", values["trivy-cache"]];
  const offline = ["--offline-scan", "--skip-java-db-update", "--quiet", ...cache];
  return [
    ["plimsoll", [launcher, "sbom", `dir:${jars}`, "--no-progress", "--output", `cyclonedx-json=${out}`]],
    ["syft", ["syft", "scan", `dir:${jars}`, "-q", "-o", `cyclonedx-json=${out}`]],
    ["trivy", ["trivy", "rootfs", jars, ...offline, "--format", "cyclonedx", "-o", out]],
  ];
}
