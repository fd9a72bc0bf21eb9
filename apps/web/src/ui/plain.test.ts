import { describe, expect, it } from "vitest";
import { plain, shortened } from "./plain.ts";

describe("plain", () => {
  it.each([
    ["registry/app:1.2", "registry/app:1.2"],
    ["a\u202Etxt.exe", "a‹U+202E›txt.exe"],
    ["\u001b[31mred", "‹U+001B›[31mred"],
    ["zero\u200bwidth", "zero‹U+200B›width"],
    ["名前", "名前"],
    ["\u{e0041}tag", "‹U+E0041›tag"],
  ])("%j is shown as %j", (text, shown) => {
    expect(plain(text)).toBe(shown);
  });
});

describe("shortened", () => {
  it("keeps both ends", () => {
    expect(shortened("sha256:0123456789abcdef", 11)).toBe("sha25…bcdef");
    expect(shortened("x".repeat(10_000), 40)).toHaveLength(40);
    expect(shortened("short", 40)).toBe("short");
  });
});
