import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dateFromNumber, numberFromDate } from "./date-number.ts";

describe("dates as numbers", () => {
  it.each([
    ["2024-02-29", "2024-02-29"],
    ["2024-02-29T12:34:56Z", "2024-02-29T12:34:56Z"],
    ["2024-02-29T12:34:56.789Z", "2024-02-29T12:34:56Z"],
    ["2024-02-29T12:34:56+02:00", "2024-02-29T10:34:56Z"],
    ["1999-12-30", "1999-12-30"],
  ])("%s", (text, back) => {
    const value = numberFromDate(text);
    expect(value === null ? null : dateFromNumber(value)).toBe(back);
  });

  it.each([undefined, "", "soon", "0000-00-00", "1960-01-01", "1970-01-01T00:00:01Z"])("%s is no date", (text) => {
    expect(numberFromDate(text)).toBeNull();
  });

  it("gives every day and second back", () => {
    const time = fc.date({ min: new Date("1980-01-01"), max: new Date("2200-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(time, (date) => {
        const day = date.toISOString().slice(0, 10);
        expect(dateFromNumber(numberFromDate(day) ?? -1)).toBe(day);
        const second = `${date.toISOString().slice(0, 19)}Z`;
        expect(dateFromNumber(numberFromDate(second) ?? -1)).toBe(second);
      }),
    );
  });
});
