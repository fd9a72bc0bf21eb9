import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { evaluate } from "@plimsoll/evaluate";
import { type Distro, distroFamilies, type EcosystemId, ecosystems } from "@plimsoll/model";
import { repositoryRoot } from "@plimsoll/testkit";
import type { KnowledgeBase } from "@plimsoll/vulndb";
import { sbomOf, type TargetPackage, testdata } from "./targets.ts";

/** A match that must be found, or must not, and why. */
export interface Label {
  /** Feed whose advisories decide; absent: any. */
  readonly feed?: string;
  readonly distro: Distro | null;
  readonly package: TargetPackage;
  readonly vulnerability: string;
  readonly expected: boolean;
  readonly why: string;
}

/** A label as the feeds' own quality files write it: by ecosystem key and the name that advisories use. */
interface FeedLabel extends Pick<Label, "vulnerability" | "expected" | "why"> {
  readonly feed: string;
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
}

/** Labels of every feed (vulndb's quality files) but those about made-up documents, and those about whole packages beside this file. */
export function readLabels(): Label[] {
  const ofFeeds = readAll<FeedLabel>(join(repositoryRoot, "packages", "vulndb", "testdata", "quality"));
  return [
    ...ofFeeds.filter(({ why }) => !why.startsWith("invented")).map(packageLabel),
    ...readAll<Label>(join(testdata, "labels")),
  ];
}

/** Title of a label's test. */
export function titleOf({ package: { name, version }, vulnerability, expected, why, feed }: Label): string {
  return `${feed ?? "any feed"}: ${name} ${version} ${expected ? "has" : "has not"} ${vulnerability} (${why})`;
}

/** Whether the whole chain finds the vulnerability in the package, by advisories of the label's feed. */
export function isFound(knowledge: KnowledgeBase, label: Label, now: number): boolean {
  const sbom = sbomOf({ distro: label.distro, packages: [label.package] });
  const { findings } = evaluate(sbom, knowledge, { now, stage: "pipeline" });
  return findings
    .filter(({ vulnerability, aliases }) => [vulnerability, ...aliases].includes(label.vulnerability))
    .some(({ details }) => details.some(({ feed }) => label.feed === undefined || feed === label.feed));
}

function readAll<T>(folder: string): T[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.sort().flatMap((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as T[]);
}

function packageLabel({ ecosystem, name, version, ...rest }: FeedLabel): Label {
  const [family = "", versionId = ""] = ecosystem.split(":");
  const os = distroFamilies.find(({ id }) => id === family);
  if (os === undefined) return { ...rest, distro: null, package: languagePackage(ecosystem, name, version) };
  return {
    ...rest,
    distro: { id: family, idLike: [], versionId },
    package: { ecosystem: os.osPackage, name, version, source: { name, version } },
  };
}

function languagePackage(id: string, name: string, version: string): TargetPackage {
  const ecosystem = ecosystems.find((row) => row.id === id)?.id;
  if (ecosystem === undefined) throw new TypeError(`a label of no known ecosystem: ${id}`);
  return {
    ecosystem: ecosystem satisfies EcosystemId,
    name,
    version,
    ...(isToolchain(id, name) && { role: "toolchain" }),
  };
}

function isToolchain(ecosystem: string, name: string): boolean {
  return ecosystem === "golang" && (name === "stdlib" || name === "toolchain");
}
