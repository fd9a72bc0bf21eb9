import { expect, it } from "vitest";
import { checkedDates } from "./checked-dates.ts";

it("tells when each copy in use was last known to be current", () => {
  const document = { url: "https://example.com/x", status: "unchanged" } as const;
  const documents = [
    { ...document, file: "3.18-main.json", checkedAt: "2025-01-01T00:00:00Z" },
    { ...document, file: "none.json", status: "unavailable" as const },
  ];
  const report = {
    feeds: [{ feed: "alpine-secdb", status: "unavailable" as const, documents }],
    uncovered: [],
    problems: [],
  };
  expect([...checkedDates(report)]).toEqual([["alpine-secdb/3.18-main.json", "2025-01-01T00:00:00Z"]]);
});
