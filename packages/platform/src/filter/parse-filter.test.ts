import { PlimsollError } from "@plimsoll/kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFilter } from "./parse-filter.ts";

const is = (field: string, ...values: string[]) => ({ kind: "comparison", field, operator: "in", values });

describe("the filter language of result lists", () => {
  it.each([
    ["what Backstage sends", 'freeText in ("img")', is("freeText", "img")],
    ["what the fleet tool sends", 'asset.type="workload"', is("asset.type", "workload")],
    [
      "what runtime lists get",
      'kubernetes.cluster.name in ("a", "b") and kubernetes.namespace.name = "n"',
      { kind: "and", parts: [is("kubernetes.cluster.name", "a", "b"), is("kubernetes.namespace.name", "n")] },
    ],
    [
      "or, weaker than and",
      "a=1 or b=2 and c=3",
      { kind: "or", parts: [is("a", "1"), { kind: "and", parts: [is("b", "2"), is("c", "3")] }] },
    ],
    ["not equal", 'a != "x"', { kind: "comparison", field: "a", operator: "not-in", values: ["x"] }],
    ["not in", "a not in ('x','y')", { kind: "comparison", field: "a", operator: "not-in", values: ["x", "y"] }],
    ["contains", 'a contains "x"', { kind: "comparison", field: "a", operator: "contains", values: ["x"] }],
    ["a beginning", 'a startsWith "x"', { kind: "comparison", field: "a", operator: "starts-with", values: ["x"] }],
    [
      "at least",
      'a >= high and b="1"',
      {
        kind: "and",
        parts: [{ kind: "comparison", field: "a", operator: "at-least", values: ["high"] }, is("b", "1")],
      },
    ],
    ["quotes in a value", String.raw`a = "x \"y\" \\ and b"`, is("a", String.raw`x "y" \ and b`)],
    ["AND in any case", 'a="1" AND b="2"', { kind: "and", parts: [is("a", "1"), is("b", "2")] }],
    ["a word that is an operator elsewhere, quoted", 'a = "and"', is("a", "and")],
    ["nothing", "  ", null],
  ])("reads %s", (_, text, filter) => {
    expect(parseFilter(text)).toEqual(filter);
  });

  it.each([
    ["no operator", "a"],
    ["no value", "a ="],
    ["no field", '"a" = "b"'],
    ["an open list", 'a in ("b"'],
    ["an empty list", "a in ()"],
    ["a list without brackets", 'a in "b"'],
    ["an open quote", 'a = "b'],
    ["two filters side by side", 'a = "b" c = "d"'],
    ["a field that is SQL", "a;drop = 1"],
    ["too many comparisons", Array.from({ length: 101 }, () => "a=1").join(" and ")],
    ["too long a text", `a = "${"x".repeat(10_000)}"`],
  ])("refuses %s, and says why", (_, text) => {
    expect(() => parseFilter(text)).toThrow(expect.objectContaining({ code: "BAD_FILTER" }));
  });

  it("gives back any value that was quoted", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: "binary" }), (value) => {
        const quoted = value.replace(/["\\]/g, String.raw`\$&`);
        expect(parseFilter(`a = "${quoted}"`)).toEqual(is("a", value));
      }),
    );
  });

  it("answers any text with a filter or an error of its own", () => {
    const piece = fc.constantFrom("a", " ", '"x"', "=", "in", "(", ")", ",", "and", "or", "!", "\\", '"', "not");
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join(" ")),
        ),
        (text) => {
          try {
            parseFilter(text);
          } catch (error) {
            expect(error).toBeInstanceOf(PlimsollError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
