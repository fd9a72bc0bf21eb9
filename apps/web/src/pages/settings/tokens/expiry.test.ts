import { describe, expect, it } from "vitest";
import { dayIn, endOf } from "./expiry.ts";

describe("the end of a token", () => {
  it("is the end of a day", () => {
    expect(dayIn(90, Date.parse("2026-11-22T23:00:00Z"))).toBe("2027-02-20");
    expect(endOf("2027-02-20")).toBe("2027-02-20T23:59:59Z");
    expect(endOf("soon")).toBe("soon");
  });
});
