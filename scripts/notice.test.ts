import { describe, expect, it } from "vitest";
import { noticeText } from "./notice.ts";

const starter = [{ id: "kev", title: "CISA KEV", date: "2025-11-14" }];

describe("noticeText", () => {
  it("names feed, date and terms", () => {
    expect(noticeText(starter, new Map([["kev", "CC0-1.0"]]))).toContain("\n  2025-11-14  CISA KEV: CC0-1.0\n");
  });

  it("refuses a feed whose terms do not allow its facts to be shipped", () => {
    expect(() => noticeText(starter, new Map())).toThrow(/kev/);
  });
});
