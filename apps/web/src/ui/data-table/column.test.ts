import { describe, expect, it } from "vitest";
import { type Column, nextOrder, shownColumns } from "./column.ts";

const columns: readonly Column<string>[] = [
  { id: "name", title: "Name", width: "1em", cell: String },
  { id: "age", title: "Age", width: "1em", cell: String },
  { id: "digest", title: "Digest", width: "1em", isExtra: true, cell: String },
];

describe("columns", () => {
  it("shows all but the extra ones until some are chosen, and always the first", () => {
    expect(shownColumns(columns, undefined).map(({ id }) => id)).toEqual(["name", "age"]);
    expect(shownColumns(columns, ["digest"]).map(({ id }) => id)).toEqual(["name", "digest"]);
  });

  it("orders the worst first, then turns round", () => {
    expect(nextOrder(undefined, "risk")).toEqual({ by: "risk", direction: "desc" });
    expect(nextOrder({ by: "risk", direction: "desc" }, "risk")).toEqual({ by: "risk", direction: "asc" });
    expect(nextOrder({ by: "risk", direction: "asc" }, "name")).toEqual({ by: "name", direction: "desc" });
  });
});
