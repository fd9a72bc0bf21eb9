import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorMaker, messageOf, plainText } from "./error.ts";
import { kitErrors } from "./errors.ts";

describe("plainText", () => {
  it.each([
    ["plain", "plain"],
    ["two\nlines\tand a tab", "two lines and a tab"],
    ["\u001b[31mred", "\\u{1b}[31mred"],
    ["abc\u202edcb", "abc\\u{202e}dcb"],
    ["c1 \u009b2J", "c1 \\u{9b}2J"],
  ])("%j becomes %j", (text, safe) => expect(plainText(text)).toBe(safe));

  it("never lets a control or bidi character through, whatever comes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(plainText(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(plainText(text).isWellFormed()).toBe(true);
      }),
    );
  });

  it("cuts at the limit", () => expect(plainText("x".repeat(11), 10)).toBe(`${"x".repeat(10)}…`));
});

describe("errors", () => {
  it("fills message and next from fields, one line each, keeping the cause", () => {
    const cause = new Error("inner");
    const make = errorMaker({ SAMPLE: { message: "no {what}", next: "bring {what}", exit: 2, status: 400 } });
    const error = make("SAMPLE", { fields: { what: "tea\n\u001b[0m" }, cause });
    expect(error).toMatchObject({
      code: "SAMPLE",
      message: "no tea \\u{1b}[0m",
      next: "bring tea \\u{1b}[0m",
      exit: 2,
      cause,
    });
  });

  it("every row says what to do next in one line", () => {
    for (const row of Object.values(kitErrors)) expect(`${row.message}|${row.next}`).toMatch(/^[^\n]+\|[^\n]{10,}$/);
  });

  it("shows anything thrown as one line", () => expect(messageOf("a\nb")).toBe("a b"));
});
