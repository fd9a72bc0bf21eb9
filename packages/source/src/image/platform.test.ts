import { describe, expect, it } from "vitest";
import { fitOf, formatPlatform, parsePlatform, platformOf } from "./platform.ts";

describe("parsePlatform", () => {
  it.each([
    ["linux/amd64", "linux/amd64"],
    ["amd64", "linux/amd64"],
    ["x86_64", "linux/amd64"],
    ["linux/aarch64", "linux/arm64"],
    ["linux/arm64/v8", "linux/arm64"],
    ["linux/arm/v7", "linux/arm/v7"],
    ["armhf", "linux/arm/v7"],
    ["Windows/amd64", "windows/amd64"],
  ])("reads %s", (text, expected) => {
    expect(formatPlatform(parsePlatform(text))).toBe(expected);
  });

  it.each(["", "linux/", "/amd64", "a/b/c/d", "linux amd64", "linux/amd64\n", "x".repeat(40)])("refuses %j", (text) => {
    expect(() => parsePlatform(text)).toThrow(expect.objectContaining({ code: "INVALID_PLATFORM", exit: 2 }));
  });

  it("tells exact from near and wrong", () => {
    const arm7 = platformOf("linux", "arm", "v7");
    expect([
      fitOf(arm7, arm7),
      fitOf(arm7, platformOf("linux", "arm", "v6")),
      fitOf(arm7, platformOf("linux", "arm64")),
    ]).toEqual([2, 1, 0]);
  });
});
