import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut, displayWidth, pad, wrap } from "./display-width.ts";

describe("displayWidth", () => {
  it.each([
    ["abc", 3],
    ["", 0],
    ["é", 1],
    ["e\u0301", 1],
    ["名前", 4],
    ["한국", 4],
    ["👩‍👩‍👧", 2],
    ["⚓️", 2],
    ["ＡＢ", 4],
    ["a\u200bb", 2],
  ])("counts the cells of %j as %d", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe("cut and pad", () => {
  it("cuts with an ellipsis inside the width, never through a wide character", () => {
    expect(cut("abcdef", 4)).toBe("abc…");
    expect(cut("abcd", 4)).toBe("abcd");
    expect(cut("名前名前", 6)).toBe("名前…");
    expect(cut("abc", 0)).toBe("…");
  });

  it("pads by cells", () => {
    expect(pad("名", 4)).toBe("名  ");
    expect(pad("7", 3, "right")).toBe("  7");
    expect(pad("long", 2)).toBe("long");
  });
});

describe("wrap", () => {
  it.each([
    ["one two three", 7, ["one two", "three"]],
    ["/usr/local/lib/python3.11/site-packages", 16, ["/usr/local/lib/", "python3.11/site-", "packages"]],
    ["abcdefghij", 4, ["abcd", "efgh", "ij"]],
    ["", 5, [""]],
    ["名前名前", 5, ["名前", "名前"]],
  ])("breaks %j at %d", (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  it("loses nothing but spaces and keeps every line within the width", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 2, max: 30 }), (text, width) => {
        const lines = wrap(text, width);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("takes linear time for long hostile names", () => {
    const started = performance.now();
    wrap("-".repeat(20_000), 20);
    wrap("名".repeat(20_000), 20);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
