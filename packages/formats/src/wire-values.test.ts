import { describe, expect, it } from "vitest";
import { dayOf, goDuration, instantOf } from "./wire-values.ts";

describe("goDuration", () => {
  it.each([
    [0, "0s"],
    [-5, "0s"],
    [350, "350ms"],
    [1000, "1s"],
    [1500, "1.5s"],
    [10_413, "10.413s"],
    [60_000, "1m0s"],
    [65_200, "1m5.2s"],
    [3_600_000, "1h0m0s"],
    [59_999.9, "1m0s"],
  ])("prints %d ms as %s", (ms, text) => {
    expect(goDuration(ms)).toBe(text);
  });
});

describe("instantOf", () => {
  it.each([
    ["2024-01-02", "2024-01-02T00:00:00Z"],
    ["2024-01-02T03:04:05.123456789Z", "2024-01-02T03:04:05.123456789Z"],
    ["2024-01-02T03:04:05+02:00", "2024-01-02T01:04:05.000Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
    ["2024-02-31", null],
    ["2024-13-01T00:00:00Z", null],
    ["yesterday", null],
    ["", null],
  ])("reads %j as %j", (text, instant) => {
    expect(instantOf(text)).toBe(instant);
  });

  it("gives the day in UTC", () => {
    expect(dayOf("2024-01-01T23:30:00-02:00")).toBe("2024-01-02");
  });
});
