import type { ImageInfo, Problem } from "@plimsoll/model";
import type { OpenedImage, OpenedSource } from "@plimsoll/source";
import type { ImageEntry } from "./layer-cache/entries.ts";
import type { KnownContent } from "./layer-cache/known-content.ts";
import { unheard } from "./layers/unheard.ts";
import { type ReadSourceOptions, readImage, readTree, type SourceFacts } from "./read-source.ts";
import { type Contents, contentsOf } from "./sbom/contents.ts";

/** A source as an SBOM tells it, its name apart. */
export interface SourceContents {
  readonly image: ImageInfo | null;
  readonly contents: Contents;
  /** What concerns this source and not the contents of its layers. */
  readonly problems: readonly Problem[];
  /** Nothing of this is to be believed before it resolves. */
  readonly verified: Promise<void>;
}

/** Reads what of a source is not known, and keeps what was found once its digests hold. */
export async function readContents(
  source: OpenedSource,
  options: ReadSourceOptions,
  known: KnownContent,
): Promise<SourceContents> {
  if (source.kind === "tree") {
    const facts = await readTree(source, options);
    return { ...facts, contents: contentsOf(facts.layers, options) };
  }
  const whole = source.diffIds === null ? null : known.image(source.diffIds);
  if (whole !== null) return describe(source, whole, options);
  const facts = await readImage(source, options, known);
  const { diffIds, entry, isNew } = joined(facts, options, known);
  const keep = known.keep({ layers: facts.fresh, ...(isNew && { image: { diffIds, entry } }) });
  const verified = facts.verified.then(async () => {
    if (await source.isUnchanged()) keep();
  });
  // Heard of only where it is awaited: until then it must not count as unhandled.
  verified.catch(() => undefined);
  return { image: facts.image, contents: entry.contents, problems: facts.problems, verified };
}

/** A known image: reads only what its documents do not tell of its layers, such as the digest of a blob without a name. */
async function describe(
  source: OpenedImage,
  { sizes, contents }: ImageEntry,
  options: ReadSourceOptions,
): Promise<SourceContents> {
  const sizeOf = new Map(sizes);
  const { image, problems, verified } = await source.readLayers((hint) => {
    const size = hint === null ? undefined : sizeOf.get(hint);
    return size === undefined ? unheard : { size };
  }, options);
  return { image, contents, problems, verified };
}

interface Joined {
  readonly diffIds: ImageEntry["sizes"][number][0][];
  readonly entry: ImageEntry;
  /** It was not known, and is to be kept. */
  readonly isNew: boolean;
}

/** Joins layers, unless the layers together turn out to be known after all: some sources tell them at their end only. */
function joined(
  { layers, fresh, known: cached }: SourceFacts,
  options: ReadSourceOptions,
  known: KnownContent,
): Joined {
  const diffIds = layers.flatMap(({ diffId }) => diffId ?? []);
  const all = new Map([...cached, ...fresh]);
  const sizes = [...new Set(diffIds)].flatMap((diffId) => {
    const entry = all.get(diffId);
    return entry === undefined ? [] : [[diffId, entry.size] as const];
  });
  const isLasting = diffIds.length > 0 && sizes.length === new Set(diffIds).size;
  const found = isLasting ? known.image(diffIds) : null;
  if (found !== null) return { diffIds, entry: found, isNew: false };
  return { diffIds, entry: { sizes, contents: contentsOf(layers, options) }, isNew: isLasting };
}
