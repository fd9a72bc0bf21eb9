import { daysSince } from "@plimsoll/kit";
import type { Problem } from "@plimsoll/model";
import type { Feed, Upstream } from "../feed.ts";

/**
 * `updated`: something new came. `unchanged`: all is as upstream has it. `kept-old`: something could not be fetched and
 * the last good copy stays. `unavailable`: something could not be fetched and there is no copy of it.
 */
export type UpdateStatus = "updated" | "unchanged" | "kept-old" | "unavailable";

/** How one document fared. */
export interface DocumentReport {
  readonly url: string;
  readonly file: string;
  /** `absent`: upstream has no such document, which is in order. */
  readonly status: UpdateStatus | "absent";
  /** Why it was not fetched, one line. */
  readonly reason?: string;
  /** When the copy in use was last known to be current (RFC 3339). */
  readonly checkedAt?: string;
}

/** How one feed fared: the worst of its documents. */
export interface FeedReport {
  readonly feed: string;
  readonly status: UpdateStatus;
  readonly documents: readonly DocumentReport[];
}

export interface UpdateReport {
  /** Sorted by feed. */
  readonly feeds: readonly FeedReport[];
  /** Wanted ecosystem keys that no feed has an upstream for. */
  readonly uncovered: readonly string[];
  readonly problems: readonly Problem[];
}

const worstFirst: readonly UpdateStatus[] = ["unavailable", "kept-old", "updated", "unchanged"];

/** The feed's report from those of its documents. */
export function feedReport(feed: Feed, documents: readonly DocumentReport[]): FeedReport {
  const status = worstFirst.find((candidate) => documents.some((document) => document.status === candidate));
  const sorted = [...documents].sort((a, b) => (a.file < b.file ? -1 : 1));
  return { feed: feed.id, status: status ?? "unchanged", documents: sorted };
}

/** What the user must hear of a feed: old copies with their age, and what is missing altogether (a missing advisory feed makes a clean answer doubtful). */
export function problemsOf(feed: Feed, report: FeedReport, now: number): Problem[] {
  return report.documents.flatMap((document): Problem[] => {
    const about = { feed: feed.id, next: "run `plimsoll db update` again later", path: document.file };
    const reason = document.reason ?? "";
    if (document.status === "kept-old") {
      const message = `${feed.title} could not be updated (${reason}); ${ageText(document.checkedAt, now)}`;
      return [{ ...about, level: "warning", code: "feed-kept-old", message }];
    }
    if (document.status !== "unavailable") return [];
    const level = feed.provides === "advisories" ? "incomplete" : "warning";
    return [{ ...about, level, code: "feed-unavailable", message: `${feed.title} could not be fetched: ${reason}` }];
  });
}

function ageText(checkedAt: string | undefined, now: number): string {
  const days = checkedAt === undefined ? null : daysSince(checkedAt, now);
  if (checkedAt === undefined || days === null) return "the copy in use is of unknown age";
  return `the copy in use was current on ${checkedAt.slice(0, 10)}, ${days} ${days === 1 ? "day" : "days"} ago`;
}

/** Keys nothing is downloaded for. */
export function uncoveredKeys(wanted: readonly string[], upstreams: readonly Upstream[]): readonly string[] {
  const covered = new Set(upstreams.flatMap(({ ecosystems }) => ecosystems));
  return wanted.filter((key) => !covered.has(key));
}
