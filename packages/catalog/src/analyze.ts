import type { Limits } from "@plimsoll/kit";
import {
  type Distro,
  isPresent,
  type Package,
  type Problem,
  type Sbom,
  type SourceInfo,
  sortProblems,
} from "@plimsoll/model";
import type { OpenedSource, Progress } from "@plimsoll/source";
import type { Cataloger } from "./cataloger.ts";
import { catalogers as allCatalogers } from "./catalogers.ts";
import { attribute } from "./layers/attribute.ts";
import type { TreeFile } from "./layers/file-tree.ts";
import { type ReadSourceOptions, readImage, readTree, type SourceFacts } from "./read-source.ts";
import { collectProblems } from "./sbom/collect-problems.ts";
import { findDistro } from "./sbom/find-distro.ts";
import { linkedDatabases } from "./sbom/linked-databases.ts";
import { toPackages } from "./sbom/to-packages.ts";

export interface AnalyzeOptions {
  readonly limits: Limits;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Default: all of them. */
  readonly catalogers?: readonly Cataloger[];
}

/** What is in a source, while digests of large layers are still being taken. */
export interface Analysis {
  readonly sbom: Sbom;
  /** Nothing of the SBOM may be told or kept before this resolves. Rejects when a digest lies; the source stays open until then. */
  readonly verified: Promise<void>;
}

/**
 * Says what is in an opened source. Reads every layer once (twice only where hard links demand it), keeps facts and no
 * bytes, and reports everything it could not read as Problems. Throws only what the source throws: when it cannot be
 * read at all, or `options.signal` aborts. The caller closes the source.
 */
export async function analyze(source: OpenedSource, options: AnalyzeOptions): Promise<Sbom> {
  const { sbom, verified } = await analyzeAhead(source, options);
  await verified;
  return sbom;
}

/** Like {@link analyze}, for callers that have work to do while digests are checked: a scan judges meanwhile. */
export async function analyzeAhead(source: OpenedSource, options: AnalyzeOptions): Promise<Analysis> {
  const reading: ReadSourceOptions = { ...options, catalogers: options.catalogers ?? allCatalogers };
  const facts = source.kind === "image" ? await readImage(source, reading) : await readTree(source, reading);
  return { sbom: toSbom(facts, source.source, reading), verified: facts.verified };
}

function toSbom({ image, layers, problems }: SourceFacts, source: SourceInfo, options: ReadSourceOptions): Sbom {
  const { catalogers, limits } = options;
  const attribution = attribute(layers.map(({ facts }) => facts));
  const files = [...attribution.tree.files.values()];
  const distro = findDistro(files);
  const diffIds = layers.map(({ diffId }) => diffId);
  const all = toPackages(attribution.stays, { distro, diffIds, licenses: licensesIn(files) });
  const packages = all.slice(0, limits.packages);
  const languageCatalogers = new Set(
    catalogers.filter(({ tags }) => tags.includes("language")).map(({ name }) => name),
  );
  const hidden = linkedDatabases(attribution.tree, catalogers);
  const found = collectProblems({ layers, attribution, distro, languageCatalogers });
  return {
    schemaVersion: 1,
    source,
    image,
    distro,
    packages,
    problems: sortProblems([...problems, ...found, ...hidden, ...conclusions({ all, packages, distro })]),
    catalogers: catalogers.map(({ name, version }) => ({ name, version })).sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function licensesIn(files: readonly TreeFile[]): Map<string, readonly string[]> {
  const told = files.flatMap(({ found }) => found.map(({ facts }) => facts.licenses));
  return new Map(told.flatMap((licenses) => (licenses === undefined ? [] : [[licenses.owner, licenses.names]])));
}

interface Conclusion {
  readonly all: readonly Package[];
  readonly packages: readonly Package[];
  readonly distro: Distro | null;
}

function conclusions({ all, packages, distro }: Conclusion): Problem[] {
  const problems: Problem[] = [];
  if (all.length > packages.length) {
    const message = `${all.length} packages found, only ${packages.length} kept`;
    problems.push({ level: "incomplete", code: "too-many-packages", message, next: "scan parts of the source apart" });
  }
  if (!packages.some(isPresent)) {
    const message = distro === null ? "no packages and no distribution found" : "no packages found";
    problems.push({ level: "note", code: "no-packages", message, next: "check that this is the source you meant" });
  }
  return problems;
}
