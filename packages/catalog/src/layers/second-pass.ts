import type { Problem } from "@plimsoll/model";
import { type Entry, headBytes, type LayerVisitor, type Wish } from "@plimsoll/source";
import type { Cataloger } from "../cataloger.ts";
import { parseGuarded, type ReadLayerOptions } from "./evidence-store.ts";
import { keepFacts, ownedPathFilter } from "./keep-facts.ts";
import type { Evidence, LayerFacts, UnreadLink } from "./layer-facts.ts";

/** Reads the bodies behind hard links that the first pass did not know to be wanted. */
export interface LinkReader {
  readonly visitor: LayerVisitor;
  /** The layer's facts with the links resolved; a link whose body was not met becomes a Problem. */
  facts(): LayerFacts;
}

/** Starts a second pass over a layer, wanting only the targets of its unread links. */
export function readLinks(layer: LayerFacts, options: ReadLayerOptions): LinkReader {
  const byTarget = Map.groupBy(layer.unreadLinks, (link) => link.target);
  const wanted = new Map([...byTarget].map(([target, links]) => [target, wishesOf(links, options.catalogers)]));
  const filter = ownedPathFilter(options.catalogers);
  const found: Evidence[] = [];
  const problems: Problem[] = [];
  const met = new Set<string>();
  const claimed = (entry: Entry, head: Uint8Array): ReadWish[] =>
    (wanted.get(entry.path) ?? []).filter(
      ({ cataloger, wish, link }) => wish === "body" || (cataloger.claims?.(head, link.path) ?? true),
    );
  const visitor: LayerVisitor = {
    entry(entry) {
      const wishes = entry.type === "file" ? wanted.get(entry.path) : undefined;
      if (wishes === undefined) return "ignore";
      met.add(entry.path);
      if (entry.size > options.limits.fileBytes) {
        problems.push(...wishes.map(({ link }) => unreadable(link, "its body is larger than the file size limit")));
        return "ignore";
      }
      return wishes.some(({ wish }) => wish === "body") ? "body" : "head";
    },
    claims: (entry, head) => claimed(entry, head).length > 0,
    body(entry, bytes) {
      for (const { link, cataloger } of claimed(entry, bytes.subarray(0, headBytes))) {
        const facts = parseGuarded(cataloger, { path: link.path, bytes }, options.limits);
        found.push({ path: link.path, cataloger: cataloger.name, facts: keepFacts(facts, filter) });
      }
    },
    // Said by the first pass already.
    whiteout: () => undefined,
    problem: () => undefined,
    end: () => undefined,
  };
  return {
    visitor,
    facts: () => ({
      ...layer,
      evidence: [...layer.evidence, ...found],
      unreadLinks: [],
      problems: [...layer.problems, ...problems, ...unmet(layer, met)],
    }),
  };
}

interface ReadWish {
  readonly link: UnreadLink;
  readonly cataloger: Cataloger;
  readonly wish: Wish;
}

function wishesOf(links: readonly UnreadLink[], catalogers: readonly Cataloger[]): ReadWish[] {
  return links.flatMap((link) =>
    catalogers
      .filter(({ name }) => link.catalogers.includes(name))
      .map((cataloger) => ({
        link,
        cataloger,
        wish: cataloger.select({ path: link.path, type: "file", size: 0, mode: 0o755 }),
      })),
  );
}

function unmet(layer: LayerFacts, met: ReadonlySet<string>): Problem[] {
  return layer.unreadLinks
    .filter(({ target }) => !met.has(target))
    .map((link) => unreadable(link, "the file it points to is not in its layer"));
}

function unreadable({ path }: UnreadLink, reason: string): Problem {
  return {
    level: "incomplete",
    code: "hard-link-unread",
    message: `hard link not read: ${reason}`,
    next: "rebuild the layer, or raise the file size limit",
    path,
  };
}
