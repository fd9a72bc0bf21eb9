import type { FeedHealth, Feeds } from "@plimsoll/contract";

/** A feed: what is known from it, and how fetching it went. */
export interface FeedRow {
  readonly id: string;
  readonly title: string;
  /** `unused`: it was tried, but nothing of it is in what is known. */
  readonly state: "fresh" | "ageing" | "stale" | "unused";
  readonly date: string | null;
  readonly records: number | null;
  readonly triedAt: string | null;
  readonly status: FeedHealth["status"] | null;
  readonly error: string | null;
}

/** What came of the last try, in words. */
export const tries: Readonly<Record<FeedHealth["status"], string>> = {
  updated: "updated",
  unchanged: "nothing new",
  "kept-old": "failed, what was there stays",
  unavailable: "failed",
};

const order = ["stale", "unused", "ageing", "fresh"] as const;

/** Feeds with their last try, those in need of somebody first. */
export function feedRows(feeds: Feeds["feeds"], health: readonly FeedHealth[]): FeedRow[] {
  const tried = new Map(health.map((row) => [row.feed, row]));
  const known = feeds.map(({ id, title, state, date, records }) => ({
    ...{ id, title, state, date, records },
    ...tryOf(tried.get(id)),
  }));
  const unused = health
    .filter(({ feed }) => !feeds.some(({ id }) => id === feed))
    .map((row) => ({
      id: row.feed,
      title: row.feed,
      state: "unused" as const,
      date: null,
      records: null,
      ...tryOf(row),
    }));
  return [...known, ...unused].toSorted(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.title.localeCompare(b.title, "en"),
  );
}

function tryOf(row: FeedHealth | undefined) {
  return { triedAt: row?.triedAt ?? null, status: row?.status ?? null, error: row?.error ?? null };
}
