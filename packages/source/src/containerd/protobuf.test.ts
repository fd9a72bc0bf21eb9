import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messagesField, numberField, readFields, textField, writeTexts } from "./protobuf.ts";

const bytes = (...parts: (number | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === "number" ? Buffer.from([part]) : Buffer.from(part))));

describe("readFields", () => {
  it("reads texts, numbers and messages, and passes over the rest", () => {
    const inner = bytes(0x12, 2, "hi", 0x18, 0xac, 0x02);
    const message = bytes(0x0a, 1, "a", 0x0a, 1, "b", 0x21, "12345678", 0x2d, "1234");
    const fields = readFields(Buffer.concat([message, bytes(0x1a, inner.length), inner]));
    expect([textField(fields, 1), textField(fields, 9), numberField(fields, 9)]).toEqual(["b", "", 0]);
    const [nested] = messagesField(fields, 3);
    if (nested === undefined) throw new Error("no message");
    expect([textField(nested, 2), numberField(nested, 3)]).toEqual(["hi", 300]);
  });

  it("reads what it writes, as others read it", () => {
    expect(writeTexts([1, "a"], [2, "é"]).toString("hex")).toBe("0a0161" + "1202c3a9");
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 2 ** 20 }), fc.string()), { maxLength: 5 }), (pairs) => {
        const fields = readFields(writeTexts(...pairs));
        for (const [number, text] of new Map(pairs)) expect(textField(fields, number)).toBe(text.toWellFormed());
      }),
    );
  });

  it.each([
    ["a length beyond the end", bytes(0x0a, 5, "abc")],
    ["an unfinished number", bytes(0x08, 0x80)],
    ["a number without an end", Buffer.alloc(100, 0xff)],
    ["a group", bytes(0x0b)],
    ["an unfinished fixed number", bytes(0x09, 1)],
  ])("%s is damage", (_, message) => {
    expect(() => readFields(message)).toThrow(RangeError);
  });

  it("ends on any bytes, with fields or a RangeError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
        try {
          readFields(Buffer.from(input));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
