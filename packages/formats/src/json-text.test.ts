import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonText } from "./json-text.ts";

describe("jsonText", () => {
  it("escapes what a terminal obeys and says the same", () => {
    const value = { name: "a\u009b31m\u202eb\u001b\u2028\u007f" };
    const text = jsonText(value);
    expect(text).toMatch(/^[\n -~]+$/);
    expect(JSON.parse(text)).toEqual(value);
  });

  it("says the same for any value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
