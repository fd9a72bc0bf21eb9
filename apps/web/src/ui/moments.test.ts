import { describe, expect, it } from "vitest";
import { absolute, relative } from "./moments.ts";

const now = Date.parse("2026-11-22T12:00:00Z");

describe("relative", () => {
  it.each([
    ["2026-11-22T12:00:00Z", "now"],
    ["2026-11-22T11:59:30Z", "30 seconds ago"],
    ["2026-11-22T11:57:00Z", "3 minutes ago"],
    ["2026-11-22T09:59:00Z", "2 hours ago"],
    ["2026-11-21T11:00:00Z", "yesterday"],
    ["2026-11-25T12:00:00Z", "in 3 days"],
    ["2024-11-22T12:00:00Z", "2 years ago"],
  ])("%s is %s", (text, told) => {
    expect(relative(Date.parse(text), now)).toBe(told);
  });

  it("says unknown of what is no moment", () => {
    expect(relative(Number.NaN, now)).toBe("unknown");
    expect(absolute(Number.NaN)).toBe("unknown");
  });
});
