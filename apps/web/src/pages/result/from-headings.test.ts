import { expect, it } from "vitest";
import { headingOf } from "./from-headings.ts";

it.each([
  ["no base is known", [[], []], ["", ""]],
  ["one base", [["debian:12"], ["debian:12"], []], ["FROM debian:12", "", "Built on top"]],
  [
    "a base on a base: each is named where it ends",
    [["debian:12", "python:3"], ["python:3"], ["python:3"], []],
    ["FROM debian:12", "FROM python:3", "", "Built on top"],
  ],
  ["a base of two names", [["debian:12", "debian:bookworm"]], ["FROM debian:12, debian:bookworm"]],
  ["nothing but bases, hostile ones", [["a\u202eb"]], ["FROM a‹U+202E›b"]],
])("%s", (_, bases, headings) => {
  const layers = bases.map((names) => ({ bases: names }));
  expect(layers.map((_layer, index) => headingOf(layers, index))).toEqual(headings);
});
