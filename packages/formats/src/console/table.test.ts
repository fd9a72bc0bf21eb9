import { describe, expect, it } from "vitest";
import { paintWith } from "./paint.ts";
import { table } from "./table.ts";

const paint = paintWith(false);
const columns = [
  { title: "NAME", min: 6 },
  { title: "N", align: "right" },
  { title: "NOTE", min: 6, overflow: "cut", drop: 1 },
] as const;
const rows = [[{ text: "libssl3" }, { text: "12" }, { text: "a long remark" }]];

describe("table", () => {
  it("takes only the width it needs", () => {
    expect(table(columns, rows, { columns: 80, indent: 2, paint })).toEqual([
      "  NAME      N  NOTE",
      "  libssl3  12  a long remark",
    ]);
  });

  it("shrinks and cuts, then wraps, then leaves out what can be left out", () => {
    expect(table(columns, rows, { columns: 24, indent: 0, paint })).toEqual([
      "NAME      N  NOTE",
      "libssl3  12  a long rem…",
    ]);
    expect(table(columns, rows, { columns: 18, indent: 0, paint })).toEqual([
      "NAME     N  NOTE",
      "libssl  12  a lon…",
      "3",
    ]);
    expect(table(columns, rows, { columns: 11, indent: 0, paint })).toEqual(["NAME      N", "libssl3  12"]);
  });

  it("keeps its least widths when nothing helps", () => {
    expect(table(columns, rows, { columns: 3, indent: 0, paint })).toEqual(["NAME     N", "libssl  12", "3"]);
  });
});
