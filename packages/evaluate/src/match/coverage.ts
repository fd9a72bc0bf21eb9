import {
  type Distro,
  distroLabel,
  ecosystemOf,
  type FeedState,
  isPresent,
  type Package,
  type Problem,
  type Sbom,
} from "@plimsoll/model";
import { dayMs, dayOf } from "../moment.ts";
import { never, type Since } from "../policy/predicate.ts";
import type { KnowledgeCache } from "./knowledge-cache.ts";
import { matcherOf } from "./matchers.ts";

/** Which present packages the loaded feeds speak for. */
export interface Coverage {
  /** Feeds that speak for something in the target, sorted by id; of a feed's dates the oldest that matters here. */
  readonly feeds: readonly FeedState[];
  /** Present packages that no feed could judge. */
  readonly notJudged: readonly Package[];
  readonly problems: readonly Problem[];
}

/** Asks for every ecosystem and distro in the target whether a loaded feed covers it: one `incomplete` Problem for each that none does. */
export function coverageOf(sbom: Sbom, knowledge: KnowledgeCache): Coverage {
  const osPackage = sbom.packages.find(({ ecosystem }) => ecosystemOf(ecosystem).os);
  // Files of an OS package stand and fall with the distro.
  const groups = Map.groupBy(sbom.packages.filter(isPresent), (pkg) =>
    ecosystemKeyOf(pkg.ownedBy === undefined ? pkg : osPackage, sbom.distro),
  );
  const rows = [...groups].map(([key, packages]) => ({
    key,
    packages,
    feeds: key === "" ? [] : knowledge.coverage(key),
  }));
  const uncovered = rows.filter(({ feeds }) => feeds.length === 0);
  return {
    feeds: oldestOfEach(rows.flatMap(({ feeds }) => feeds)),
    notJudged: uncovered.flatMap(({ packages }) => packages),
    problems: uncovered.map(({ key, packages }) =>
      key === "" ? unknownDistro(packages, sbom) : noFeed(key, packages),
    ),
  };
}

/** The ecosystem key that must be covered for a package; "" when its distro is not known. */
function ecosystemKeyOf(pkg: Package | undefined, distro: Distro | null): string {
  return (pkg && matcherOf(pkg)?.ecosystem(pkg, distro)) ?? "";
}

function noFeed(key: string, packages: readonly Package[]): Problem {
  return {
    level: "incomplete",
    code: "no-feed",
    message: `no loaded feed covers ${key}: ${counted(packages)} not judged`,
    next: "load a vulnerability database with advisories for it (plimsoll db update)",
  };
}

function unknownDistro(packages: readonly Package[], { distro }: Sbom): Problem {
  const name = distro === null ? "no distribution was recognised" : `no feed is known for ${distroLabel(distro)}`;
  return {
    level: "incomplete",
    code: "unknown-distro",
    message: `${name}: ${counted(packages, "OS package")} not judged`,
    next: "judge these packages by other means; the distributions that are covered are in the documentation",
  };
}

function counted(packages: readonly Package[], noun = "package"): string {
  return `${packages.length} ${noun}${packages.length === 1 ? "" : "s"}`;
}

function oldestOfEach(feeds: readonly FeedState[]): FeedState[] {
  const byId = new Map<string, FeedState>();
  for (const feed of feeds) {
    const known = byId.get(feed.id);
    if (known === undefined || feed.date < known.date) byId.set(feed.id, feed);
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Days after which knowledge is a warning, and after which a clean answer could be false (decision 1). */
export interface KnowledgeAges {
  readonly warnDays: number;
  readonly maxDays: number;
}

/** Problems of feeds that are too old at a moment (ms), and the next moment at which there will be others. */
export function ageProblems(
  feeds: readonly FeedState[],
  ages: KnowledgeAges,
  now: number,
): { problems: Problem[]; changesAt: Since } {
  const turns = feeds.flatMap((feed) => turnsOf(feed, ages));
  const passed = Map.groupBy(
    turns.filter(({ at }) => at <= now),
    ({ problem }) => problem.feed,
  );
  // Of one feed only the latest turn counts: what is incomplete need not be a warning too.
  const problems = [...passed.values()].flatMap((ofFeed) => ofFeed.at(-1)?.problem ?? []);
  const changesAt = turns.reduce((next, { at }) => (at > now && at < next ? at : next), never);
  return { problems, changesAt };
}

interface Turn {
  readonly at: number;
  readonly problem: Problem;
}

function turnsOf(feed: FeedState, { warnDays, maxDays }: KnowledgeAges): Turn[] {
  const day = dayOf(feed.date);
  if (day === null) return [{ at: Number.NEGATIVE_INFINITY, problem: undated(feed) }];
  const turn = (level: "warning" | "incomplete", limit: number): Turn => ({
    at: day + (limit + 1) * dayMs,
    problem: tooOld(feed, level, limit),
  });
  return warnDays < maxDays ? [turn("warning", warnDays), turn("incomplete", maxDays)] : [turn("incomplete", maxDays)];
}

/** No count of days in the text: the same Problem stays the same from day to day. */
function tooOld(feed: FeedState, level: Problem["level"], limit: number): Problem {
  return {
    level,
    code: "knowledge-old",
    message: `${feed.title} is of ${feed.date}, more than ${limit} days old`,
    next: "run plimsoll db update",
    feed: feed.id,
  };
}

function undated(feed: FeedState): Problem {
  return {
    level: "warning",
    code: "knowledge-undated",
    message: `nobody knows how old the data of ${feed.title} is`,
    next: "run plimsoll db update",
    feed: feed.id,
  };
}
