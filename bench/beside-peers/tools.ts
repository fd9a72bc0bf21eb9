import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const launcher = join(import.meta.dirname, "..", "..", "bin", "plimsoll");

/** Where a run keeps its documents, and the folders it was given. */
export interface Place {
  readonly work: string;
  /** Folder of our database; the starter knowledge when absent. */
  readonly db?: string | undefined;
  /** A cache folder with the Java index Trivy needs to read jars at all. */
  readonly trivyCache?: string | undefined;
}

/** A document a peer wrote about an image. */
export interface Document {
  readonly peer: "syft" | "trivy";
  readonly format: string;
  readonly path: string;
}

/** Ours, as CycloneDX JSON. */
export function ownInventory(archive: string, { work }: Place): string {
  const path = join(work, "ours.cdx.json");
  run([launcher, "sbom", `file://${archive}`, "--no-progress", "--output", `cyclonedx-json=${path}`]);
  return path;
}

/** A whole scan of an image archive or, given `sbom:FILE`, of an inventory, as a json-v1 report. */
export function scan(target: string, path: string, { db }: Place): string {
  const local = ["--skip-get-database", "--allow-incomplete", "--no-progress"];
  const folder = db === undefined ? [] : ["--dbpath", db];
  run([launcher, "scan", target, ...local, ...folder, "--output", `json-file=${path}`], [0, 1]);
  return path;
}

/** What each peer on the PATH writes about an image, in every format of theirs that we read. */
export function peerDocuments(archive: string, place: Place): Document[] {
  return [...(has("syft") ? syft(archive, place) : []), ...(has("trivy") ? trivy(archive, place) : [])];
}

/** The peers' versions, as they tell them. */
export function peerVersions(): string[] {
  return (["syft", "trivy"] as const).map((peer) => {
    const { status, stdout } = spawnSync(peer, ["--version"], { encoding: "utf8" });
    return status === 0
      ? `${peer} ${stdout.split("\n", 1)[0]?.replace(/^(?:version:|syft)\s+/i, "")}`
      : `${peer} absent`;
  });
}

function has(peer: string): boolean {
  return spawnSync(peer, ["--version"]).status === 0;
}

function syft(archive: string, { work }: Place): Document[] {
  const documents = (["cyclonedx-json", "cyclonedx-xml", "spdx-json"] as const).map((format) => {
    return { peer: "syft", format, path: join(work, `syft.${format}`) } as const;
  });
  const outputs = documents.flatMap(({ format, path }) => ["-o", `${format}=${path}`]);
  run(["syft", "scan", `docker-archive:${archive}`, "-q", ...outputs]);
  return documents;
}

function trivy(archive: string, { work, trivyCache }: Place): Document[] {
  const cache = join(work, "trivy-cache");
  mkdirSync(cache, { recursive: true });
  if (trivyCache !== undefined) cpSync(join(trivyCache, "java-db"), join(cache, "java-db"), { recursive: true });
  const offline = ["--offline-scan", "--skip-java-db-update", "--quiet", "--cache-dir", cache];
  return (["cyclonedx", "spdx-json"] as const).map((format) => {
    const path = join(work, `trivy.${format}`);
    run(["trivy", "image", "--input", archive, ...offline, "--format", format, "-o", path]);
    return { peer: "trivy", format, path };
  });
}

function run([file, ...args]: readonly [string, ...string[]], accepts: readonly number[] = [0]): void {
  const env = { ...process.env, SYFT_CHECK_FOR_APP_UPDATE: "false" };
  const { status, stderr } = spawnSync(file, args, { encoding: "utf8", env, maxBuffer: 1e9 });
  if (!accepts.includes(status ?? -1)) throw new Error(`${file} ended with ${status}: ${stderr.slice(-800)}`);
}
