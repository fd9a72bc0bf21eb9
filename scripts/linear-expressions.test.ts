import { join } from "node:path";
import { expect, it } from "vitest";
import { costOf, expressionsOf } from "./linear-expressions.ts";

const root = join(import.meta.dirname, "..");

it.each([
  ["slashes at the end", String.raw`\/+$`, "2nd degree polynomial"],
  ["a name before a number", String.raw`([^/]+)-(\d[^/-]*)(?:-([^/]+))?\.gemspec$`, "3rd degree polynomial"],
  ["parts of a path", String.raw`^\/(?:[\w.~-]+\/?)*$`, "exponential"],
])("tells of a costly expression: %s", async (_, pattern, cost) => {
  expect(await costOf({ pattern, flags: "" })).toContain(cost);
});

it.each([String.raw`(?<!\/)\/+$`, "^[a-z]{1,9}$"])(
  "has nothing to say of one that takes its time: %s",
  async (pattern) => {
    expect(await costOf({ pattern, flags: "" })).toBeNull();
  },
);

it("finds no expression in the sources that takes more than linear time", { timeout: 300_000 }, async () => {
  const all = expressionsOf(root);
  expect(all.length).toBeGreaterThan(500);
  const costly: string[] = [];
  for (const expression of all) {
    const cost = await costOf(expression);
    if (cost !== null) costly.push(`/${expression.pattern}/${expression.flags} in ${expression.files}: ${cost}`);
  }
  expect(costly).toEqual([]);
});
