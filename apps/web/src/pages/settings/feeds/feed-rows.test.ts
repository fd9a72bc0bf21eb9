import { describe, expect, it } from "vitest";
import { feedRows } from "./feed-rows.ts";

const feed = (id: string, state: "fresh" | "ageing" | "stale") => ({
  ...{ id, title: id.toUpperCase(), state },
  ...{ date: "2026-11-01T00:00:00Z", records: 3, ageDays: 1 },
});

describe("feeds and their health", () => {
  it("shows those in need of somebody first, also what was tried in vain", () => {
    const triedAt = "2026-11-22T00:00:00Z";
    const health = [
      { feed: "a", status: "updated" as const, triedAt, succeededAt: triedAt, error: null },
      { feed: "lost", status: "unavailable" as const, triedAt, succeededAt: null, error: "no answer" },
    ];
    const rows = feedRows([feed("a", "fresh"), feed("b", "fresh"), feed("c", "stale")], health);
    expect(rows.map(({ id, state, status }) => [id, state, status])).toEqual([
      ["c", "stale", null],
      ["lost", "unused", "unavailable"],
      ["a", "fresh", "updated"],
      ["b", "fresh", null],
    ]);
  });
});
