import type { Limits } from "@plimsoll/kit";
import { type Sbom, type SourceInfo, sortProblems } from "@plimsoll/model";
import type { OpenedSource, Progress } from "@plimsoll/source";
import type { Cataloger } from "./cataloger.ts";
import { catalogers as allCatalogers } from "./catalogers.ts";
import { knownContent } from "./layer-cache/known-content.ts";
import type { LayerCache } from "./layer-cache/layer-cache.ts";
import { catalogerVersions } from "./layer-documents.ts";
import { readContents, type SourceContents } from "./read-contents.ts";
import type { ReadSourceOptions } from "./read-source.ts";

export interface AnalyzeOptions {
  readonly limits: Limits;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Default: all of them. */
  readonly catalogers?: readonly Cataloger[];
  /** Keeps what layers and images hold; absent: every layer is read. The answer is the same. */
  readonly cache?: LayerCache;
}

/** What is in a source, while digests of large layers are still being taken. */
export interface Analysis {
  readonly sbom: Sbom;
  /** Nothing of the SBOM may be told or kept before this resolves. Rejects when a digest lies; the source stays open until then. */
  readonly verified: Promise<void>;
}

/**
 * Says what is in an opened source. Reads every layer that `options.cache` does not know once (twice only where hard
 * links demand it), keeps facts and no bytes, and reports everything it could not read as Problems. Throws only what the
 * source throws: when it cannot be read at all, or `options.signal` aborts. The caller closes the source.
 */
export async function analyze(source: OpenedSource, options: AnalyzeOptions): Promise<Sbom> {
  const { sbom, verified } = await analyzeAhead(source, options);
  await verified;
  return sbom;
}

/** Like {@link analyze}, for callers that have work to do while digests are checked: a scan judges meanwhile. */
export async function analyzeAhead(source: OpenedSource, options: AnalyzeOptions): Promise<Analysis> {
  const reading: ReadSourceOptions = { ...options, catalogers: options.catalogers ?? allCatalogers };
  const found = await readContents(source, reading, knownContent(options.cache, reading));
  return { sbom: toSbom(found, source.source, reading), verified: found.verified };
}

function toSbom(
  { image, contents, problems }: SourceContents,
  source: SourceInfo,
  { catalogers }: ReadSourceOptions,
): Sbom {
  return {
    schemaVersion: 1,
    source,
    image,
    distro: contents.distro,
    packages: contents.packages,
    problems: sortProblems([...problems, ...contents.problems]),
    catalogers: catalogerVersions(catalogers),
  };
}
