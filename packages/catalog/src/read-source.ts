import type { Limits } from "@plimsoll/kit";
import type { DiffId, ImageInfo, Problem } from "@plimsoll/model";
import type { LayerRead, LayerVisitor, OpenedImage, OpenedTree, ReadOptions, StartLayer } from "@plimsoll/source";
import type { Cataloger } from "./cataloger.ts";
import type { LayerEntry } from "./layer-cache/entries.ts";
import type { KnownContent } from "./layer-cache/known-content.ts";
import { emptyLayer } from "./layers/empty-layer.ts";
import type { LayerFacts } from "./layers/layer-facts.ts";
import { type LayerReader, readLayer } from "./layers/read-layer.ts";
import { type LinkReader, readLinks } from "./layers/second-pass.ts";
import type { NamedFacts } from "./sbom/contents.ts";

export interface ReadSourceOptions extends ReadOptions {
  readonly catalogers: readonly Cataloger[];
  readonly limits: Limits;
}

/** A source's facts, layer by layer. */
export interface SourceFacts {
  readonly image: ImageInfo | null;
  /** Lowest first; one without diffID for a tree. */
  readonly layers: readonly NamedFacts[];
  /** Layers that were read whole, and whose facts will be the same whenever they are read again. */
  readonly fresh: ReadonlyMap<DiffId, LayerEntry>;
  /** Layers that were known. */
  readonly known: ReadonlyMap<DiffId, LayerEntry>;
  /** What concerns no single layer. */
  readonly problems: readonly Problem[];
  /** Nothing of this is to be believed before it resolves. */
  readonly verified: Promise<void>;
}

/** Reads a tree (directory, host) as one layer. */
export async function readTree(tree: OpenedTree, options: ReadSourceOptions): Promise<SourceFacts> {
  const reader = readLayer(options);
  const problems = await tree.walk(reader.visitor, options);
  const first = reader.facts();
  const one = (facts: LayerFacts): SourceFacts => ({
    image: null,
    layers: [{ diffId: null, facts }],
    fresh: new Map(),
    known: new Map(),
    problems,
    verified: Promise.resolve(),
  });
  if (first.unreadLinks.length === 0) return one(first);
  const links = readLinks(first, options);
  await tree.walk(links.visitor, options);
  return one(links.facts());
}

/** Reads every layer of an image that is not known once, and those with unread hard links a second time. */
export async function readImage(
  image: OpenedImage,
  options: ReadSourceOptions,
  knownContent: Pick<KnownContent, "layer">,
): Promise<SourceFacts> {
  const readers: { hint: DiffId | null; reader: LayerReader }[] = [];
  const known = new Map<DiffId, LayerEntry>();
  const start: StartLayer = (hint) => {
    const entry = hint === null ? null : knownContent.layer(hint);
    if (hint !== null && entry !== null) {
      known.set(hint, entry);
      return { size: entry.size };
    }
    const reader = readLayer(options);
    readers.push({ hint, reader });
    return reader.visitor;
  };
  const read = await image.readLayers(start, options);
  const found = new Map([...known].map(([diffId, { facts }]) => [diffId, facts]));
  const sizes = new Map<DiffId, number>();
  for (const { hint, reader } of readers) {
    const end = reader.read();
    const diffId = end?.diffId ?? hint;
    if (diffId !== null) found.set(diffId, reader.facts());
    // What a table of contents told is not what the diffID stands for.
    if (end !== null && end.isPartial === undefined) sizes.set(end.diffId, end.size);
  }
  for (const diffId of await resolveLinks(image, found, options)) sizes.delete(diffId);
  const missing: Problem[] = [];
  const layers = read.image.layers.flatMap(({ diffId }) => {
    if (diffId === null) return [];
    const facts = found.get(diffId);
    if (facts === undefined) missing.push(unreadLayer(diffId));
    return [{ diffId, facts: facts ?? emptyLayer }];
  });
  const problems = [...read.problems, ...missing];
  return { image: read.image, layers, fresh: freshOf(sizes, found), known, problems, verified: read.verified };
}

function freshOf(sizes: ReadonlyMap<DiffId, number>, found: ReadonlyMap<DiffId, LayerFacts>): Map<DiffId, LayerEntry> {
  const fresh = new Map<DiffId, LayerEntry>();
  for (const [diffId, size] of sizes) {
    const facts = found.get(diffId);
    if (facts !== undefined && isLasting(facts)) fresh.set(diffId, { size, facts });
  }
  return fresh;
}

/** A cataloger that failed may have lacked memory: the next run shall try again. */
function isLasting({ evidence }: LayerFacts): boolean {
  return !evidence.some(({ facts }) => facts.problems?.some(({ code }) => code === "cataloger-failed"));
}

/** Answers the layers of which another source might show more: read in part and unverified, or not a second time (a pipe). */
async function resolveLinks(
  image: OpenedImage,
  known: Map<DiffId, LayerFacts>,
  options: ReadSourceOptions,
): Promise<ReadonlySet<DiffId>> {
  const unsure = new Set<DiffId>();
  const linked = new Map([...known].filter(([, facts]) => facts.unreadLinks.length > 0));
  if (linked.size === 0) return unsure;
  const start: StartLayer = (hint) => {
    // A layer whose diffID shows only at its end is read as if it were each of them.
    const candidates = [...linked].filter(([diffId]) => hint === null || hint === diffId);
    const readers = candidates.map(([diffId, facts]) => ({ diffId, reader: readLinks(facts, options) }));
    if (readers.length === 0) return null;
    return together(readers, ({ diffId, isPartial }, facts) => {
      known.set(diffId, facts);
      if (isPartial === true) unsure.add(diffId);
    });
  };
  const { signal } = options;
  await image.readLayers(start, signal === undefined ? {} : { signal });
  for (const [diffId, facts] of known) {
    if (facts.unreadLinks.length === 0) continue;
    known.set(diffId, readLinks(facts, options).facts());
    unsure.add(diffId);
  }
  return unsure;
}

type Candidate = { readonly diffId: DiffId; readonly reader: LinkReader };

/** One visitor for several candidates; `done` gets the facts of the one whose diffID the layer turns out to have. */
function together(candidates: readonly Candidate[], done: (read: LayerRead, facts: LayerFacts) => void): LayerVisitor {
  const visitors = candidates.map(({ reader }) => reader.visitor);
  return {
    entry(entry) {
      const wishes = visitors.map((visitor) => visitor.entry(entry));
      return wishes.find((wish) => wish === "body") ?? wishes.find((wish) => wish === "head") ?? "ignore";
    },
    claims: (entry, head) => visitors.some((visitor) => visitor.claims(entry, head)),
    body(entry, bytes) {
      for (const visitor of visitors) visitor.body(entry, bytes);
    },
    whiteout: () => undefined,
    problem: () => undefined,
    end(read) {
      const candidate = candidates.find(({ diffId }) => diffId === read.diffId);
      if (candidate !== undefined) done(read, candidate.reader.facts());
    },
  };
}

function unreadLayer(layer: DiffId): Problem {
  const message = "the source gave no contents of this layer";
  return { level: "incomplete", code: "layer-not-read", message, next: "pull the image again", layer };
}
